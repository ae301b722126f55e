package io.pgring.demo;

import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Real PostgreSQL servers on free ports of 127.0.0.1, named {@code shard-0}, {@code shard-1}, ... Their encoding is UTF8, their
 * locale C.UTF-8, their only role {@code postgres}, who needs no password. None outlives this program.
 *
 * <p>Safe for many threads; {@link #close} also while {@link #start()} still works on it.
 */
public final class EmbeddedShards implements AutoCloseable {
    /** Name of the database of every server. */
    public static final String DATABASE = "postgres";

    private static final String HOST = "127.0.0.1";
    private static final int SOCKET_PATH_LENGTH_MAX = 103;

    private final EmbeddedShardsBuilder plan;
    private final List<PostgresServer> servers = new ArrayList<>();
    private @Nullable DataFolder folder;
    private @Nullable Watchdog watchdog;
    private boolean started;
    private boolean closed;

    EmbeddedShards(EmbeddedShardsBuilder plan) {
        this.plan = plan;
    }

    /** How many servers, where, and with which settings. */
    public static EmbeddedShardsBuilder builder() {
        return new EmbeddedShardsBuilder();
    }

    /** Temporary servers with default settings, running. */
    public static EmbeddedShards temporary(int count) throws StartupException {
        return builder().count(count).start();
    }

    /** Starts all servers at once, and waits for all. To be called once; when it fails, nothing is left. */
    public void start() throws StartupException {
        try {
            prepare();
            inParallel(PostgresServer::start);
        } catch (StartupException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private synchronized void prepare() throws StartupException {
        if (closed) {
            throw new StartupException("the servers are being stopped", null);
        }
        if (started) {
            throw new StartupException("the servers were started already", null);
        }
        started = true;
        DataFolder opened = openFolder();
        for (int i = 0; i < plan.count(); i++) {
            servers.add(newServer(opened));
        }
        watch(opened);
    }

    private PostgresServer newServer(DataFolder opened) throws StartupException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", HOST);
        settings.put(
                "unix_socket_directories",
                hasUnixDomainSockets(opened) ? opened.path().toString() : "");
        settings.put("unix_socket_permissions", "0700");
        settings.putAll(plan.settings());
        String name = nameOf(servers.size());
        return new PostgresServer(plan.binaries(), opened.resolve(name), opened.resolve(name + ".log"), settings);
    }

    private static String nameOf(int shard) {
        return "shard-" + shard;
    }

    /** Those that there are now are watched; there is no moment at which none are. */
    private void watch(DataFolder opened) throws StartupException {
        Watchdog before = watchdog;
        List<Path> data = servers.stream().map(PostgresServer::data).toList();
        watchdog = Watchdog.start(plan.binaries(), plan.isTemporary() ? opened.path() : null, data);
        if (before != null) {
            before.close();
        }
    }

    /** Starts one more server, which holds nothing yet. @return how to reach it over TCP */
    public ShardConfiguration add() throws StartupException {
        PostgresServer server;
        int shard;
        synchronized (this) {
            if (closed || servers.isEmpty()) {
                throw new StartupException("the servers are being stopped", null);
            }
            DataFolder opened = opened();
            shard = servers.size();
            EmbeddedShardsBuilder.checkCount(shard + 1);
            server = newServer(opened);
            servers.add(server);
            watch(opened);
        }
        try {
            server.start();
        } catch (StartupException | RuntimeException e) {
            synchronized (this) {
                servers.remove(server);
            }
            throw e;
        }
        return shard(HOST, shard);
    }

    private DataFolder openFolder() throws StartupException {
        Path kept = plan.folder();
        try {
            DataFolder opened = new DataFolder(kept != null ? kept : Files.createTempDirectory("pgring-"));
            opened.lock();
            folder = opened;
            if (plan.isFresh()) {
                opened.clear();
            }
            int present = opened.servers();
            if (present != 0 && present != plan.count()) {
                throw new StartupException(
                        opened.path() + " holds the data of " + present + " shards, not " + plan.count(),
                        "Ask for " + present + " shards, start over with --fresh, or choose another folder.");
            }
            return opened;
        } catch (IOException e) {
            throw new StartupException("can't make a temporary folder: " + e, null, e);
        }
    }

    /** How to reach each shard over TCP, in order. */
    public List<ShardConfiguration> shards() {
        return shards(HOST);
    }

    /** How to reach each shard over its Unix-domain socket, in order; fails when the folder's name is too long for that. */
    public List<ShardConfiguration> shardsOverUnixDomainSockets() {
        DataFolder opened = opened();
        if (!hasUnixDomainSockets(opened)) {
            throw new IllegalStateException("the path is too long for Unix-domain sockets: " + opened.path());
        }
        return shards(opened.path().toString());
    }

    private List<ShardConfiguration> shards(String host) {
        return IntStream.range(0, count()).mapToObj(shard -> shard(host, shard)).toList();
    }

    private ShardConfiguration shard(String host, int shard) {
        return new ShardConfiguration(
                nameOf(shard),
                host,
                server(shard).port(),
                DATABASE,
                PostgresServer.SUPERUSER,
                null,
                ShardTls.of(TlsMode.PREFER),
                1);
    }

    private synchronized int count() {
        return servers.size();
    }

    /** JDBC URL of a shard, without the proxy. */
    public String jdbcUrl(int shard) {
        return "jdbc:postgresql://" + HOST + ":" + server(shard).port() + "/" + DATABASE + "?user="
                + PostgresServer.SUPERUSER;
    }

    /** A new connection to a shard, without the proxy. */
    public Connection connect(int shard) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(shard));
    }

    /** Runs SQL on one shard, without the proxy. */
    public void execute(int shard, String sql) throws SQLException {
        try (Connection connection = connect(shard);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs SQL on every shard, without the proxy. */
    public void executeEverywhere(String sql) throws SQLException {
        for (int i = 0; i < count(); i++) {
            execute(i, sql);
        }
    }

    /** Stops one server, whose connections break. */
    public void stop(int shard) throws StartupException {
        server(shard).stop();
    }

    /** Starts one server again, on the same port, with the same data. */
    public void start(int shard) throws StartupException {
        server(shard).start();
    }

    /** Data folder of one server, with its {@code pg_hba.conf}. */
    public Path dataFolder(int shard) {
        return server(shard).data();
    }

    /** The folder that holds everything. */
    public Path folder() {
        return opened().path();
    }

    /** Stops all servers, and deletes temporary ones. */
    @Override
    public void close() throws StartupException {
        DataFolder opened;
        synchronized (this) {
            closed = true;
            opened = folder;
        }
        if (opened == null) {
            return;
        }
        try {
            inParallel(PostgresServer::close);
            if (plan.isTemporary()) {
                Folders.delete(opened.path());
            }
        } catch (IOException e) {
            throw new StartupException("can't delete " + opened.path() + ": " + e, null, e);
        } finally {
            release(opened);
        }
    }

    private synchronized void release(DataFolder opened) {
        folder = null;
        opened.close();
        if (watchdog != null) {
            watchdog.close();
        }
    }

    private synchronized PostgresServer server(int shard) {
        return servers.get(shard);
    }

    private synchronized DataFolder opened() {
        DataFolder opened = folder;
        if (opened == null) {
            throw new IllegalStateException("the servers do not run");
        }
        return opened;
    }

    private static boolean hasUnixDomainSockets(DataFolder opened) {
        return opened.resolve(".s.PGSQL.00000").toString().length() <= SOCKET_PATH_LENGTH_MAX;
    }

    private void inParallel(Step step) throws StartupException {
        List<PostgresServer> all;
        synchronized (this) {
            all = List.copyOf(servers);
        }
        if (all.isEmpty()) {
            return;
        }
        List<Callable<Void>> steps = new ArrayList<>();
        for (PostgresServer server : all) {
            steps.add(() -> {
                step.run(server);
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        try {
            for (Future<Void> one : threads.invokeAll(steps)) {
                one.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StartupException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("the start of the servers was interrupted", null, e);
        } finally {
            threads.shutdown();
        }
    }

    /** What is done to every server. */
    private interface Step {
        void run(PostgresServer server) throws StartupException;
    }
}

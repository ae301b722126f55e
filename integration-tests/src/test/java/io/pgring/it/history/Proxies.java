package io.pgring.it.history;

import io.pgring.it.faults.ProxyProcess;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationException;
import io.pgring.proxy.config.ConfigurationLoader;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.reshard.MovePoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Proxies on one catalog, each a process, whose movers stop where they are told to. */
final class Proxies implements AutoCloseable {
    private final Servers servers;
    private final Path folder;
    private final List<Proxy> running = new CopyOnWriteArrayList<>();
    private int holds;

    /**
     * A proxy.
     *
     * @param id by which other proxies know it
     */
    private record Proxy(ProxyProcess process, UUID id) {}

    /** @param folder for their configurations */
    static Proxies start(Servers servers, Path folder, int count) throws Exception {
        Proxies proxies = new Proxies(servers, folder);
        try {
            for (int i = 0; i < count; i++) {
                proxies.running.add(proxies.startOne(i));
            }
            return proxies;
        } catch (Exception | Error e) {
            proxies.close();
            throw e;
        }
    }

    private Proxies(Servers servers, Path folder) {
        this.servers = servers;
        this.folder = folder;
    }

    private Proxy startOne(int number) throws Exception {
        Path own = Files.createDirectories(folder.resolve("proxy-" + number));
        Set<String> before = new HashSet<>(ids());
        ProxyProcess process = ProxyProcess.obedient(own, first(), HeldProxy.class);
        List<String> after = new ArrayList<>(ids());
        after.removeAll(before);
        if (after.size() != 1) {
            process.close();
            throw new AssertionError("proxies are not started one at a time: " + after);
        }
        return new Proxy(process, UUID.fromString(after.get(0)));
    }

    /** The others are added later. */
    private List<ShardConfiguration> first() {
        return servers.shards().subList(0, servers.shards().size() - 1);
    }

    /** What all of them have been told. */
    Configuration configuration() throws ConfigurationException {
        return ConfigurationLoader.load(folder.resolve("proxy-0").resolve("pgring.yaml"));
    }

    private List<String> ids() throws SQLException {
        if (servers.value(0, "SELECT pg_catalog.to_regclass('pgring.proxies') IS NULL")
                .equals("t")) {
            return List.of();
        }
        try (Connection home = servers.connect(0)) {
            return List.copyOf(Sql.column(home, "SELECT id::text FROM pgring.proxies"));
        }
    }

    /** Port of the PostgreSQL protocol. */
    int port(int proxy) {
        return running.get(proxy).process.port();
    }

    /** How many there are. */
    int count() {
        return running.size();
    }

    /** JDBC URL. */
    String url(int proxy) {
        return "jdbc:postgresql://127.0.0.1:" + port(proxy) + "/postgres?user=postgres";
    }

    /** What a proxy has complained about. */
    String log(int proxy) {
        return running.get(proxy).process.log();
    }

    /** The next mover that comes to this point stops there. */
    void hold(MovePoint point) throws IOException {
        holds++;
        for (Proxy proxy : running) {
            proxy.process.type("hold " + point + " " + holds + "\n");
        }
    }

    /**
     * A mover that has stopped, as {@link #hold} wanted it.
     *
     * @param proxy whose it is
     * @param source index of the server that gives rows
     * @param target index of the server that gets them
     */
    record Held(int proxy, int source, int target) {}

    /** The mover that has stopped; null if none has. */
    @Nullable
    Held held() {
        Pattern said = Pattern.compile(Pattern.quote(HeldProxy.held(holds)) + "\\d+ shard-(\\d+) shard-(\\d+)\n");
        for (int i = 0; i < running.size(); i++) {
            Matcher found = said.matcher(running.get(i).process.output());
            if (found.find()) {
                return new Held(i, Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)));
            }
        }
        return null;
    }

    /** Movers go on, and stop nowhere. */
    void release() throws IOException {
        for (Proxy proxy : running) {
            proxy.process.type("go\n");
        }
    }

    /** SIGSTOP. */
    void freeze(int proxy) throws Exception {
        running.get(proxy).process.signal("STOP");
    }

    /** SIGCONT. */
    void thaw(int proxy) throws Exception {
        running.get(proxy).process.signal("CONT");
    }

    /** SIGKILL, and another in its place. */
    void replace(int proxy) throws Exception {
        running.get(proxy).process.close();
        running.set(proxy, startOne(proxy));
    }

    /** Lets others see a frozen proxy as if it had been so for long. */
    void age(int proxy) throws SQLException {
        servers.execute(
                0,
                "UPDATE pgring.proxies SET heartbeat = heartbeat - interval '1 minute' WHERE id = '"
                        + running.get(proxy).id + "'");
    }

    @Override
    public void close() {
        running.forEach(proxy -> proxy.process.close());
    }
}

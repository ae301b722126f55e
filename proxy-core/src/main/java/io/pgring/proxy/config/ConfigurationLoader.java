package io.pgring.proxy.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads {@code pgring.yaml}. What is left out has the value of the record's {@code DEFAULT}; unknown keys are errors. */
public final class ConfigurationLoader {
    private static final int FILE_BYTES_MAX = 16 << 20;
    private static final String DEFAULT_USER = "postgres";

    private final Map<String, String> environment;

    private ConfigurationLoader(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Reads the file, and the passwords that it says are elsewhere. */
    public static Configuration load(Path file) throws ConfigurationException {
        return parse(file, read(file), System.getenv());
    }

    /**
     * Reads configuration text.
     *
     * @param file for messages, and the folder that relative paths start from
     * @param environment for {@code passwordEnv}
     */
    public static Configuration parse(Path file, String yaml, Map<String, String> environment)
            throws ConfigurationException {
        Section root = Section.root(file, YamlReader.read(file, yaml));
        return new ConfigurationLoader(environment).configuration(root);
    }

    private Configuration configuration(Section root) throws ConfigurationException {
        Listen listen = listen(root.section("listen"));
        String database = root.text("database", Configuration.DEFAULT_DATABASE);
        Clients clients = ClientsLoader.load(root.section("clients"));
        List<ShardConfiguration> shards = new ArrayList<>();
        for (Section section : root.sections("shards")) {
            shards.add(shard(section, database));
        }
        List<TableConfiguration> tables = new ArrayList<>();
        for (Section section : root.sections("tables")) {
            tables.add(table(section));
        }
        RingConfiguration ring = ring(root.section("ring"));
        Section pools = root.section("pool");
        PoolModes modes = modes(pools);
        PoolConfiguration pool = pool(pools);
        Limits limits = limits(root.section("limits"));
        MovesConfiguration moves = moves(root.section("moves"));
        int threads = root.integer("threads", 0);
        return root.finish(() -> new Configuration(
                listen, database, clients, shards, tables, ring, pool, modes, limits, moves, threads));
    }

    private static MovesConfiguration moves(Section section) throws ConfigurationException {
        MovesConfiguration otherwise = MovesConfiguration.DEFAULT;
        int rowsPerSecond = section.integer("rowsPerSecondMax", otherwise.rowsPerSecondMax());
        long pause = section.number("pauseMillisMax", otherwise.pauseMillisMax());
        return section.finish(() -> new MovesConfiguration(rowsPerSecond, pause));
    }

    private static Listen listen(Section section) throws ConfigurationException {
        Endpoint postgresql = section.endpoint("postgresql", Listen.DEFAULT.postgresql());
        Endpoint http = section.endpoint("http", Listen.DEFAULT.http());
        boolean reusePort = section.flag("reusePort", Listen.DEFAULT.reusePort());
        ListenTls tls = TlsSections.listen(section.section("tls"));
        return section.finish(() -> new Listen(postgresql, http, reusePort, tls));
    }

    private ShardConfiguration shard(Section section, String clientDatabase) throws ConfigurationException {
        String name = section.requiredText("name");
        String host = section.requiredText("host");
        int port = section.integer("port", ShardConfiguration.DEFAULT_PORT);
        String database = section.text("database", clientDatabase);
        String user = section.text("user", DEFAULT_USER);
        String password = password(section);
        ShardTls tls = TlsSections.shard(section);
        int weight = section.integer("weight", 1);
        return section.finish(() -> new ShardConfiguration(name, host, port, database, user, password, tls, weight));
    }

    private @Nullable String password(Section section) throws ConfigurationException {
        String password = section.text("password");
        String variable = section.text("passwordEnv");
        Path passwordFile = section.path("passwordFile");
        if ((password != null ? 1 : 0) + (variable != null ? 1 : 0) + (passwordFile != null ? 1 : 0) > 1) {
            throw section.problem("", "only one of password, passwordEnv and passwordFile can be given", null);
        }
        if (variable != null) {
            String value = environment.get(variable);
            if (value == null) {
                throw section.problem("passwordEnv", "the environment variable " + variable + " is not set", null);
            }
            return value;
        }
        if (passwordFile != null) {
            try {
                return Files.readString(passwordFile).replaceFirst("\\R\\z", "");
            } catch (IOException e) {
                throw section.problem("passwordFile", "can't read " + passwordFile + ": " + reason(e), null);
            }
        }
        return password;
    }

    private static TableConfiguration table(Section section) throws ConfigurationException {
        String name = section.requiredText("name");
        if (section.flag("reference", false)) {
            if (section.has("keyColumn")) {
                throw section.problem("keyColumn", "a reference table has none", null);
            }
            return section.finish(() -> TableConfiguration.parseReference(name));
        }
        String keyColumn = section.requiredText("keyColumn");
        return section.finish(() -> TableConfiguration.parse(name, keyColumn));
    }

    private static RingConfiguration ring(Section section) throws ConfigurationException {
        int points = section.integer("pointsPerWeight", RingConfiguration.DEFAULT.pointsPerWeight());
        return section.finish(() -> new RingConfiguration(points));
    }

    private static PoolConfiguration pool(Section section) throws ConfigurationException {
        PoolConfiguration otherwise = PoolConfiguration.DEFAULT;
        int connections = section.integer("connectionsPerShardMax", otherwise.connectionsPerShardMax());
        int queueLength = section.integer("queueLengthMax", otherwise.queueLengthMax());
        long queueWait = section.number("queueWaitMillisMax", otherwise.queueWaitMillisMax());
        long connect = section.number("connectMillisMax", otherwise.connectMillisMax());
        long idle = section.number("idleMillisMax", otherwise.idleMillisMax());
        long lifetime = section.number("lifetimeMillisMax", otherwise.lifetimeMillisMax());
        long healthCheck = section.number("healthCheckMillis", otherwise.healthCheckMillis());
        int statements = section.integer("preparedStatementsMax", otherwise.preparedStatementsMax());
        return section.finish(() -> new PoolConfiguration(
                connections, queueLength, queueWait, connect, idle, lifetime, healthCheck, statements));
    }

    /** A part of the section of the pools, which is to be finished afterwards. */
    private static PoolModes modes(Section pool) throws ConfigurationException {
        PoolMode mode = pool.choice("mode", PoolModes.DEFAULT.mode(), PoolMode.values(), PoolMode::word);
        return new PoolModes(mode, pool.choices("users", PoolMode.values(), PoolMode::word));
    }

    private static Limits limits(Section section) throws ConfigurationException {
        Limits otherwise = Limits.DEFAULT;
        int clients = section.integer("clientsMax", otherwise.clientsMax());
        int perUser = section.integer("clientsPerUserMax", otherwise.clientsPerUserMax());
        int message = section.integer("messageBytesMax", otherwise.messageBytesMax());
        long login = section.number("loginMillisMax", otherwise.loginMillisMax());
        int httpBody = section.integer("httpBodyBytesMax", otherwise.httpBodyBytesMax());
        int planCache = section.integer("planCacheEntriesMax", otherwise.planCacheEntriesMax());
        int statements = section.integer("statementsPerClientMax", otherwise.statementsPerClientMax());
        int notifications = section.integer("notificationBytesMax", otherwise.notificationBytesMax());
        Supplier<Timeouts> timeouts = timeouts(section);
        return section.finish(() -> new Limits(
                clients, perUser, message, login, httpBody, planCache, statements, notifications, timeouts.get()));
    }

    private static Supplier<Timeouts> timeouts(Section section) throws ConfigurationException {
        Timeouts otherwise = Timeouts.DEFAULT;
        long idle = section.number("clientIdleMillisMax", otherwise.clientIdleMillisMax());
        long inTransaction = section.number("idleInTransactionMillisMax", otherwise.idleInTransactionMillisMax());
        long transaction = section.number("transactionMillisMax", otherwise.transactionMillisMax());
        long query = section.number("queryMillisMax", otherwise.queryMillisMax());
        long write = section.number("clientWriteMillisMax", otherwise.clientWriteMillisMax());
        long unreachable = section.number("unreachableMillisMax", otherwise.unreachableMillisMax());
        long cancel = section.number("cancelMillisMax", otherwise.cancelMillisMax());
        long drain = section.number("drainMillisMax", otherwise.drainMillisMax());
        return () -> new Timeouts(idle, inTransaction, transaction, query, write, unreachable, cancel, drain);
    }

    /** The text of a file that the user named. */
    static String read(Path file) throws ConfigurationException {
        try {
            if (Files.isDirectory(file)) {
                throw new ConfigurationException(file, Position.NONE, "", "is a folder, not a file", null);
            }
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new ConfigurationException(file, Position.NONE, "", "is larger than 16 MiB", null);
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(file, Position.NONE, "", "there is no such file", null);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file, Position.NONE, "", "is not UTF-8 text", null);
        } catch (IOException e) {
            throw new ConfigurationException(file, Position.NONE, "", "can't be read: " + reason(e), null);
        }
    }

    /** What a failure of the file system means to the user, in a few words. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return String.valueOf(e.getMessage());
    }
}

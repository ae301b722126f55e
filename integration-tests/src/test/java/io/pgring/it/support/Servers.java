package io.pgring.it.support;

import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.ShardConfiguration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Running PostgreSQL servers, without a proxy. */
public interface Servers extends AutoCloseable {

    /** How to reach each server, in order. */
    List<ShardConfiguration> shards();

    /** Stops one server, whose connections break. */
    void stop(int shard) throws Exception;

    /** SIGKILL of all processes of one server: it recovers when it is started again. */
    void crash(int shard) throws Exception;

    /** SIGSTOP of all processes of one server. */
    void freeze(int shard) throws Exception;

    /** They go on. */
    void thaw(int shard) throws Exception;

    /** Starts one server again, on the same port, with the same data. */
    void start(int shard) throws Exception;

    /** Stops and deletes all of them. */
    @Override
    void close() throws StartupException;

    /** The servers that the system property {@code pgring.it.servers} asks for: {@code embedded} (also without it) or {@code containers}. */
    static Servers running(int count) throws Exception {
        return running(count, Map.of());
    }

    /** As {@link #running(int)}, with more settings, or others than the usual ones. */
    static Servers running(int count, Map<String, String> settings) throws Exception {
        String kind = System.getProperty("pgring.it.servers", "embedded");
        return switch (kind) {
            case "embedded" -> EmbeddedServers.running(count, settings);
            case "containers" -> ContainerServers.running(count, settings);
            default -> throw new IllegalArgumentException("pgring.it.servers must not be " + kind);
        };
    }

    /** JDBC URL of a server. */
    default String jdbcUrl(int shard) {
        ShardConfiguration server = shards().get(shard);
        String url = "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database() + "?user="
                + server.user();
        return server.password() == null ? url : url + "&password=" + server.password();
    }

    /** A new connection to a server. */
    default Connection connect(int shard) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(shard));
    }

    /** Runs SQL on one server. */
    default void execute(int shard, String sql) throws SQLException {
        try (Connection connection = connect(shard);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs SQL on every server. */
    default void executeEverywhere(String sql) throws SQLException {
        for (int shard = 0; shard < shards().size(); shard++) {
            execute(shard, sql);
        }
    }

    /** First column of the first row, as text; fails when there is no row. */
    default String value(int shard, String sql) throws SQLException {
        try (Connection connection = connect(shard)) {
            return Sql.value(connection, sql);
        }
    }
}

package io.pgring.proxy.topology;

import io.pgring.proxy.config.ChannelBindingMode;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.config.TlsNegotiation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of {@code pgring.shards}. Changes are parts of the caller's transaction, which ends with {@link TopologyCatalog#publish}. */
public final class ShardRows {
    private static final String SELECT = """
            SELECT name, position, host, port, database, "user", password, tls_mode, tls_root_certificate,
                   tls_certificate, tls_key, tls_negotiation, channel_binding, weight, arcs::text, state
            FROM pgring.shards ORDER BY position
            """;

    private static final String INSERT = """
            INSERT INTO pgring.shards (name, host, port, database, "user", password, tls_mode, tls_root_certificate,
                tls_certificate, tls_key, tls_negotiation, channel_binding, weight, arcs, state, position)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::pg_catalog.int8multirange, ?,
                (SELECT coalesce(max(position) + 1, 0) FROM pgring.shards))
            """;

    /** In one statement, so that at its end all rows name shards that are there. */
    private static final String RENAME = """
            WITH gone AS (
                SELECT s.name AS old, pg_catalog.left(s.name, 50) || '.' || s.position AS new
                FROM pgring.shards s WHERE s.name = ? AND s.state = 'gone'
            ), renamed AS (
                UPDATE pgring.shards s SET name = gone.new FROM gone WHERE s.name = gone.old
            )
            UPDATE pgring.moves m SET
                source = CASE m.source WHEN gone.old THEN gone.new ELSE m.source END,
                target = CASE m.target WHEN gone.old THEN gone.new ELSE m.target END
            FROM gone WHERE gone.old IN (m.source, m.target)
            """;

    private ShardRows() {}

    /**
     * @param position index of the shard
     * @param arcs text of a multirange
     */
    record Row(ShardConfiguration shard, int position, String arcs, Membership membership) {}

    static <T> List<T> read(Connection home, Function<Row, T> as) throws SQLException {
        try (PreparedStatement statement = home.prepareStatement(SELECT);
                ResultSet row = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(as.apply(
                        new Row(shard(row), row.getInt(2), row.getString(15), Membership.of(row.getString(16)))));
            }
            return rows;
        }
    }

    private static ShardConfiguration shard(ResultSet row) throws SQLException {
        ShardTls tls = new ShardTls(
                word(TlsMode.values(), TlsMode::word, row.getString(8)),
                path(row.getString(9)),
                path(row.getString(10)),
                path(row.getString(11)),
                word(TlsNegotiation.values(), TlsNegotiation::word, row.getString(12)),
                word(ChannelBindingMode.values(), ChannelBindingMode::word, row.getString(13)));
        return new ShardConfiguration(
                row.getString(1),
                row.getString(3),
                row.getInt(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                tls,
                row.getInt(14));
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }

    private static <E> E word(E[] values, Function<E, String> word, String text) {
        return Arrays.stream(values)
                .filter(value -> word.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown word in pgring.shards: " + text));
    }

    /** The name of the home shard; the other one when there is no catalog. */
    public static String homeName(Connection home, String otherwise) throws SQLException {
        if (!DeclaredTables.exists(home, "pgring.shards")) {
            return otherwise;
        }
        try (PreparedStatement statement = home.prepareStatement("SELECT name FROM pgring.shards WHERE position = 0");
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : otherwise;
        }
    }

    /** A new shard, which owns nothing yet. One of its name that has gone gets another name. */
    public static void join(Connection home, ShardConfiguration shard) throws SQLException {
        try (PreparedStatement statement = home.prepareStatement(RENAME)) {
            statement.setString(1, shard.name());
            statement.executeUpdate();
        }
        insert(home, shard, "{}", Membership.JOINING);
    }

    /** How a shard belongs to the ring from now on. */
    public static void change(Connection home, String shard, Membership membership) throws SQLException {
        try (PreparedStatement statement = home.prepareStatement("UPDATE pgring.shards SET state = ? WHERE name = ?")) {
            statement.setString(1, membership.word());
            statement.setString(2, shard);
            statement.executeUpdate();
        }
    }

    /** How many times the rows of a shard of weight 1 it is to have. */
    public static void weigh(Connection home, String shard, int weight) throws SQLException {
        try (PreparedStatement statement =
                home.prepareStatement("UPDATE pgring.shards SET weight = ? WHERE name = ?")) {
            statement.setInt(1, weight);
            statement.setString(2, shard);
            statement.executeUpdate();
        }
    }

    /** At the next position. */
    static void insert(Connection home, ShardConfiguration shard, String arcs, Membership membership)
            throws SQLException {
        try (PreparedStatement statement = home.prepareStatement(INSERT)) {
            ShardTls tls = shard.tls();
            statement.setString(1, shard.name());
            statement.setString(2, shard.host());
            statement.setInt(3, shard.port());
            statement.setString(4, shard.database());
            statement.setString(5, shard.user());
            statement.setString(6, shard.password());
            statement.setString(7, tls.mode().word());
            statement.setString(8, text(tls.rootCertificate()));
            statement.setString(9, text(tls.certificate()));
            statement.setString(10, text(tls.key()));
            statement.setString(11, tls.negotiation().word());
            statement.setString(12, tls.channelBinding().word());
            statement.setInt(13, shard.weight());
            statement.setString(14, arcs);
            statement.setString(15, membership.word());
            statement.executeUpdate();
        }
    }

    private static @Nullable String text(@Nullable Path path) {
        return path == null ? null : path.toAbsolutePath().toString();
    }
}

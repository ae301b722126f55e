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

/** The rows of {@code pgring.shards}. */
final class ShardRows {
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
                rows.add(as.apply(new Row(shard(row), row.getInt(2), row.getString(15), Membership.of(row.getString(16)))));
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

    /** At the next position. */
    static void insert(Connection home, ShardConfiguration shard, String arcs, Membership membership) throws SQLException {
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

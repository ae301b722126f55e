package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of every kind go in and come out unchanged, and lie where the ring says. */
@ExtendWith(SharedCluster.class)
class JdbcValuesIT {
    private static final String INSERT = "INSERT INTO kv VALUES (?, ?)";
    private static final String SELECT = "SELECT value FROM kv WHERE key = ?";
    private static final int BIG_BYTES = 50 << 20;

    private static final List<String> ODD_KEYS = List.of(
            "",
            " ",
            "a b",
            "O'Reilly",
            "''",
            "back\\slash",
            "\\",
            "\\'",
            "\\\\'; DROP TABLE kv; --",
            "$1",
            "$tag$",
            "/* no comment */",
            "-- no comment",
            "line\nbreak\r\n\ttab",
            "\u0001\u007f",
            "\u00e9\u00df\u0141",
            "\u4e2d\u6587 \u0939\u093f\u0928\u094d\u0926\u0940",
            "\ud83d\udc18\ud83e\udd84",
            "e\u0301",
            "\u202eright to left",
            "\"quoted\"",
            "?",
            "{fn now()}",
            "NULL",
            "1",
            "x".repeat(2048),
            "\u20ac".repeat(700));

    private final Cluster cluster;

    JdbcValuesIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=simple", "prepareThreshold=1", "prepareThreshold=-1"})
    void oddKeysAndValues(String mode) throws SQLException {
        try (Connection connection = cluster.connect(mode)) {
            for (String key : ODD_KEYS) {
                assertThat(Sql.update(connection, INSERT, key, "value of " + key))
                        .isEqualTo(1);
                assertThat(Sql.column(connection, SELECT, key)).containsExactly("value of " + key);
                try (Connection shard = cluster.servers().connect(cluster.shardOf(key))) {
                    assertThat(Sql.column(shard, SELECT, key)).containsExactly("value of " + key);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "escape", "dollar", "unicode"})
    void oddKeysAsLiteralsOfEveryForm(String form) throws SQLException {
        try (Connection connection = cluster.connect("preferQueryMode=simple");
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String key : ODD_KEYS) {
                String literal = literal(form, key);
                statement.executeUpdate("INSERT INTO kv (value, key) VALUES (" + literal + ", " + literal + ")");
                try (ResultSet rows = statement.executeQuery("SELECT key, value FROM kv WHERE key = " + literal)) {
                    assertThat(rows.next()).as(literal).isTrue();
                    assertThat(rows.getString(1)).isEqualTo(key).isEqualTo(rows.getString(2));
                    assertThat(rows.next()).isFalse();
                }
                try (Connection shard = cluster.servers().connect(cluster.shardOf(key))) {
                    assertThat(Sql.column(shard, SELECT, key)).containsExactly(key);
                }
            }
        }
    }

    private static String literal(String form, String value) {
        return switch (form) {
            case "standard" -> "'" + value.replace("'", "''") + "'";
            case "escape" ->
                "E'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
            case "dollar" -> "$body$" + value + "$body$";
            case "unicode" -> {
                StringBuilder text = new StringBuilder("U&'");
                value.codePoints().forEach(c -> text.append("\\+").append(String.format("%06X", c)));
                yield text.append("'").toString();
            }
            default -> throw new IllegalArgumentException(form);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=simple", "prepareThreshold=1"})
    void nullValuesAndEmptyResults(String mode) throws SQLException {
        try (Connection connection = cluster.connect(mode)) {
            for (String key : cluster.keyOnEach("null")) {
                assertThat(Sql.column(connection, SELECT, key)).isEmpty();
                Sql.update(connection, INSERT, key, null);
                assertThat(Sql.column(connection, SELECT, key)).hasSize(1).containsOnlyNulls();
                assertThat(Sql.column(connection, SELECT + " AND value IS NULL", key))
                        .hasSize(1);
            }
        }
    }

    @Test
    void anEmptyResultHasItsColumns() throws SQLException {
        try (Connection connection = cluster.connect();
                PreparedStatement statement = connection.prepareStatement("SELECT * FROM kv WHERE key = ?")) {
            assertThat(statement.getParameterMetaData().getParameterTypeName(1)).isEqualTo("text");
            statement.setString(1, "nobody");
            assertThat(statement.getMetaData().getColumnName(1)).isEqualTo("key");
            try (ResultSet rows = statement.executeQuery()) {
                assertThat(rows.getMetaData().getColumnCount()).isEqualTo(2);
                assertThat(rows.getMetaData().getColumnTypeName(2)).isEqualTo("text");
                assertThat(rows.next()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"binaryTransfer=true&prepareThreshold=-1", "binaryTransfer=false"})
    void integerAndUuidKeys(String mode) throws SQLException {
        try (Connection connection = cluster.connect(mode)) {
            for (long id : new long[] {0, 1, -1, 42, 65_536, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE}) {
                Sql.update(connection, "INSERT INTO events VALUES (?, ?)", id, "number " + id);
                assertThat(Sql.column(connection, "SELECT note FROM events WHERE id = ?", id))
                        .containsExactly("number " + id);
                assertThat(cluster.servers().value(cluster.shardOf(id), "SELECT note FROM events WHERE id = " + id))
                        .isEqualTo("number " + id);
            }
            assertThat(Sql.column(connection, "SELECT note FROM events WHERE id = ?", 42))
                    .containsExactly("number 42");
            Random random = new Random(6432);
            for (int i = 0; i < 20; i++) {
                UUID id = new UUID(random.nextLong(), random.nextLong());
                Sql.update(connection, "INSERT INTO devices VALUES (?, ?)", id, "device " + i);
                assertThat(Sql.column(connection, "SELECT note FROM devices WHERE id = ?", id))
                        .containsExactly("device " + i);
                assertThat(cluster.servers()
                                .value(cluster.shardOf(id), "SELECT note FROM devices WHERE id = '" + id + "'"))
                        .isEqualTo("device " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepareThreshold=-1", "binaryTransfer=false", "preferQueryMode=simple"})
    void bytesOfEveryValue(String mode) throws Exception {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        try (Connection connection = cluster.connect(mode)) {
            Sql.update(connection, "INSERT INTO blobs VALUES (?, ?)", "bytes", bytes);
            assertThat(body(connection, "bytes")).isEqualTo(bytes);
        }
    }

    @Test
    void aValueOfFiftyMegabytesGoesBothWays() throws Exception {
        byte[] bytes = new byte[BIG_BYTES];
        new Random(50).nextBytes(bytes);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        String key = cluster.keyOn(1, "big");
        try (Connection connection = cluster.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO blobs VALUES (?, ?)")) {
            insert.setString(1, key);
            insert.setBinaryStream(2, new ByteArrayInputStream(bytes), bytes.length);
            assertThat(insert.executeUpdate()).isEqualTo(1);
            assertThat(cluster.servers().value(1, "SELECT encode(sha256(body), 'hex') FROM blobs"))
                    .isEqualTo(sha256);
            assertThat(MessageDigest.isEqual(body(connection, key), bytes)).isTrue();
        }
    }

    private static byte[] body(Connection connection, String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT body FROM blobs WHERE key = ?")) {
            select.setString(1, key);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                return rows.getBytes(1);
            }
        }
    }
}

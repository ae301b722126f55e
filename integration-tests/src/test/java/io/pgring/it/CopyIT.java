package io.pgring.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Placement;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import io.pgring.proxy.topology.KeyType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/** COPY of sharded tables, both ways, by psql and by pgjdbc. */
@ExtendWith(SharedCluster.class)
class CopyIT {
    private static final int ROWS = 100_000;
    private static final String HEADER = "key,value\n";

    @TempDir
    Path folder;

    private final Cluster cluster;
    private final Placement kv;

    CopyIT(Cluster cluster) {
        this.cluster = cluster;
        this.kv = new Placement(cluster, "kv", "key", KeyType.TEXT);
    }

    // ---- psql -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {"(FORMAT text)", "(FORMAT csv, HEADER)", "(FORMAT binary)", "CSV HEADER QUOTE '''' FORCE QUOTE *"
            })
    void manyRowsGoOutAndInAgain(String options) throws Exception {
        Path file = folder.resolve("rows");
        String copied = " '" + file + "' " + options;
        assertThat(run("\\copy kv from program" + " 'seq 1 " + ROWS + " | sed \"s/.*/key &\\\\tvalue \\\"&\\\"/\"'"))
                .contains("COPY " + ROWS);
        assertThat(kv.misplaced()).isZero();
        var before = kv.contents();
        assertThat(before).hasSize(ROWS).containsEntry("key 7", "value \"7\"");
        assertThat(kv.rows(0)).isBetween(ROWS / 6L, ROWS / 2L);

        assertThat(run("\\copy kv to" + copied)).contains("COPY " + ROWS);
        cluster.truncate();
        assertThat(run("\\copy kv from" + copied.replace(" FORCE QUOTE *", ""))).contains("COPY " + ROWS);

        assertThat(kv.misplaced()).isZero();
        assertThat(kv.contents()).isEqualTo(before);
    }

    @Test
    void valuesOfAllKindsStayWhatTheyAre() throws Exception {
        for (String options : List.of("(FORMAT text)", "(FORMAT csv, NULL 'null', HEADER)", "(FORMAT binary)")) {
            cluster.truncate();
            try (Connection connection = cluster.connect()) {
                for (String key : List.of(
                        "", "a,b", "a\tb", "two\nlines", "\"q\"", "back\\slash", "\\.", "\\N", "é€𝄞", "null", "\r")) {
                    Sql.update(connection, "INSERT INTO kv VALUES (?, ?)", key, key.isEmpty() ? null : "of " + key);
                }
                var before = kv.contents();
                byte[] out = copyOut(connection, "COPY kv TO STDOUT " + options);
                cluster.truncate();
                assertThat(copyIn(connection, "COPY kv FROM STDIN " + options, out))
                        .isEqualTo(before.size());
                assertThat(kv.misplaced()).isZero();
                assertThat(kv.contents()).isEqualTo(before);
            }
        }
    }

    @Test
    void aServerReadsWhatTheProxyWrites() throws Exception {
        cluster.servers().execute(0, "CREATE TABLE copied (key text, value text)");
        try (Connection connection = cluster.connect();
                Connection server = cluster.servers().connect(0)) {
            for (String key : cluster.keyOnEach("copied")) {
                Sql.update(connection, "INSERT INTO kv VALUES (?, 'x')", key);
            }
            for (String options : List.of("(FORMAT text)", "(FORMAT csv, HEADER)", "(FORMAT binary)")) {
                byte[] out = copyOut(connection, "COPY kv TO STDOUT " + options);
                assertThat(copyIn(server, "COPY copied FROM STDIN " + options, out))
                        .isEqualTo(cluster.shardCount());
            }
        } finally {
            cluster.servers().execute(0, "DROP TABLE copied");
        }
    }

    // ---- what there is to copy --------------------------------------------------------------------------------------

    @Test
    void thereMayBeNoRows() throws Exception {
        byte[] binary = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1
        };
        try (Connection connection = cluster.connect()) {
            assertThat(copyIn(connection, "COPY kv FROM STDIN", new byte[0])).isZero();
            assertThat(copyIn(connection, "COPY kv FROM STDIN (FORMAT csv, HEADER)", HEADER.getBytes(UTF_8)))
                    .isZero();
            assertThat(copyIn(connection, "COPY kv FROM STDIN (FORMAT binary)", binary))
                    .isZero();
            assertThat(copyOut(connection, "COPY kv TO STDOUT")).isEmpty();
            assertThat(new String(copyOut(connection, "COPY kv TO STDOUT (FORMAT csv, HEADER)"), UTF_8))
                    .isEqualTo(HEADER);
            assertThat(copyOut(connection, "COPY kv TO STDOUT (FORMAT binary)")).isEqualTo(binary);
        }
    }

    @Test
    void dataMayBeCutAnywhere() throws Exception {
        byte[] data = lines(0, 1_000).getBytes(UTF_8);
        for (int length : new int[] {1, 7, 1_000}) {
            cluster.truncate();
            try (Connection connection = cluster.connect()) {
                CopyIn in = copyOf(connection).copyIn("COPY kv FROM STDIN");
                for (int from = 0; from < data.length; from += length) {
                    in.writeToCopy(data, from, Math.min(length, data.length - from));
                }
                assertThat(in.endCopy()).isEqualTo(1_000);
                assertThat(kv.misplaced()).isZero();
                assertThat(kv.rows()).isEqualTo(1_000);
            }
        }
    }

    @Test
    void aLargeRowGoesThrough() throws Exception {
        char[] value = new char[20_000_000];
        Arrays.fill(value, 'x');
        try (Connection connection = cluster.connect()) {
            String row = "large\t" + new String(value) + "\nsmall\ty\n";
            assertThat(copyIn(connection, "COPY kv FROM STDIN", row.getBytes(UTF_8)))
                    .isEqualTo(2);
            assertThat(Sql.value(connection, "SELECT length(value) FROM kv WHERE key = 'large'"))
                    .isEqualTo("20000000");
            assertThat(copyOut(connection, "COPY kv TO STDOUT")).hasSize(row.length());
        }
    }

    @Test
    void integersAndUuidsAreKeysInBothFormats() throws Exception {
        Placement events = new Placement(cluster, "events", "id", KeyType.INTEGER);
        Placement devices = new Placement(cluster, "devices", "id", KeyType.UUID);
        try (Connection connection = cluster.connect()) {
            String numbers =
                    IntStream.range(-500, 500).mapToObj(i -> "e\t" + i + "\n").collect(Collectors.joining());
            String uuids = IntStream.range(0, 1_000)
                    .mapToObj(i -> UUID.nameUUIDFromBytes(
                                    ByteBuffer.allocate(4).putInt(i).array()) + ",d\n")
                    .collect(Collectors.joining());
            copyIn(connection, "COPY events (note, id) FROM STDIN", numbers.getBytes(UTF_8));
            copyIn(connection, "COPY devices FROM STDIN CSV", uuids.getBytes(UTF_8));
            byte[] binaryEvents = copyOut(connection, "COPY events TO STDOUT (FORMAT binary)");
            byte[] binaryDevices = copyOut(connection, "COPY BINARY devices TO STDOUT");
            assertThat(events.misplaced() + devices.misplaced()).isZero();
            cluster.truncate();
            assertThat(copyIn(connection, "COPY events FROM STDIN (FORMAT binary)", binaryEvents))
                    .isEqualTo(1_000);
            assertThat(copyIn(connection, "COPY BINARY devices FROM STDIN", binaryDevices))
                    .isEqualTo(1_000);
        }
        assertThat(events.misplaced() + devices.misplaced()).isZero();
        assertThat(events.rows() + devices.rows()).isEqualTo(2_000);
    }

    @Test
    void generatedColumnsAreLeftOut() throws Exception {
        String create = "CREATE TABLE IF NOT EXISTS doubled"
                + " (twice bigint GENERATED ALWAYS AS (n * 2) STORED, n bigint, id text PRIMARY KEY)";
        try (Cluster own = Cluster.start(plan -> plan.beside(cluster).table("doubled", "id", create));
                Connection connection = own.connect()) {
            Placement doubled = new Placement(own, "doubled", "id", KeyType.TEXT);
            String rows = IntStream.range(0, 100)
                    .mapToObj(i -> i + "\tid " + i + "\n")
                    .collect(Collectors.joining());
            assertThat(copyIn(connection, "COPY doubled FROM STDIN", rows.getBytes(UTF_8)))
                    .isEqualTo(100);
            assertThat(doubled.misplaced()).isZero();
            assertThat(copyOut(connection, "COPY doubled TO STDOUT")).hasSize(rows.length());
            assertThat(SqlStates.of(() -> copyIn(connection, "COPY doubled (twice, id) FROM STDIN", new byte[0])))
                    .isEqualTo("42P10");
        } finally {
            cluster.servers().executeEverywhere("DROP TABLE doubled");
        }
    }

    @Test
    void everyShardGetsAllRowsOfAReferenceTable() throws Exception {
        String create = "CREATE TABLE IF NOT EXISTS colours (name text PRIMARY KEY, n int)";
        try (Cluster own = Cluster.start(plan -> plan.beside(cluster).reference("colours", create));
                Connection connection = own.connect()) {
            String rows = IntStream.range(0, 50_000)
                    .mapToObj(i -> "colour " + i + "\t" + i + "\n")
                    .collect(Collectors.joining());
            assertThat(copyIn(connection, "COPY colours FROM STDIN", rows.getBytes(UTF_8)))
                    .isEqualTo(50_000);
            assertFails(connection, "23505", "COPY colours FROM STDIN", "new\t1\ncolour 7\t1\n");
            assertFails(connection, "22P02", "COPY colours FROM STDIN", "new\t1\nother\tx\n");
            byte[] binary = copyOut(connection, "COPY colours TO STDOUT (FORMAT binary)");
            for (int shard = 0; shard < own.shardCount(); shard++) {
                assertThat(own.servers().value(shard, "SELECT count(*) FROM colours"))
                        .isEqualTo("50000");
                own.servers().execute(shard, "TRUNCATE colours");
            }
            connection.setAutoCommit(false);
            copyIn(connection, "COPY colours FROM STDIN (FORMAT binary)", binary);
            connection.rollback();
            assertThat(Sql.value(connection, "SELECT count(*) FROM colours")).isEqualTo("0");
            assertThat(copyIn(connection, "COPY colours FROM STDIN (FORMAT binary)", binary))
                    .isEqualTo(50_000);
            connection.commit();
            for (int shard = 0; shard < own.shardCount(); shard++) {
                assertThat(own.servers().value(shard, "SELECT count(*) FROM colours"))
                        .isEqualTo("50000");
            }
        } finally {
            cluster.servers().executeEverywhere("DROP TABLE colours");
        }
    }

    // ---- errors -----------------------------------------------------------------------------------------------------

    @Test
    void anErrorOnOneShardLeavesNothingOnAny() throws Exception {
        try (Connection connection = cluster.connect()) {
            Sql.update(connection, "INSERT INTO kv VALUES ('key 700', 'there')");
            SQLException twice = SqlStates.failure(() ->
                    copyIn(connection, "COPY kv FROM STDIN", lines(0, 50_000).getBytes(UTF_8)));
            assertThat(twice.getSQLState()).isEqualTo("23505");
            assertThat(twice.getMessage()).contains("shard-" + cluster.shardOf("key 700"));
            assertThat(kv.rows()).isEqualTo(1);
            assertThat(copyIn(
                            connection,
                            "COPY kv FROM STDIN",
                            lines(1_000, 2_000).getBytes(UTF_8)))
                    .isEqualTo(1_000);
        }
    }

    @Test
    void rowsThatCannotBeReadLeaveNothing() throws Exception {
        try (Connection connection = cluster.connect()) {
            assertFails(connection, "22P04", "COPY kv FROM STDIN", lines(0, 1_000) + "more\tthan\ttwo\n");
            assertFails(connection, "22P04", "COPY kv FROM STDIN CSV", "a,b\n\"open,c\n");
            assertFails(connection, "22P04", "COPY kv FROM STDIN (FORMAT binary)", lines(0, 10));
            assertFails(connection, "23502", "COPY kv FROM STDIN", lines(0, 1_000) + "\\N\tno key\n");
            assertFails(connection, "22P02", "COPY events FROM STDIN", "1\ta\n2\tb\n3x\tc\n");
            assertFails(connection, "22P02", "COPY devices FROM STDIN", "no uuid\ta\n");
            assertFails(connection, "42703", "COPY kv (key, nothing) FROM STDIN", "");
            assertFails(connection, "42601", "COPY kv FROM STDIN (DELIMITER)", "");
            assertThat(Sql.value(connection, "SELECT 1")).isEqualTo("1");
        }
        assertThat(kv.rows()).isZero();
    }

    @Test
    void whatWouldHideTheKeyIsRefused() throws Exception {
        try (Connection connection = cluster.connect()) {
            assertFails(connection, SqlStates.FEATURE_NOT_SUPPORTED, "COPY kv (value) FROM STDIN", "a\n");
            assertFails(
                    connection, SqlStates.FEATURE_NOT_SUPPORTED, "COPY kv FROM STDIN (ENCODING 'LATIN1')", "a\tb\n");
            assertFails(connection, SqlStates.FEATURE_NOT_SUPPORTED, "COPY kv FROM STDIN WHERE random() < 2", "a\tb\n");
            assertFails(
                    connection,
                    SqlStates.FEATURE_NOT_SUPPORTED,
                    "COPY kv FROM STDIN (FORMAT csv, QUOTE '\\')",
                    "a,b\n");
        }
        assertThat(kv.rows()).isZero();
    }

    @Test
    void aCopyIsGivenUp() throws Exception {
        try (Connection connection = cluster.connect()) {
            CopyIn in = copyOf(connection).copyIn("COPY kv FROM STDIN");
            byte[] data = lines(0, 10_000).getBytes(UTF_8);
            in.writeToCopy(data, 0, data.length);
            in.cancelCopy();
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("0");
        }
        assertThat(kv.rows()).isZero();
    }

    // ---- transactions -----------------------------------------------------------------------------------------------

    @Test
    void aTransactionKeepsOrForgetsIt() throws Exception {
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            Sql.update(connection, "INSERT INTO kv VALUES ('before', 'x')");
            assertThat(copyIn(connection, "COPY kv FROM STDIN", lines(0, 1_000).getBytes(UTF_8)))
                    .isEqualTo(1_000);
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("1001");
            assertThat(new String(copyOut(connection, "COPY kv TO STDOUT"), UTF_8).lines())
                    .hasSize(1_001);
            connection.rollback();
            assertThat(kv.rows()).isZero();

            copyIn(connection, "COPY kv FROM STDIN", lines(0, 1_000).getBytes(UTF_8));
            Sql.update(connection, "INSERT INTO kv VALUES ('after', 'x')");
            connection.commit();
            assertThat(kv.rows()).isEqualTo(1_001);
            assertThat(kv.misplaced()).isZero();
        }
    }

    @Test
    void aFailedCopyFailsItsTransaction() throws Exception {
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            Sql.update(connection, "INSERT INTO kv VALUES ('before', 'x')");
            assertFails(connection, "23505", "COPY kv FROM STDIN", lines(0, 100) + "before\ttwice\n");
            assertThat(SqlStates.of(() -> Sql.value(connection, "SELECT 1"))).isEqualTo("25P02");
            connection.rollback();
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("0");
        }
    }

    private static void assertFails(Connection connection, String sqlState, String sql, String data) {
        assertThat(SqlStates.of(() -> copyIn(connection, sql, data.getBytes(UTF_8))))
                .as(sql)
                .isEqualTo(sqlState);
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "key " + i + "\tvalue " + i + "\n")
                .collect(Collectors.joining());
    }

    private String run(String commands) throws Exception {
        Path script = Files.writeString(folder.resolve("script.sql"), commands + "\n");
        var result = cluster.psql().run("-v", "ON_ERROR_STOP=1", "-f", script.toString());
        assertThat(result.error()).isEmpty();
        return result.output();
    }

    private static long copyIn(Connection connection, String sql, byte[] data) throws Exception {
        return copyOf(connection).copyIn(sql, new ByteArrayInputStream(data));
    }

    private static byte[] copyOut(Connection connection, String sql) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        copyOf(connection).copyOut(sql, out);
        return out.toByteArray();
    }

    private static CopyManager copyOf(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }
}

package io.pgring.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** COPY and large objects, which bypass the usual ways of statements, on tables of the home shard. */
@ExtendWith(SharedCluster.class)
class JdbcCopyIT {
    private static final String LINES =
            IntStream.range(0, 20_000).mapToObj(i -> i + "\tline " + i + "\n").collect(Collectors.joining());

    private final Cluster cluster;

    JdbcCopyIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void table() throws SQLException {
        try (Connection connection = cluster.connect()) {
            Sql.execute(connection, "CREATE TABLE lines (n int PRIMARY KEY, line text)");
        }
    }

    @AfterEach
    void noTable() throws SQLException {
        cluster.servers().execute(0, "DROP TABLE lines");
    }

    @Test
    void linesGoInAndOut() throws Exception {
        try (Connection connection = cluster.connect()) {
            CopyManager copy = copyOf(connection);
            assertThat(copy.copyIn("COPY lines FROM STDIN", new StringReader(LINES)))
                    .isEqualTo(20_000);
            assertThat(cluster.servers().value(0, "SELECT count(*) FROM lines")).isEqualTo("20000");

            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(copy.copyOut("COPY (SELECT * FROM lines ORDER BY n) TO STDOUT", out))
                    .isEqualTo(20_000);
            assertThat(out.toString(UTF_8)).isEqualTo(LINES);
            assertThat(Sql.value(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aBadLineIsAnErrorAfterWhichTheConnectionIsUsable() throws Exception {
        try (Connection connection = cluster.connect()) {
            StringReader bad = new StringReader(LINES + "no number\tx\n");
            assertThat(SqlStates.of(() -> copyOf(connection).copyIn("COPY lines FROM STDIN", bad)))
                    .isEqualTo("22P02");
            assertThat(Sql.value(connection, "SELECT count(*) FROM lines")).isEqualTo("0");
        }
    }

    @Test
    void aCopyIsGivenUp() throws Exception {
        try (Connection connection = cluster.connect()) {
            CopyIn in = copyOf(connection).copyIn("COPY lines FROM STDIN");
            byte[] bytes = LINES.getBytes(UTF_8);
            in.writeToCopy(bytes, 0, bytes.length);
            in.cancelCopy();
            assertThat(Sql.value(connection, "SELECT count(*) FROM lines")).isEqualTo("0");
        }
    }

    @Test
    void rowsOfOneShardAreCopiedOut() throws Exception {
        try (Connection connection = cluster.connect()) {
            for (String key : cluster.keyOnEach("copy")) {
                Sql.update(connection, "INSERT INTO kv VALUES (?, 'tab\there')", key);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                String sql = "COPY (SELECT * FROM kv WHERE key = '" + key + "') TO STDOUT";
                assertThat(copyOf(connection).copyOut(sql, out)).isEqualTo(1);
                assertThat(out.toString(UTF_8)).isEqualTo(key + "\ttab\\there\n");
            }
        }
    }

    @Test
    void largeObjects() throws Exception {
        byte[] bytes = new byte[3 << 20];
        new Random(3).nextBytes(bytes);
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            LargeObjectManager manager = connection.unwrap(PGConnection.class).getLargeObjectAPI();
            long oid = manager.createLO();
            try (LargeObject object = manager.open(oid)) {
                object.write(bytes);
            }
            connection.commit();
            try (LargeObject object = manager.open(oid)) {
                object.seek(1 << 20);
                byte[] read = object.read(1 << 20);
                assertThat(read).hasSize(1 << 20).isEqualTo(java.util.Arrays.copyOfRange(bytes, 1 << 20, 2 << 20));
            }
            manager.delete(oid);
            connection.commit();
        }
    }

    private static CopyManager copyOf(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }
}

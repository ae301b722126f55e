package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Placement;
import io.pgring.it.support.Sql;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.topology.KeyType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** UPDATEs of keys: each row is on the shard of its new key, or all are where they were. */
class KeyMoveIT {
    private static final int ROWS = 200;

    private static @Nullable Cluster shared;

    @BeforeAll
    static void start() throws Exception {
        shared = Cluster.start(plan -> plan.table("parents", "id", "CREATE TABLE parents (id bigint PRIMARY KEY)")
                .table(
                        "children",
                        "parent",
                        "CREATE TABLE children (parent bigint REFERENCES parents ON DELETE CASCADE, n int,"
                                + " PRIMARY KEY (parent, n))")
                .table("loose", "key", "CREATE TABLE loose (key text, value text)")
                .table("watched", "key", "CREATE TABLE watched (key text PRIMARY KEY)")
                .table("guarded", "key", "CREATE TABLE guarded (key text PRIMARY KEY)")
                .table("priced", "key", "CREATE TABLE priced (key text PRIMARY KEY, price money)")
                .everywhere("CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
                .everywhere("CREATE TRIGGER watching BEFORE DELETE ON watched EXECUTE FUNCTION watch()")
                .everywhere("ALTER TABLE guarded ENABLE ROW LEVEL SECURITY"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (shared != null) {
            shared.close();
        }
    }

    private static Cluster cluster() {
        return Objects.requireNonNull(shared);
    }

    @BeforeEach
    void fill() throws SQLException {
        cluster().servers().executeEverywhere("TRUNCATE kv, loose, watched, guarded, priced, parents, children");
        try (Connection connection = cluster().connect()) {
            Sql.execute(
                    connection, "INSERT INTO kv SELECT 'k' || n, 'v' || n FROM generate_series(1, " + ROWS + ") AS n");
        }
    }

    private static void assertPlaced(int rows) throws SQLException {
        Placement placement = new Placement(cluster(), "kv", "key", KeyType.TEXT);
        assertThat(placement.misplaced()).isZero();
        assertThat(placement.rows()).isEqualTo(rows);
    }

    @Test
    void rowsGoToTheShardsOfTheirNewKeys() throws Exception {
        try (Connection connection = cluster().connect()) {
            assertThat(Sql.update(connection, "UPDATE kv SET key = 'moved ' || key"))
                    .isEqualTo(ROWS);
            assertPlaced(ROWS);
            assertThat(Sql.value(connection, "SELECT value FROM kv WHERE key = 'moved k7'"))
                    .isEqualTo("v7");
            for (int from = 0; from < cluster().shardCount(); from++) {
                for (String to : cluster().keyOnEach("to")) {
                    String key = cluster().keyOn(from, "from");
                    Sql.update(connection, "INSERT INTO kv VALUES (?, 'x')", key);
                    assertThat(Sql.update(connection, "UPDATE kv SET key = ? WHERE key = ?", to, key))
                            .isEqualTo(1);
                    assertThat(Sql.update(connection, "UPDATE kv SET key = ? WHERE key = ?", to, null))
                            .isZero();
                    assertPlaced(ROWS + 1);
                    assertThat(Sql.update(connection, "DELETE FROM kv WHERE key = ?", to))
                            .isEqualTo(1);
                }
            }
        }
    }

    @Test
    void batchesMoveRows() throws Exception {
        try (Connection connection = cluster().connect();
                PreparedStatement update = connection.prepareStatement("UPDATE kv SET key = ? WHERE key = ?")) {
            for (int i = 1; i <= ROWS; i++) {
                update.setString(1, "b" + i);
                update.setString(2, "k" + i);
                update.addBatch();
            }
            assertThat(update.executeBatch()).hasSize(ROWS).containsOnly(1);
            assertPlaced(ROWS);
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv WHERE key LIKE 'b%'"))
                    .isEqualTo(String.valueOf(ROWS));
        }
    }

    @Test
    void whatFailsLeavesAllRowsWhereTheyWere() throws Exception {
        try (RawClient client = RawClient.connect(cluster().port())) {
            client.query("INSERT INTO kv VALUES ('there', 'x')");
            assertThat(
                            client.answer(
                                    "UPDATE kv SET key = CASE WHEN key = 'k7' THEN 'there' ELSE key || '!' END WHERE key LIKE 'k%'"))
                    .anyMatch(line -> line.contains("23505"));
            assertThat(client.answer("UPDATE kv SET key = CASE WHEN key <> 'k7' THEN key || '!' END"))
                    .anyMatch(line -> line.contains("23502"));
            assertThat(client.answer("UPDATE kv SET key = 'there' WHERE key = 'k1'"))
                    .anyMatch(line -> line.contains("23505"));
            assertPlaced(ROWS + 1);
            assertThat(client.value("SELECT count(*) FROM kv WHERE key LIKE '%!'"))
                    .isEqualTo("0");

            client.query("BEGIN");
            client.query("UPDATE kv SET key = key || '!'");
            assertThat(client.value("SELECT count(*) FROM kv WHERE key LIKE 'k%!'"))
                    .isEqualTo(String.valueOf(ROWS));
            client.query("ROLLBACK");
            assertThat(client.value("SELECT count(*) FROM kv WHERE key LIKE '%!'"))
                    .isEqualTo("0");

            client.query("BEGIN");
            client.query("UPDATE kv SET key = key || '!' WHERE key LIKE 'k1%'");
            client.query("SAVEPOINT s");
            client.query("UPDATE kv SET key = key || '?'");
            client.query("ROLLBACK TO s");
            client.query("COMMIT");
            assertPlaced(ROWS + 1);
            assertThat(client.value("SELECT count(*) FROM kv WHERE key LIKE '%!' OR key LIKE '%?'"))
                    .isEqualTo("111");
        }
    }

    /** Without NOT NULL PostgreSQL would take the row, but no shard would find it again. */
    @Test
    void aKeyThatMayBeNullMustNotBecomeSo() throws Exception {
        try (RawClient client = RawClient.connect(cluster().port())) {
            client.query("INSERT INTO loose VALUES ('a', 'x')");
            assertThat(client.answer("UPDATE loose SET key = NULL")).anyMatch(line -> line.contains("23502"));
            assertThat(client.answer("UPDATE loose SET key = NULL WHERE key = 'b'"))
                    .contains("C UPDATE 0");
            assertThat(client.value("SELECT value FROM loose WHERE key = 'a'")).isEqualTo("x");
        }
    }

    @Test
    void rowsThatADeleteWouldDoMoreToAreNotMoved() throws Exception {
        try (RawClient client = RawClient.connect(cluster().port())) {
            String one = cluster().keyOn(0, "a");
            String other = cluster().keyOn(1, "b");
            client.query("INSERT INTO parents VALUES (1), (2), (3), (4), (5), (6)");
            client.query("INSERT INTO children VALUES (1, 1), (2, 1), (3, 1)");
            assertRefused(client, "UPDATE parents SET id = id + 100", "foreign key \"children_parent_fkey\"");
            assertRefused(client, "UPDATE watched SET key = lower(key)", "trigger, \"watching\"");
            assertRefused(
                    client,
                    "UPDATE watched SET key = '" + other + "' WHERE key = '" + one + "'",
                    "trigger, \"watching\"");
            assertThat(client.answer("UPDATE watched SET key = '" + one + "' WHERE key = '" + one + "'"))
                    .contains("C UPDATE 0");
            assertRefused(client, "UPDATE guarded SET key = lower(key)", "row security");
            assertRefused(client, "UPDATE priced SET key = lower(key)", "money");
            assertThat(client.answer("UPDATE children SET parent = parent + 3")).contains("C UPDATE 3");
            assertThat(client.answer("UPDATE children SET parent = parent + 100"))
                    .anyMatch(line -> line.contains("23503"));
            assertThat(new Placement(cluster(), "children", "parent", KeyType.INTEGER).misplaced())
                    .isZero();
            assertThat(client.value("SELECT count(*) FROM children")).isEqualTo("3");
        }
    }

    private static void assertRefused(RawClient client, String sql, String reason) throws Exception {
        assertThat(client.answer(sql)).anyMatch(line -> line.contains("0A000") && line.contains(reason));
    }

    @Test
    void aTriggerThatIsMadeLaterIsSeen() throws Exception {
        try (RawClient client = RawClient.connect(cluster().port())) {
            client.query("CREATE TRIGGER late BEFORE DELETE ON loose EXECUTE FUNCTION watch()");
            try {
                Eventually.holds(
                        "it is refused",
                        () -> client.answer("UPDATE loose SET key = key || '!'").stream()
                                .anyMatch(line -> line.contains("\"late\"")));
            } finally {
                client.query("DROP TRIGGER late ON loose");
            }
            Eventually.holds(
                    "it runs",
                    () -> client.answer("UPDATE loose SET key = key || '!'").contains("C UPDATE 0"));
        }
    }

    @Test
    void explainTellsThatRowsAreTakenAway() throws Exception {
        try (RawClient client = RawClient.connect(cluster().port())) {
            assertThat(client.answer("EXPLAIN (COSTS off) UPDATE kv SET key = key || '!'"))
                    .anyMatch(line -> line.contains("each is inserted on the shard of its new key"))
                    .anyMatch(line -> line.contains("Delete on kv"));
            assertThat(client.answer("EXPLAIN ANALYZE UPDATE kv SET key = key || '!'"))
                    .anyMatch(line -> line.contains("0A000"));
            assertPlaced(ROWS);
        }
    }
}

package io.pgring.it.moves;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Sql;
import io.pgring.it.wire.RawClient;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** While rows are on two shards, each of them counts once: for reads and writes of several shards, in every way that they are run. */
class HiddenRowsIT {
    private static final int ORDERS = 60;

    private static final List<String> QUERIES = List.of(
            "SELECT count(*) FROM orders",
            "SELECT count(*), sum(n), avg(n) FROM orders o WHERE o.n >= 0",
            "SELECT id, kind FROM orders ORDER BY id",
            "SELECT public.orders.id FROM public.orders ORDER BY n, id LIMIT 7 OFFSET 3",
            "SELECT kind, count(*) FROM orders GROUP BY kind ORDER BY kind",
            "SELECT id, kind FROM orders GROUP BY id ORDER BY id",
            "SELECT DISTINCT kind FROM orders ORDER BY kind",
            "SELECT a.id, b.n FROM orders AS a JOIN orders AS b ON a.id = b.id ORDER BY a.id",
            "SELECT count(*) FROM orders a LEFT JOIN orders b USING (id)",
            "SELECT id FROM orders WHERE id IN (" + ids() + ") ORDER BY id",
            "SELECT id, rank() OVER (ORDER BY n, id) FROM orders ORDER BY id",
            "SELECT count(*) FROM orders a, orders b WHERE a.n = b.n",
            "SELECT o FROM orders o ORDER BY o.id",
            "TABLE orders ORDER BY id",
            "SELECT * FROM (SELECT kind, max(n) AS n FROM orders GROUP BY kind) s ORDER BY kind");

    private static Cluster cluster;
    private HandMove move;

    private static String ids() {
        return IntStream.range(0, ORDERS).mapToObj(Integer::toString).collect(joining(", "));
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(plan -> plan.table(
                "orders", "id", "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, kind text, n integer)"));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void fill() throws Exception {
        cluster.truncate();
        move = new HandMove(cluster);
        try (Connection connection = cluster.connect()) {
            String rows = IntStream.range(0, ORDERS)
                    .mapToObj(i -> "(" + i + ", 'kind-" + i % 4 + "', " + i % 9 + ")")
                    .collect(joining(", "));
            Sql.execute(connection, "INSERT INTO orders (id, kind, n) VALUES " + rows);
        }
    }

    @AfterEach
    void forget() throws Exception {
        move.forget();
    }

    private static Map<String, List<String>> answers(Connection connection) throws SQLException {
        Map<String, List<String>> answers = new LinkedHashMap<>();
        for (String query : QUERIES) {
            try (PreparedStatement statement = connection.prepareStatement(query)) {
                answers.put(query, rows(statement));
            }
        }
        return answers;
    }

    private static List<String> rows(PreparedStatement statement) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(result.getString(i)).append('|');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @Test
    void queriesGiveTheSameInEveryPhase() throws Exception {
        for (String properties : List.of(
                "preferQueryMode=simple",
                "preferQueryMode=extended",
                "prepareThreshold=-1&binaryTransfer=true",
                "autosave=never&prepareThreshold=1")) {
            fill();
            try (Connection connection = cluster.connect(properties)) {
                Map<String, List<String>> expected = answers(connection);
                move.begin().join();
                assertThat(answers(connection)).as(properties + " started").isEqualTo(expected);
                move.hide().join();
                assertThat(answers(connection)).as(properties + " hidden").isEqualTo(expected);
                move.copy();
                assertThat(answers(connection)).as(properties + " copied").isEqualTo(expected);
                move.pause().join();
                move.flip().join();
                assertThat(answers(connection)).as(properties + " flipped").isEqualTo(expected);
                move.done().join();
                assertThat(answers(connection)).as(properties + " done").isEqualTo(expected);
            }
            move.forget();
        }
    }

    @Test
    void aTransactionThatHasWrittenSeesEachRowOnce() throws Exception {
        try (Connection connection = cluster.connect()) {
            Map<String, List<String>> expected = answers(connection);
            move.hide().join();
            move.copy();
            connection.setAutoCommit(false);
            Sql.execute(
                    connection,
                    "INSERT INTO orders (id, kind, n) VALUES (1000, 'x', 1), (1001, 'x', 1), (1002, 'x', 1)");
            Sql.execute(connection, "DELETE FROM orders WHERE kind = 'x'");
            for (String query : QUERIES) {
                try (PreparedStatement statement = connection.prepareStatement(query)) {
                    assertThat(rows(statement)).as(query).isEqualTo(expected.get(query));
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT id, count(*) OVER () FROM orders WHERE n > ? AND kind = ? ORDER BY id")) {
                statement.setInt(1, 2);
                statement.setString(2, "kind-1");
                long wanted = IntStream.range(0, ORDERS)
                        .filter(i -> i % 9 > 2 && i % 4 == 1)
                        .count();
                assertThat(rows(statement)).hasSize((int) wanted);
            }
            connection.commit();
        }
    }

    @Test
    void updatesAndDeletesTouchEachRowOnce() throws Exception {
        try (Connection connection = cluster.connect()) {
            move.hide().join();
            move.copy();
            assertThat(Sql.update(connection, "UPDATE orders SET n = n + 100")).isEqualTo(ORDERS);
            assertThat(Sql.update(connection, "UPDATE orders AS o SET kind = 'k' WHERE o.id < ? ", 10))
                    .isEqualTo(10);
            assertThat(Sql.column(connection, "DELETE FROM public.orders WHERE public.orders.n >= 108 RETURNING id"))
                    .hasSize((int)
                            IntStream.range(0, ORDERS).filter(i -> i % 9 == 8).count());
            assertThat(cluster.servers().value(HandMove.TARGET, "SELECT count(*) FROM orders WHERE n < 100"))
                    .isEqualTo(cluster.servers()
                            .value(
                                    HandMove.TARGET,
                                    "SELECT count(*) FROM orders t WHERE " + "(hashint8(id)::bigint & 4294967295) <@ '"
                                            + move.arcs() + "'::int8multirange"));
            assertThat(Sql.column(connection, "SELECT id FROM orders WHERE n > 100 FOR UPDATE"))
                    .hasSize((int) IntStream.range(0, ORDERS)
                            .filter(i -> i % 9 != 8 && i % 9 > 0)
                            .count());
        }
    }

    @Test
    void rowsAreTakenOnceFromWhereTheyAreRead() throws Exception {
        try (Connection connection = cluster.connect()) {
            move.hide().join();
            move.copy();
            assertThat(Sql.update(connection, "INSERT INTO orders (id, kind, n) SELECT id + 1000, kind, n FROM orders"))
                    .isEqualTo(ORDERS);
            assertThat(Sql.update(connection, "UPDATE orders SET id = id + 5000 WHERE id >= 1000"))
                    .isEqualTo(ORDERS);
            assertThat(Sql.value(connection, "SELECT count(*) FROM orders")).isEqualTo(String.valueOf(2 * ORDERS));
            StringWriter copied = new StringWriter();
            long rows = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY orders TO STDOUT", copied);
            assertThat(rows).isEqualTo(2 * ORDERS);
            assertThat(copied.toString().lines().distinct()).hasSize(2 * ORDERS);
            StringWriter some = new StringWriter();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY public.orders (n, id) TO STDOUT WITH (FORMAT csv, HEADER)", some);
            assertThat(some.toString().lines().findFirst()).contains("n,id");
            assertThat(some.toString().lines().distinct()).hasSize(2 * ORDERS + 1);
            StringWriter queried = new StringWriter();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (SELECT id FROM orders) TO STDOUT", queried);
            assertThat(queried.toString().lines()).hasSize(2 * ORDERS);
        }
    }

    @Test
    void whatOnlyATableHasIsRefusedWhileItsRowsAreHidden() throws Exception {
        try (Connection connection = cluster.connect()) {
            move.hide().join();
            assertThatThrownBy(() -> Sql.execute(connection, "UPDATE ONLY orders SET n = 1"))
                    .hasMessageContaining("while rows are moved");
            assertThatThrownBy(() -> Sql.execute(connection, "DELETE FROM orders WHERE n > 1 RETURNING orders"))
                    .hasMessageContaining("while rows are moved");
            move.forget();
            Sql.execute(connection, "UPDATE ONLY orders SET n = 1");
        }
    }

    @Test
    void tablesStayAsTheyAreWhileRowsAreMoved() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            move.begin().join();
            for (String ddl : List.of(
                    "ALTER TABLE orders ADD COLUMN more text",
                    "DROP TABLE orders",
                    "TRUNCATE orders",
                    "CREATE INDEX more ON orders (n)",
                    "SELECT create_distributed_table('others', 'id')",
                    "SELECT undistribute_table('orders')")) {
                assertThat(client.answer(ddl)).as(ddl).anyMatch(reply -> reply.startsWith("E ERROR 55006"));
            }
            assertThat(client.answer("CREATE TABLE at_home (id int)")).contains("C CREATE TABLE");
            assertThat(client.answer("DROP TABLE at_home")).contains("C DROP TABLE");
            assertThat(client.answer("ANALYZE orders")).contains("C ANALYZE");
        }
    }

    @Test
    void aSnapshotFromBeforeTheRowsWereHiddenIsRefused() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
            assertThat(client.value("SELECT count(*) FROM orders")).isEqualTo(String.valueOf(ORDERS));
            var settled = move.hide();
            assertThat(client.answer("SELECT count(*) FROM orders"))
                    .anyMatch(reply -> reply.startsWith("E ERROR 40001"));
            assertThat(settled).isNotDone();
            client.query("ROLLBACK");
            settled.join();
            client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
            assertThat(client.value("SELECT count(*) FROM orders")).isEqualTo(String.valueOf(ORDERS));
            client.query("COMMIT");
        }
    }

    /** Several statements at once run on the home shard, over the rows of all. */
    @Test
    void aSnapshotFromBeforeTheRowsWereHiddenIsRefusedToGatheredStatementsToo() throws Exception {
        String gathered = "SELECT count(*) FROM orders a, orders b WHERE a.n = b.n; SELECT 1";
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
            assertThat(client.answer(gathered)).contains("C SELECT 1");
            var settled = move.hide();
            assertThat(client.answer(gathered)).anyMatch(reply -> reply.startsWith("E ERROR 40001"));
            client.query("ROLLBACK");
            settled.join();
            assertThat(client.answer(gathered)).contains("C SELECT 1");
        }
    }
}

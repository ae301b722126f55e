package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.DeclaredTables;
import io.pgring.proxy.topology.ShardInspection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a transaction writes on several shards is there on all of them after its COMMIT, or on none. */
class TwoPhaseIT {
    private static final int CLIENTS = 8;
    private static final int ACCOUNTS = 30;
    private static final int BALANCE = 1_000;
    private static final long WORK_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long SEED = Long.getLong("pgring.it.seed", new Random().nextLong());
    private static final String PREPARED = "SELECT count(*) FROM pg_prepared_xacts";

    private static Cluster cluster;
    private static List<String> keys;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(plan -> plan.threads(2)
                .table("accounts", "id", "CREATE TABLE IF NOT EXISTS accounts (id integer PRIMARY KEY, balance bigint)")
                .table(
                        "lazy",
                        "key",
                        "CREATE TABLE IF NOT EXISTS lazy (key text UNIQUE DEFERRABLE INITIALLY DEFERRED, by text)")
                .everywhere("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk; GRANT INSERT ON kv, lazy TO clerk"));
        keys = cluster.keyOnEach("two");
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        cluster.truncate();
    }

    @Test
    void sumsStayWhateverClientsDoAtTheSameTime() throws Exception {
        cluster.servers().executeEverywhere("TRUNCATE pgring.commit_log");
        try (Connection connection = cluster.connect()) {
            StringBuilder rows = new StringBuilder();
            for (int id = 0; id < ACCOUNTS; id++) {
                rows.append(id == 0 ? "" : ", ")
                        .append('(')
                        .append(id)
                        .append(", ")
                        .append(BALANCE)
                        .append(')');
            }
            Sql.execute(connection, "INSERT INTO accounts VALUES " + rows);
        }
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        int commits = 0;
        try {
            long end = System.nanoTime() + WORK_NANOS;
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(SEED + i);
                clients.add(threads.submit(() -> work(random, end)));
            }
            for (Future<Integer> client : clients) {
                commits += client.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(commits).as("seed %s", SEED).isPositive();
        try (Connection connection = cluster.connect()) {
            assertThat(Sql.value(connection, "SELECT sum(balance) FROM accounts"))
                    .as("seed %s", SEED)
                    .isEqualTo(Long.toString((long) ACCOUNTS * BALANCE));
            assertThat(Sql.value(
                            connection, "SELECT sum(a.balance) FROM accounts a LEFT JOIN kv ON kv.value = a.id::text"))
                    .as("gathered, seed %s", SEED)
                    .isEqualTo(Long.toString((long) ACCOUNTS * BALANCE));
            assertThat(Sql.value(connection, "SELECT count(*) % 3 FROM kv")).isEqualTo("0");
        }
        assertNothingPrepared();
        assertThat(cluster.servers().value(0, "SELECT count(*) FROM pgring.commit_log WHERE committed"))
                .isNotEqualTo("0");
    }

    private static int work(Random random, long end) throws SQLException {
        int commits = 0;
        try (Connection connection = cluster.connect("options=-c%20lock_timeout=300")) {
            while (System.nanoTime() < end) {
                try {
                    step(connection, random);
                    commits++;
                } catch (SQLException e) {
                    // Locks of different shards may wait for each other.
                    assertThat(e.getSQLState()).as(e.toString()).isIn("55P03", "40P01");
                    if (!connection.getAutoCommit()) {
                        connection.rollback();
                        connection.setAutoCommit(true);
                    }
                }
            }
        }
        return commits;
    }

    private static void step(Connection connection, Random random) throws SQLException {
        switch (random.nextInt(8)) {
            case 0 -> Sql.execute(connection, "UPDATE accounts SET balance = balance");
            case 1 -> {
                long batch = random.nextLong();
                String suffix = "-" + batch + "', '" + batch + "')";
                Sql.execute(
                        connection,
                        "INSERT INTO kv VALUES ('" + keys.get(0) + suffix + ", ('" + keys.get(1) + suffix + ", ('"
                                + keys.get(2) + suffix);
            }
            default -> {
                connection.setAutoCommit(false);
                int amount = random.nextInt(100);
                int from = random.nextInt(ACCOUNTS);
                int to = random.nextInt(ACCOUNTS);
                Sql.execute(connection, "UPDATE accounts SET balance = balance - " + amount + " WHERE id = " + from);
                Sql.execute(connection, "UPDATE accounts SET balance = balance + " + amount + " WHERE id = " + to);
                if (random.nextInt(4) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
                connection.setAutoCommit(true);
            }
        }
    }

    @Test
    void truncateEmptiesAllShardsOrNone() throws Exception {
        try (Connection connection = cluster.connect()) {
            insert(connection, "kv", keys);
            connection.setAutoCommit(false);
            Sql.execute(connection, "TRUNCATE kv");
            connection.rollback();
            assertThat(count(connection, "kv")).isEqualTo("3");
            Sql.execute(connection, "TRUNCATE kv");
            connection.commit();
            assertThat(count(connection, "kv")).isEqualTo("0");
        }
        assertNothingPrepared();
    }

    @Test
    void aConstraintThatFailsAtTheEndOnOneShardUndoesAll() throws Exception {
        for (String twice : keys) {
            try (Connection connection = cluster.connect()) {
                connection.setAutoCommit(false);
                insert(connection, "lazy", keys);
                insert(connection, "lazy", List.of(twice));
                SQLException failure = SqlStates.failure(connection::commit);
                assertThat(failure.getSQLState()).isEqualTo("23505");
                assertThat(failure.getMessage()).contains("Key (key)=(" + twice + ") already exists.");
                assertThat(count(connection, "lazy")).isEqualTo("0");
            }
        }
        assertNothingPrepared();
    }

    @Test
    void shardsThatCanNotPrepareCommitOneAtATime() throws Exception {
        Servers unprepared = Servers.running(2, Map.of("max_prepared_transactions", "0"));
        try (unprepared;
                Cluster other = Cluster.start(plan -> plan.on(unprepared).threads(1));
                Connection connection = other.connect()) {
            List<String> two = other.keyOnEach("unprepared");
            SQLException failure = SqlStates.failure(() -> insert(connection, "kv", two));
            assertThat(failure.getSQLState()).isEqualTo("55000");
            assertThat(failure.getMessage()).contains("shard-1", "max_prepared_transactions");
            assertThat(count(connection, "kv")).isEqualTo("0");
            connection.setAutoCommit(false);
            insert(connection, "kv", List.of(two.get(1)));
            assertThat(Sql.column(connection, "SELECT value FROM kv WHERE key = '" + two.get(0) + "'"))
                    .isEmpty();
            connection.commit();
            assertThat(count(connection, "kv")).isEqualTo("1");
            connection.commit();
            ShardInspection found = ShardInspection.of(
                    unprepared.shards().get(1),
                    new DeclaredTables(List.of(), List.of()),
                    PoolConfiguration.DEFAULT,
                    (shard, pool) -> unprepared.connect(1));
            assertThat(found.warnings()).singleElement().asString().contains("max_prepared_transactions is 0");
            assertThat(found.problems()).isEmpty();
        }
    }

    @Test
    void whoActsAsAnotherRoleStillCommits() throws Exception {
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "SET LOCAL ROLE clerk");
            insert(connection, "kv", keys);
            connection.commit();
            Sql.execute(connection, "SET ROLE clerk");
            connection.commit();
            insert(connection, "lazy", keys);
            connection.commit();
            assertThat(Sql.value(connection, "SELECT current_user")).isEqualTo("clerk");
            connection.commit();
            insert(connection, "lazy", List.of(keys.get(0) + "x", keys.get(1) + "x", keys.get(2) + "x"));
            connection.commit();
        }
        try (Connection connection = cluster.connect()) {
            assertThat(count(connection, "kv")).isEqualTo("3");
            assertThat(count(connection, "lazy")).isEqualTo("6");
        }
        assertNothingPrepared();
    }

    @Test
    void functionsThatWriteUnseenAreCommittedWithTheRest() throws Exception {
        cluster.servers()
                .execute(
                        0,
                        "CREATE TABLE IF NOT EXISTS seen (n integer);"
                                + "CREATE OR REPLACE FUNCTION see() RETURNS integer LANGUAGE sql"
                                + " AS 'INSERT INTO seen VALUES (1) RETURNING n'");
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            Sql.value(connection, "SELECT see()");
            insert(connection, "lazy", List.of(keys.get(1), keys.get(1)));
            assertThat(SqlStates.of(connection::commit)).isEqualTo("23505");
            assertThat(Sql.value(connection, "SELECT count(*) FROM seen")).isEqualTo("0");
            Sql.value(connection, "SELECT see()");
            insert(connection, "lazy", List.of(keys.get(1)));
            connection.commit();
            assertThat(Sql.value(connection, "SELECT count(*) FROM seen")).isEqualTo("1");
        } finally {
            cluster.servers().execute(0, "DROP FUNCTION see; DROP TABLE seen");
        }
        assertNothingPrepared();
    }

    /** The connection of one part is lost, and ROLLBACK TO SAVEPOINT would make the rest look whole. */
    @Test
    void aTransactionThatHasLostAPartIsNotCommitted() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            for (String key : keys) {
                client.query("INSERT INTO kv VALUES ('" + key + "', 'x')");
            }
            client.query("SAVEPOINT s");
            cluster.servers()
                    .value(
                            1,
                            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                                    + " WHERE state = 'idle in transaction'");
            client.query("UPDATE kv SET value = 'y'");
            client.query("ROLLBACK TO s");
            assertThat(client.answer("COMMIT")).noneMatch(text -> text.equals("C COMMIT"));
        }
        for (int shard = 0; shard < 3; shard++) {
            assertThat(cluster.servers().value(shard, "SELECT count(*) FROM kv"))
                    .isEqualTo("0");
        }
        assertNothingPrepared();
    }

    @Test
    void aTransactionThatHasLostItsPartsCanOnlyBeRolledBack() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query("SAVEPOINT s");
            client.query("UPDATE kv SET value = 'y'");
            for (int shard = 0; shard < 3; shard++) {
                cluster.servers()
                        .value(
                                shard,
                                "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                                        + " WHERE state = 'idle in transaction'");
            }
            assertThat(client.answer("UPDATE kv SET value = 'z'")).last().isEqualTo("Z FAILED");
            assertThat(client.answer("ROLLBACK TO s")).hasSize(2).last().isEqualTo("Z FAILED");
            assertThat(client.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("0");
        }
    }

    private static void insert(Connection connection, String table, List<String> rows) throws SQLException {
        List<String> values = rows.stream().map(key -> "('" + key + "', 'x')").toList();
        Sql.execute(connection, "INSERT INTO " + table + " VALUES " + String.join(", ", values));
    }

    private static String count(Connection connection, String table) throws SQLException {
        return Sql.value(connection, "SELECT count(*) FROM " + table);
    }

    private static void assertNothingPrepared() {
        Eventually.succeeds(() -> {
            for (int shard = 0; shard < 3; shard++) {
                assertThat(cluster.servers().value(shard, PREPARED)).isEqualTo("0");
            }
        });
    }
}

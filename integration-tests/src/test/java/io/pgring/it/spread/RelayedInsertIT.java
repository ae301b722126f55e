package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Placement;
import io.pgring.it.support.Sql;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.topology.KeyType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** INSERTs whose rows the proxy reads first: each row is stored once, where it belongs, or none is. */
class RelayedInsertIT {
    private static final int CLIENTS = 4;
    private static final int PER_CLIENT = 250;
    private static final int BYTES_MAX = 256 << 10;

    private static @Nullable Cluster shared;

    @BeforeAll
    static void start() throws Exception {
        shared = Cluster.start(plan -> plan.limits(
                        new Limits(1_000, BYTES_MAX, 60_000, 1 << 20, 5_000, 10_000, 16 << 20))
                .table("tickets", "id", "CREATE TABLE tickets (id serial PRIMARY KEY, note text)")
                .table(
                        "visits",
                        "visitor",
                        "CREATE TABLE visits (visitor bigint, n bigint GENERATED ALWAYS AS IDENTITY, page text,"
                                + " PRIMARY KEY (visitor, n))")
                .table(
                        "tokens",
                        "token",
                        "CREATE TABLE tokens (token uuid PRIMARY KEY DEFAULT gen_random_uuid(), owner text NOT NULL)")
                .everywhere("CREATE DOMAIN brief AS varchar(3); CREATE DOMAIN briefer AS brief CHECK (value <> 'no')")
                .table("words", "id", "CREATE TABLE words (id int PRIMARY KEY, word briefer, words brief[])"));
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

    /** A cast to the domain would cut the value short, which an assignment refuses. */
    @Test
    void valuesOfDomainsAreNotCutShort() throws Exception {
        try (Connection connection = cluster().connect()) {
            Sql.execute(connection, "INSERT INTO words SELECT n, 'abc', ARRAY['abc'] FROM generate_series(1, 9) n");
            assertThat(Sql.value(connection, "SELECT count(*) FROM words WHERE word = 'abc' AND words = '{abc}'"))
                    .isEqualTo("9");
            for (String value : List.of("'abcd'::text, NULL", "'abc', ARRAY['abcd'::text]")) {
                assertThatThrownBy(() -> Sql.execute(
                                connection, "INSERT INTO words SELECT n, " + value + " FROM generate_series(10, 19) n"))
                        .hasMessageContaining("value too long for type character varying(3)");
            }
            assertThatThrownBy(() ->
                            Sql.execute(connection, "INSERT INTO words SELECT n, 'no' FROM generate_series(10, 19) n"))
                    .hasMessageContaining("violates check constraint");
        }
    }

    @BeforeEach
    void empty() throws SQLException {
        cluster().servers().executeEverywhere("TRUNCATE kv, tickets, visits, tokens");
    }

    private interface Work {
        List<Long> run(Connection connection) throws SQLException;
    }

    /** The numbers that all clients together were given. */
    private static List<Long> byManyClients(Work work) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<List<Long>>> done = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                done.add(clients.submit(() -> {
                    try (Connection connection = cluster().connect()) {
                        return work.run(connection);
                    }
                }));
            }
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> numbers : done) {
                all.addAll(numbers.get());
            }
            return all;
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void aSequenceCountsOnceForAllClients() throws Exception {
        List<Long> numbers = byManyClients(connection -> {
            List<Long> mine = new ArrayList<>();
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO tickets (note) VALUES (?) RETURNING id")) {
                for (int i = 0; i < PER_CLIENT; i++) {
                    insert.setString(1, "n" + i);
                    try (ResultSet row = insert.executeQuery()) {
                        row.next();
                        mine.add(row.getLong(1));
                    }
                }
            }
            return mine;
        });

        assertThat(numbers).hasSize(CLIENTS * PER_CLIENT).doesNotHaveDuplicates();
        Placement placement = new Placement(cluster(), "tickets", "id", KeyType.INTEGER);
        assertThat(placement.misplaced()).isZero();
        assertThat(placement.contents()).hasSize(CLIENTS * PER_CLIENT);
    }

    @Test
    void batchesAreGivenNumbersToo() throws Exception {
        try (Connection connection = cluster().connect("reWriteBatchedInserts=true");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO visits (visitor, page) VALUES (?, ?)", new String[] {"n"})) {
            for (int i = 0; i < 100; i++) {
                insert.setLong(1, i % 10);
                insert.setString(2, "/" + i);
                insert.addBatch();
            }
            insert.executeBatch();
            Set<Long> numbers = new HashSet<>();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                while (keys.next()) {
                    numbers.add(keys.getLong(1));
                }
            }
            assertThat(numbers).hasSize(100);
        }
        assertThat(new Placement(cluster(), "visits", "visitor", KeyType.INTEGER).misplaced())
                .isZero();
    }

    @Test
    void aRandomKeyIsDrawnOnce() throws Exception {
        try (Connection connection = cluster().connect()) {
            List<@Nullable String> given = Sql.column(
                    connection,
                    "INSERT INTO tokens (owner) SELECT 'o' || n FROM generate_series(1, 200) AS n RETURNING token::text");
            assertThat(given).hasSize(200).doesNotHaveDuplicates();
            Placement placement = new Placement(cluster(), "tokens", "token", KeyType.UUID);
            assertThat(placement.misplaced()).isZero();
            assertThat(placement.contents().keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            given.stream().map(String::valueOf).toList());
            assertThat(UUID.fromString(String.valueOf(given.get(0))).version()).isEqualTo(4);
        }
    }

    @Test
    void whatFailsOnOneShardLeavesNothingOnAny() throws Exception {
        try (RawClient client = RawClient.connect(cluster().port())) {
            client.query("INSERT INTO kv VALUES ('k7', 'there')");
            assertThat(client.answer("INSERT INTO kv SELECT 'k' || n, 'x' FROM generate_series(1, 50) AS n"))
                    .anyMatch(line -> line.contains("23505"));
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("1");

            client.query("BEGIN");
            client.query("INSERT INTO kv SELECT 'a' || n, 'x' FROM generate_series(1, 50) AS n");
            client.query("INSERT INTO tickets (note) SELECT 'x' FROM generate_series(1, 50)");
            client.query("ROLLBACK");
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("1");
            assertThat(client.value("SELECT count(*) FROM tickets")).isEqualTo("0");
        }
    }

    @Test
    void moreRowsThanTheProxyHoldsAreRefused() throws Exception {
        try (Connection connection = cluster().connect()) {
            String insert = "INSERT INTO kv SELECT 'k' || n, repeat('x', 1000) FROM generate_series(1, %d) AS n";
            assertThatThrownBy(() -> Sql.execute(connection, insert.formatted(1_000)))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("54000"));
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("0");
            assertThat(Sql.update(connection, insert.formatted(100))).isEqualTo(100);
        }
    }

    @Test
    void settingsThatMakeTextInexactAreRefused() throws Exception {
        try (RawClient client = RawClient.connect(cluster().port())) {
            for (String setting : List.of(
                    "SET extra_float_digits = 0", "SET datestyle = 'German'", "SET intervalstyle = 'sql_standard'")) {
                client.query(setting);
                assertThat(client.answer("INSERT INTO tickets (note) VALUES ('x')"))
                        .anyMatch(line -> line.contains("0A000"));
                client.query("RESET ALL");
            }
            client.query("SET datestyle TO ISO, DMY");
            assertThat(client.answer("INSERT INTO tickets (note) VALUES ('x')")).contains("C INSERT 0 1");
        }
    }

    @Test
    void explainTellsThatRowsAreReadFirst() throws Exception {
        try (RawClient client = RawClient.connect(cluster().port())) {
            assertThat(client.answer("EXPLAIN (COSTS off) INSERT INTO kv SELECT key || 'x', value FROM kv"))
                    .anyMatch(line -> line.contains("read first, then each is inserted on the shard of its key"))
                    .anyMatch(line -> line.contains("shards, rows in any order"))
                    .anyMatch(line -> line.contains("Seq Scan on kv"));
            assertThat(client.answer("EXPLAIN INSERT INTO tickets (note) VALUES ('x')"))
                    .anyMatch(line -> line.contains("read first"))
                    .anyMatch(line -> line.contains("Result"));
            assertThat(client.answer("EXPLAIN INSERT INTO kv SELECT key, value FROM kv"))
                    .anyMatch(line -> line.contains("shards, numbers of rows added up"));
            assertThat(client.answer("EXPLAIN ANALYZE INSERT INTO tickets (note) VALUES ('x')"))
                    .anyMatch(line -> line.contains("0A000"));
            assertThat(client.value("SELECT count(*) FROM tickets")).isEqualTo("0");
        }
    }

    @Test
    void whatItsTransactionHasWrittenIsReadByTheHomeShard() throws Exception {
        String insert = "INSERT INTO kv SELECT a.key || b.key, '%s' FROM kv a JOIN kv b ON a.value = b.value";
        try (RawClient client = RawClient.connect(cluster().port())) {
            client.query("BEGIN");
            client.query("INSERT INTO kv SELECT 'k' || n, 'x' FROM generate_series(1, 20) AS n");
            assertThat(client.answer(insert.formatted("y"))).contains("C INSERT 0 400");
            assertThat(client.answer("SAVEPOINT s")).contains("C SAVEPOINT");
            assertThat(client.answer("EXPLAIN " + insert.formatted("z"))).anyMatch(line -> line.contains("0A000"));
            client.query("ROLLBACK TO s");
            client.query("UPDATE kv SET value = repeat('x', 20000) WHERE value = 'x'");
            assertThat(client.answer(insert.formatted("z")))
                    .anyMatch(line -> line.contains("54000"))
                    .last()
                    .isEqualTo("Z FAILED");
            client.query("ROLLBACK TO s");
            assertThat(client.answer("COMMIT")).contains("C COMMIT");
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("420");
            assertThat(new Placement(cluster(), "kv", "key", KeyType.TEXT).misplaced())
                    .isZero();
        }
    }
}

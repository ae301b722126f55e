package io.pgring.it.gather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.ParameterDescription;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients declare tables by the functions of Citus. */
@ExtendWith(SharedServers.class)
class DeclareTablesIT {
    private static final String CLEAN =
            "DROP SCHEMA IF EXISTS pgring, app CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public";

    private final Servers servers;
    private final Cluster cluster;

    DeclareTablesIT(Servers servers) throws Exception {
        this.servers = servers;
        servers.executeEverywhere(CLEAN);
        this.cluster = Cluster.start(plan -> plan.on(servers));
    }

    @BeforeEach
    void tables() throws Exception {
        servers.execute(0, """
                CREATE TABLE events (user_id bigint PRIMARY KEY, note text);
                INSERT INTO events SELECT i, 'note ' || i FROM generate_series(1, 300) i;
                CREATE TABLE countries (code text PRIMARY KEY, name text);
                INSERT INTO countries VALUES ('ch', 'Switzerland'), ('no', 'Norway');
                CREATE SCHEMA app; CREATE TABLE app."Odd.Name" ("Key" text, n integer);
                INSERT INTO app."Odd.Name" SELECT i::text, i FROM generate_series(1, 50) i
                """);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
        servers.executeEverywhere(CLEAN);
    }

    private static void run(Connection client, String function) throws SQLException {
        assertThat(Sql.value(client, "SELECT " + function)).isEmpty();
    }

    private List<Long> rowCounts(String table) throws SQLException {
        List<Long> counts = new ArrayList<>();
        for (int shard = 0; shard < 3; shard++) {
            boolean there = servers.value(shard, "SELECT to_regclass('" + table + "') IS NOT NULL")
                    .equals("t");
            counts.add(there ? Long.parseLong(servers.value(shard, "SELECT count(*) FROM " + table)) : -1);
        }
        return counts;
    }

    private void assertSpread() throws SQLException {
        for (int shard = 0; shard < 3; shard++) {
            try (Connection server = servers.connect(shard)) {
                List<String> ids = Sql.column(server, "SELECT user_id::text FROM events");
                int here = shard;
                assertThat(ids).isNotEmpty().allMatch(id -> cluster.shardOf(Long.parseLong(id)) == here);
            }
        }
    }

    @Test
    void aTableIsShardedAndComesHomeAgainUnderPreparedStatements() throws Exception {
        try (Connection client = cluster.connect("prepareThreshold=1");
                Connection other = cluster.connect();
                PreparedStatement read = other.prepareStatement("SELECT note FROM events WHERE user_id = ?");
                PreparedStatement write =
                        other.prepareStatement("UPDATE events SET note = note || '+' WHERE user_id = ?")) {
            Sql.execute(other, "PREPARE by_sql AS SELECT note FROM events WHERE user_id = $1");
            assertReads(other, read, write, "");

            run(client, "create_distributed_table('events', 'user_id')");

            assertSpread();
            assertReads(other, read, write, "+");
            assertThat(Sql.value(client, "SELECT count(*) FROM events")).isEqualTo("300");
            assertThat(Sql.update(client, "INSERT INTO events VALUES (1000, 'new')"))
                    .isEqualTo(1);

            run(client, "undistribute_table('events')");

            assertThat(rowCounts("events")).containsExactly(301L, -1L, -1L);
            assertReads(other, read, write, "++");
            assertThat(Sql.value(client, "SELECT note FROM events WHERE user_id = 1000"))
                    .isEqualTo("new");
        }
    }

    private static void assertReads(Connection other, PreparedStatement read, PreparedStatement write, String behind)
            throws SQLException {
        for (int id = 1; id < 20; id++) {
            read.setLong(1, id);
            try (ResultSet row = read.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("note " + id + behind);
            }
            assertThat(Sql.value(other, "EXECUTE by_sql(" + id + ")")).isEqualTo("note " + id + behind);
            write.setLong(1, id);
            assertThat(write.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void everyShardHasAReferenceTable() throws Exception {
        try (Connection client = cluster.connect()) {
            run(client, "create_reference_table('public.countries'::regclass) AS done");

            assertThat(rowCounts("countries")).containsExactly(2L, 2L, 2L);
            Sql.execute(client, "INSERT INTO countries VALUES ('se', 'Sweden')");
            assertThat(rowCounts("countries")).containsExactly(3L, 3L, 3L);
            run(client, "pg_catalog.undistribute_table(table_name => 'countries')");
            assertThat(rowCounts("countries")).containsExactly(3L, -1L, -1L);
        }
    }

    @Test
    void namesAreReadAsByRegclass() throws Exception {
        try (Connection client = cluster.connect()) {
            run(client, "create_distributed_table('APP.\"Odd.Name\"', 'Key')");
            assertThat(rowCounts("app.\"Odd.Name\"")).allMatch(count -> count > 0);
            assertThat(Sql.value(client, "SELECT sum(n) FROM app.\"Odd.Name\"")).isEqualTo("1275");
            run(client, "undistribute_table('app.\"Odd.Name\"')");

            Sql.execute(client, "SET search_path = app, public");
            run(client, "create_distributed_table(distribution_column := 'Key', table_name := '\"Odd.Name\"')");
            assertThat(rowCounts("app.\"Odd.Name\"")).allMatch(count -> count > 0);
        }
    }

    @Test
    void argumentsMayBeParameters() throws Exception {
        try (Connection client = cluster.connect();
                PreparedStatement call = client.prepareStatement("SELECT create_distributed_table(?, ?::text)")) {
            call.setString(1, "events");
            call.setString(2, "user_id");
            try (ResultSet row = call.executeQuery()) {
                assertThat(row.getMetaData().getColumnName(1)).isEqualTo("create_distributed_table");
                assertThat(row.getMetaData().getColumnTypeName(1)).isEqualTo("void");
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEmpty();
                assertThat(row.next()).isFalse();
            }
            assertSpread();
        }
    }

    @Test
    void describeTellsParametersAndResult() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            byte[] text = "SELECT create_distributed_table($1, $2)".getBytes(StandardCharsets.UTF_8);
            client.send(new Parse("s", text, new int[0]), new Describe(Target.STATEMENT, "s"), new Sync());
            List<Reply> replies = client.readToReady();
            assertThat(replies.get(1).decode()).isEqualTo(new ParameterDescription(new int[] {2205, 25}));
            RowDescription.Field field =
                    ((RowDescription) replies.get(2).decode()).fields().get(0);
            assertThat(field.name()).isEqualTo("create_distributed_table");
            assertThat(field.typeOid()).isEqualTo(2278);
        }
    }

    @Test
    void psqlSeesWhatCitusWouldSay() throws Exception {
        ProgramResult result = cluster.psql().run("-c", "SELECT create_distributed_table('events', 'user_id')");

        assertThat(result.output()).isEqualTo("""
                 create_distributed_table\s
                --------------------------
                \s
                (1 row)

                """);
        assertThat(result.error()).isEqualTo("""
                NOTICE:  Copying data from local table...
                NOTICE:  copying the data has completed
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "create_distributed_table('nothing', 'user_id')|42P01|relation \"nothing\" does not exist",
                "create_distributed_table('a.b.c.d', 'user_id')|42601|improper",
                "create_distributed_table('events', 'nothing')|42703|column \"nothing\" of relation \"events\" does not exist",
                "create_distributed_table('events', 'note')|0A000|does not compare the key column",
                "create_distributed_table('countries', 'code', 'hash')|0A000|argument \"distribution_type\"",
                "create_distributed_table('countries', 'code', colocate_with => 'none')|0A000|argument \"colocate_with\"",
                "create_distributed_table('countries', 'code', shard_count => 4)|0A000|argument \"shard_count\"",
                "create_distributed_table('countries')|42883|has not these arguments",
                "create_distributed_table('countries', other => 'code')|42883|has not these arguments",
                "create_distributed_table(lower('countries'), 'code')|0A000|must be a string constant",
                "create_distributed_table(NULL, 'code')|22004|cannot be NULL",
                "create_distributed_table('countries', 'code'), 1|0A000|can't be a part of a statement",
                "1 FROM create_distributed_table('countries', 'code')|0A000|can't be a part of a statement",
                "undistribute_table('countries') WHERE true|0A000|can't be a part of a statement",
                "undistribute_table('countries')|42809|is no sharded or reference table",
                "undistribute_table('kv')|55000|is declared in the configuration file",
                "create_reference_table('kv')|42P16|already",
                "create_reference_table('pg_class')|42501|system catalog",
            })
    void whatCantBeIsRefused(String call, String sqlState, String message) throws Exception {
        try (Connection client = cluster.connect()) {
            assertThatThrownBy(() -> Sql.value(client, "SELECT " + call))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo(sqlState))
                    .hasMessageContaining(message);
            assertThat(Sql.value(client, "SELECT count(*) FROM events")).isEqualTo("300");
        }
        assertThat(rowCounts("events")).containsExactly(300L, -1L, -1L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(k text, c text REFERENCES countries)|foreign key",
                "(k text, n text UNIQUE)|does not compare the key column k",
                "(k numeric)|has type numeric",
            })
    void aTableThatShardsCantKeepStaysHome(String columns, String message) throws Exception {
        try (Connection client = cluster.connect()) {
            Sql.execute(client, "CREATE TABLE unfit " + columns);
            assertThatThrownBy(() -> Sql.value(client, "SELECT create_distributed_table('unfit', 'k')"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo("0A000"))
                    .hasMessageContaining(message);
            assertThat(Sql.value(client, "SELECT count(*) FROM unfit")).isEqualTo("0");
        }
    }

    @Test
    void notInATransactionNorAmongOthers() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            String call = "SELECT create_distributed_table('events', 'user_id')";
            client.query("BEGIN");
            assertThat(client.query(call).get(0).sqlState()).isEqualTo("25001");
            assertThat(client.query(call).get(0).sqlState()).isEqualTo("25P02");
            client.query("ROLLBACK");
            assertThat(client.query("SELECT 1; " + call).get(0).sqlState()).isEqualTo("0A000");
            assertThat(client.query("PREPARE p AS " + call).get(0).sqlState()).isEqualTo("0A000");
            assertThat(client.query("EXPLAIN " + call).get(0).sqlState()).isEqualTo("0A000");
            assertThat(rowCounts("events")).containsExactly(300L, -1L, -1L);
        }
    }

    @Test
    void onlyTheOwnerMay() throws Exception {
        servers.execute(
                0,
                "DROP ROLE IF EXISTS reader; CREATE ROLE reader;"
                        + " GRANT USAGE ON SCHEMA public TO reader; GRANT SELECT ON events TO reader");
        try (Connection client = cluster.connect()) {
            Sql.execute(client, "SET ROLE reader");
            assertThatThrownBy(() -> run(client, "create_distributed_table('events', 'user_id')"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo("42501"))
                    .hasMessageContaining("must be owner of table events");
            Sql.execute(client, "RESET ROLE");
            run(client, "create_distributed_table('events', 'user_id')");
        } finally {
            servers.execute(0, "DROP OWNED BY reader; DROP ROLE reader");
        }
    }

    /** A statement that was sent before is waited for, and whoever waits can be told to stop; everybody else goes on. */
    @Test
    void itWaitsForStatementsThatWereSentBeforeAndCanBeCancelled() throws Exception {
        try (RawClient slow = RawClient.connect(cluster.port());
                RawClient client = RawClient.connect(cluster.port());
                RawClient other = RawClient.connect(cluster.port())) {
            slow.send(Query.of("SELECT pg_sleep(300)"));
            Eventually.holds("asleep", () -> sleepers() == 1);
            client.send(Query.of("SELECT create_distributed_table('events', 'user_id')"));
            Eventually.holds(
                    "refused",
                    () -> other.query("SELECT count(*) FROM events").get(0).is(BackendType.ERROR_RESPONSE));
            assertThat(other.value("SELECT count(*) FROM kv")).isEqualTo("0");

            RawClient.cancel(cluster.port(), client.key());

            assertThat(client.readToReady())
                    .anyMatch(reply -> reply.is(BackendType.ERROR_RESPONSE)
                            && reply.sqlState().equals("57014"));
            assertThat(other.value("SELECT count(*) FROM events")).isEqualTo("300");
            RawClient.cancel(cluster.port(), slow.key());
            slow.readToReady();
            client.query("SELECT create_distributed_table('events', 'user_id')");
            assertSpread();
        }
    }

    private long sleepers() throws SQLException {
        long found = 0;
        for (int shard = 0; shard < 3; shard++) {
            found += Long.parseLong(servers.value(
                    shard,
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(%' AND state = 'active'"));
        }
        return found;
    }

    @Test
    void aTransactionThatHasSeenTheTableBeforeFails() throws Exception {
        try (RawClient early = RawClient.connect(cluster.port());
                RawClient client = RawClient.connect(cluster.port())) {
            early.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
            early.query("SELECT count(*) FROM countries");
            client.query("SELECT create_distributed_table('events', 'user_id')");
            assertSpread();

            assertThat(early.query("SELECT count(*) FROM events").get(0).sqlState())
                    .isEqualTo("40001");
            early.query("ROLLBACK");
            assertThat(early.value("SELECT count(*) FROM events")).isEqualTo("300");
        }
    }

    @Test
    void aTableThatWasDroppedIsForgotten() throws Exception {
        try (Connection client = cluster.connect()) {
            run(client, "create_distributed_table('events', 'user_id')");
            Sql.execute(client, "DROP TABLE events");
            assertThat(servers.value(0, "SELECT count(*) FROM pgring.tables")).isEqualTo("0");

            Sql.execute(client, "CREATE TABLE events (id integer)");
            Sql.execute(client, "INSERT INTO events VALUES (1)");
            assertThat(rowCounts("events")).containsExactly(1L, -1L, -1L);
            assertThat(Sql.value(client, "SELECT count(*) FROM events")).isEqualTo("1");
        }
    }

    @Test
    void whatACrashHasLeftIsUndoneWhenAProxyStarts() throws Exception {
        try (Connection client = cluster.connect()) {
            servers.execute(0, """
                    INSERT INTO pgring.tables VALUES
                        ('public', 'events', 's', 'user_id', 'arriving', '00000000-0000-0000-0000-000000000001')
                    """);

            try (Cluster second = Cluster.start(plan -> plan.on(servers));
                    Connection other = second.connect()) {
                assertThat(Sql.value(other, "SELECT count(*) FROM events")).isEqualTo("300");
                assertThat(servers.value(0, "SELECT count(*) FROM pgring.tables"))
                        .isEqualTo("0");
                Eventually.succeeds(() -> Sql.value(client, "SELECT count(*) FROM events"));
            }
        }
    }

    private static boolean isRefused(Connection client, String sql, String sqlState) throws SQLException {
        try {
            Sql.execute(client, sql);
            return false;
        } catch (SQLException e) {
            if (!sqlState.equals(e.getSQLState())) {
                throw e;
            }
            return true;
        }
    }

    /** Others may have stopped to wait for it. */
    @Test
    void aProxyThatCantSayThatItIsAliveTrustsNothing() throws Exception {
        String key = cluster.keyOn(1, "alive");
        try (Connection client = cluster.connect();
                Connection locker = servers.connect(0)) {
            locker.setAutoCommit(false);
            Sql.execute(locker, "LOCK TABLE pgring.proxies IN ACCESS EXCLUSIVE MODE");
            Eventually.holds("lapsed", () -> isRefused(client, "SELECT count(*) FROM events", "08006"));
            assertThat(Sql.update(client, "INSERT INTO kv VALUES (?, 'x')", key))
                    .isEqualTo(1);

            locker.rollback();

            Eventually.succeeds(() -> Sql.value(client, "SELECT count(*) FROM events"));
        }
    }

    @Test
    void aProxyWaitsForTheOthersThatAreAlive() throws Exception {
        try (Connection client = cluster.connect()) {
            servers.execute(
                    0, "INSERT INTO pgring.proxies VALUES (gen_random_uuid(), 'old', now() + interval '1 hour')");
            try (RawClient waiting = RawClient.connect(cluster.port())) {
                waiting.send(Query.of("SELECT create_distributed_table('events', 'user_id')"));
                Eventually.holds("on its way", () -> isRefused(client, "SELECT count(*) FROM events", "0A000"));
                assertThat(rowCounts("events")).containsExactly(300L, -1L, -1L);

                servers.execute(0, "DELETE FROM pgring.proxies WHERE known = 'old'");

                waiting.readToReady();
                assertSpread();
                assertThat(Sql.value(client, "SELECT count(*) FROM events")).isEqualTo("300");
            }
        }
    }
}

package io.pgring.it.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.Query;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client keeps its server connection as long as it has left something in the session there, and nobody else ever finds any of it. */
class PinIT extends TwoClients {
    private static final String ADVISORY_LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'";
    private static final String TEMPORARY =
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname LIKE 'pg\\_temp\\_%'";

    PinIT(Cluster shared) {
        super(shared);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        client.close();
        other.close();
        Pins.go(cluster);
        // a server that was ended cleans up behind its client's back, and the control threads lock for a moment
        Eventually.succeeds(() -> {
            assertThat(cluster.servers().value(0, TEMPORARY)).isEqualTo("0");
            assertThat(cluster.servers().value(0, ADVISORY_LOCKS)).isEqualTo("0");
        });
    }

    // ---- temporary tables -------------------------------------------------------------------------------------------

    @Test
    void aTemporaryTableIsItsClientsAlone() throws Exception {
        client.query("CREATE TEMP TABLE mine (id int)");
        Pins.come(cluster, 1);
        assertThat(Pins.now(cluster, "temporaryObjects")).isEqualTo(1);
        assertThat(client.answer("INSERT INTO mine VALUES (1), (2)")).endsWith("C INSERT 0 2", "Z IDLE");
        for (int i = 0; i < 5; i++) {
            assertThat(client.value("SELECT count(*) FROM mine")).isEqualTo("2");
            assertThat(sqlState(other.query("SELECT count(*) FROM mine"))).isEqualTo("42P01");
        }

        client.query("DROP TABLE mine");

        Pins.go(cluster);
        assertThat(sqlState(client.query("SELECT count(*) FROM mine"))).isEqualTo("42P01");
        assertThat(Pins.total(cluster)).isEqualTo(1);
    }

    @Test
    void twoClientsHaveTemporaryTablesOfOneName() throws Exception {
        client.query("CREATE TEMP TABLE same AS SELECT 'client' AS who");
        other.query("CREATE TEMP TABLE same AS SELECT 'other' AS who");
        Pins.come(cluster, 2);

        for (int i = 0; i < 3; i++) {
            assertThat(client.value("SELECT who FROM same")).isEqualTo("client");
            assertThat(other.value("SELECT who FROM same")).isEqualTo("other");
        }
    }

    @Test
    void rowsOfATemporaryTableGoAsItSays() throws Exception {
        client.query("CREATE TEMP TABLE emptied (id int) ON COMMIT DELETE ROWS");
        client.query("CREATE TEMP TABLE preserved (id int) ON COMMIT PRESERVE ROWS");
        client.query("BEGIN");
        client.query("INSERT INTO emptied VALUES (1)");
        client.query("INSERT INTO preserved VALUES (1)");
        assertThat(client.value("SELECT count(*) FROM emptied")).isEqualTo("1");
        client.query("COMMIT");

        assertThat(client.value("SELECT count(*) FROM emptied")).isEqualTo("0");
        assertThat(client.value("SELECT count(*) FROM preserved")).isEqualTo("1");
        Pins.come(cluster, 1);
    }

    @Test
    void aTableThatGoesWithItsTransactionPinsNobody() throws Exception {
        client.query("BEGIN");
        client.query("CREATE TEMP TABLE passing (id int) ON COMMIT DROP");
        client.query("INSERT INTO passing VALUES (1)");
        assertThat(client.value("SELECT count(*) FROM passing")).isEqualTo("1");
        assertThat(client.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
        client.query("BEGIN");
        client.query("CREATE TEMP TABLE undone (id int)");
        client.query("ROLLBACK");

        assertThat(sqlState(client.query("SELECT * FROM undone"))).isEqualTo("42P01");
        Pins.go(cluster);
        assertThat(Pins.total(cluster)).isZero();
    }

    @Test
    void temporaryViewsSequencesAndFunctionsPinToo() throws Exception {
        client.query("CREATE TEMP VIEW seen AS SELECT 1 AS one");
        client.query("CREATE TEMP SEQUENCE counted");
        client.query("CREATE FUNCTION pg_temp.twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1'");
        client.query("SELECT 5 AS n INTO TEMP chosen");
        Pins.come(cluster, 1);

        assertThat(client.value("SELECT one FROM seen")).isEqualTo("1");
        assertThat(client.value("SELECT nextval('counted')")).isEqualTo("1");
        assertThat(client.value("SELECT currval('counted')")).isEqualTo("1");
        assertThat(client.value("SELECT pg_temp.twice(n) FROM chosen")).isEqualTo("10");
        client.query("DISCARD TEMP");

        Pins.go(cluster);
        assertThat(sqlState(client.query("SELECT one FROM seen"))).isEqualTo("42P01");
    }

    @Test
    void aTemporaryTableCannotHaveTheNameOfASharded() throws Exception {
        for (String sql : List.of(
                "CREATE TEMP TABLE kv (key text, value text)",
                "CREATE TEMP TABLE IF NOT EXISTS kv AS SELECT 1",
                "CREATE TABLE pg_temp.kv (key text)",
                "CREATE TEMP VIEW kv AS SELECT 1 AS key",
                "SELECT 1 AS key INTO TEMP kv",
                "SELECT 1 AS key INTO pg_temp.kv")) {
            assertThat(sqlState(client.query(sql))).as(sql).isEqualTo("0A000");
        }
        client.query("CREATE TEMP TABLE fine (key text)");
        assertThat(sqlState(client.query("ALTER TABLE fine RENAME TO kv"))).isEqualTo("0A000");
    }

    @Test
    void rowsOfAllShardsMeetATemporaryTable() throws Exception {
        for (int i = 0; i < 30; i++) {
            client.query("INSERT INTO kv VALUES ('t" + i + "', '" + i + "')");
        }
        client.query("CREATE TEMP TABLE wanted (key text)");
        client.query("INSERT INTO wanted VALUES ('t3'), ('t7'), ('none')");

        assertThat(client.value("SELECT count(*) FROM kv JOIN wanted USING (key)"))
                .isEqualTo("2");
        assertThat(client.answer("INSERT INTO wanted SELECT key FROM kv WHERE value::int >= 20"))
                .endsWith("C INSERT 0 10", "Z IDLE");
        assertThat(client.value("SELECT count(*) FROM wanted")).isEqualTo("13");
        assertThat(sqlState(other.query("SELECT count(*) FROM kv JOIN wanted USING (key)")))
                .isEqualTo("42P01");
        client.query("BEGIN");
        client.query("UPDATE kv SET value = '99'");
        client.query("INSERT INTO wanted VALUES ('t1')");
        assertThat(client.value("SELECT sum(value::int) FROM kv JOIN wanted USING (key)"))
                .isEqualTo("1287");
        assertThat(client.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
        assertThat(other.value("SELECT count(*) FROM kv WHERE value = '99'")).isEqualTo("30");
    }

    @Test
    void aPreparedStatementOfOthersDoesNotHideATemporaryTable() throws Exception {
        shared.servers().executeEverywhere("CREATE TABLE IF NOT EXISTS hidden (who text)");
        shared.servers().executeEverywhere("TRUNCATE hidden; INSERT INTO hidden VALUES ('public')");
        assertThat(prepared(client)).contains("public");
        assertThat(prepared(other)).contains("public");

        client.query("CREATE TEMP TABLE hidden AS SELECT 'temporary' AS who");

        for (int i = 0; i < 3; i++) {
            assertThat(prepared(client)).contains("temporary");
            assertThat(prepared(other)).contains("public");
        }
        client.query("DROP TABLE pg_temp.hidden");
        assertThat(prepared(client)).contains("public");
    }

    private static String prepared(RawClient by) throws IOException {
        by.query("PREPARE of_hidden AS SELECT who FROM hidden");
        String answer = by.answer("EXECUTE of_hidden").toString();
        by.query("DEALLOCATE of_hidden");
        return answer;
    }

    // ---- advisory locks ---------------------------------------------------------------------------------------------

    @Test
    void clientsExcludeEachOtherByAdvisoryLocks() throws Exception {
        client.query("SELECT pg_advisory_lock(7)");
        Pins.come(cluster, 1);
        assertThat(Pins.now(cluster, "advisoryLocks")).isEqualTo(1);
        assertThat(other.value("SELECT pg_try_advisory_lock(7)")).isEqualTo("f");
        assertThat(client.value("SELECT pg_try_advisory_lock(7)")).isEqualTo("t");

        assertThat(client.value("SELECT pg_advisory_unlock(7)")).isEqualTo("t");
        assertThat(other.value("SELECT pg_try_advisory_lock(7)")).isEqualTo("f");
        assertThat(client.value("SELECT pg_advisory_unlock(7)")).isEqualTo("t");

        Pins.go(cluster);
        assertThat(other.value("SELECT pg_try_advisory_lock(7)")).isEqualTo("t");
        assertThat(client.value("SELECT pg_advisory_unlock(7)")).isEqualTo("f");
        other.query("SELECT pg_advisory_unlock_all()");
        Pins.go(cluster);
    }

    @Test
    void anAdvisoryLockOutlivesARollback() throws Exception {
        client.query("BEGIN");
        client.query("SELECT pg_advisory_lock(8)");
        client.query("ROLLBACK");

        assertThat(other.value("SELECT pg_try_advisory_lock(8)")).isEqualTo("f");
        client.query("DISCARD ALL");
        assertThat(other.value("SELECT pg_try_advisory_lock(8)")).isEqualTo("t");
    }

    @Test
    void aLockOfTheTransactionIsNotTakenOnAnotherShard() throws Exception {
        String key = cluster.keyOn(1, "locked");
        assertThat(sqlState(client.query("SELECT pg_advisory_xact_lock(1), key FROM kv WHERE key = '" + key + "'")))
                .isEqualTo("0A000");
        assertThat(sqlState(client.query("SELECT pg_advisory_lock(1), key FROM kv WHERE key = '" + key + "'")))
                .isEqualTo("0A000");
    }

    // ---- cursors WITH HOLD ------------------------------------------------------------------------------------------

    @Test
    void aCursorIsHeldOnItsShard() throws Exception {
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            String key = cluster.keyOn(shard, "held");
            client.query("INSERT INTO kv VALUES ('" + key + "', 'v" + shard + "')");
            client.query("BEGIN");
            client.query("DECLARE c CURSOR WITH HOLD FOR SELECT value FROM kv WHERE key = '" + key + "'");
            client.query("COMMIT");
            Pins.come(cluster, 1);
            Pins.stay(cluster, shard, 1);
            assertThat(sqlState(other.query("FETCH c"))).isEqualTo("34000");
            assertThat(client.value("FETCH c")).isEqualTo("v" + shard);
            assertThat(client.answer("CLOSE c")).containsExactly("C CLOSE CURSOR", "Z IDLE");
            Pins.go(cluster);
        }
        assertThat(sqlState(client.query("FETCH c"))).isEqualTo("34000");
    }

    @Test
    void aCursorOverAllShardsIsHeldAtHome() throws Exception {
        for (int i = 0; i < 20; i++) {
            client.query("INSERT INTO kv VALUES ('h" + i + "', '" + i + "')");
        }
        client.query("DECLARE c CURSOR WITH HOLD FOR SELECT value FROM kv ORDER BY value::int");
        client.query("DELETE FROM kv");
        Pins.come(cluster, 1);

        assertThat(client.answer("FETCH 2 FROM c")).contains("D ......0", "D ......1");
        assertThat(client.answer("CLOSE ALL")).containsExactly("C CLOSE CURSOR ALL", "Z IDLE");
        Pins.go(cluster);
    }

    @Test
    void aCursorOfATransactionThatIsRolledBackIsNotHeld() throws Exception {
        client.query("BEGIN");
        client.query("DECLARE c CURSOR WITH HOLD FOR SELECT 1");
        client.query("ROLLBACK");
        assertThat(sqlState(client.query("FETCH c"))).isEqualTo("34000");
        Pins.go(cluster);
        assertThat(Pins.total(cluster)).isZero();
    }

    // ---- other state ------------------------------------------------------------------------------------------------

    @Test
    void aLoadedLibraryPinsUntilTheEnd() throws Exception {
        client.query("LOAD 'auto_explain'");
        Pins.come(cluster, 1);
        assertThat(Pins.now(cluster, "libraries")).isEqualTo(1);
        assertThat(client.value("SELECT setting FROM pg_settings WHERE name = 'auto_explain.log_analyze'"))
                .isEqualTo("off");

        client.query("DISCARD ALL");

        Pins.go(cluster);
        assertThat(other.value("SELECT count(*) FROM pg_settings WHERE name = 'auto_explain.log_analyze'"))
                .isEqualTo("0");
    }

    @Test
    void discardAllLeavesNothing() throws Exception {
        client.query("CREATE TEMP TABLE mine (id int)");
        client.query("SELECT pg_advisory_lock(9)");
        client.query("DECLARE c CURSOR WITH HOLD FOR SELECT 1");
        client.query("SET work_mem = '7MB'");
        assertThat(client.value("SHOW work_mem")).isEqualTo("7MB");

        assertThat(client.answer("DISCARD ALL")).endsWith("C DISCARD ALL", "Z IDLE");

        assertThat(other.value("SELECT pg_try_advisory_lock(9)")).isEqualTo("t");
        other.query("SELECT pg_advisory_unlock(9)");
        assertThat(client.value("SHOW work_mem")).isEqualTo("4MB");
        assertThat(sqlState(client.query("SELECT * FROM mine"))).isEqualTo("42P01");
        assertThat(sqlState(client.query("FETCH c"))).isEqualTo("34000");
        Pins.go(cluster);
    }

    @Test
    void settingsOfAPinnedClientStayItsOwn() throws Exception {
        client.query("SET work_mem = '5MB'");
        client.query("CREATE TEMP TABLE mine (id int)");
        client.query("SET work_mem = '6MB'");
        assertThat(client.value("SHOW work_mem")).isEqualTo("6MB");
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            String key = cluster.keyOn(shard, "s");
            client.query("INSERT INTO kv VALUES ('" + key + "', '')");
            assertThat(client.value("SELECT current_setting('work_mem') FROM kv WHERE key = '" + key + "'"))
                    .isEqualTo("6MB");
            assertThat(other.value("SELECT current_setting('work_mem') FROM kv WHERE key = '" + key + "'"))
                    .isEqualTo("4MB");
        }
    }

    @Test
    void aKeptConnectionIsMendedWhenATableHasChanged() throws Exception {
        shared.servers().executeEverywhere("DROP TABLE IF EXISTS pin_changing; CREATE TABLE pin_changing (id int)");
        client.query("CREATE TEMP TABLE mine (id int)");
        client.query("SET work_mem = '6MB'");
        other.query("PREPARE stale AS SELECT * FROM pin_changing");
        assertThat(other.answer("EXECUTE stale")).endsWith("C SELECT 0", "Z IDLE");
        shared.servers().executeEverywhere("ALTER TABLE pin_changing ADD COLUMN more int");

        assertThat(sqlState(other.query("EXECUTE stale"))).isEqualTo("0A000");

        assertThat(client.value("SELECT count(*) FROM mine")).isEqualTo("0");
        assertThat(client.value("SELECT current_setting('work_mem') FROM pg_class LIMIT 1"))
                .isEqualTo("6MB");
        assertThat(other.value("SELECT count(*) FROM pin_changing")).isEqualTo("0");
    }

    @Test
    void noConnectionIsClosedForAnErrorThatAFunctionRaises() throws Exception {
        client.query("CREATE FUNCTION raising() RETURNS void LANGUAGE plpgsql AS"
                + " $$BEGIN RAISE 'prepared statement \"pgring_0\" does not exist' USING ERRCODE = '26000'; END$$");
        String process = "SELECT pg_backend_pid() FROM pg_class LIMIT 1";
        String before = client.value(process);
        client.query("PREPARE raises AS SELECT raising()");

        assertThat(sqlState(client.query("SELECT raising()"))).isEqualTo("26000");
        assertThat(sqlState(client.query("EXECUTE raises"))).isEqualTo("26000");

        assertThat(client.value(process)).isEqualTo(before);
        client.query("DROP FUNCTION raising()");
    }

    @Test
    void aFunctionThatLeavesATemporaryTableIsRefused() throws Exception {
        String create =
                "CREATE FUNCTION %s() RETURNS void LANGUAGE plpgsql AS 'BEGIN CREATE TEMP TABLE %s (id int)%s; END'";
        client.query(create.formatted("leaving", "behind", ""));
        client.query(create.formatted("tidying", "away", " ON COMMIT DROP"));
        assertThat(sqlState(client.query("SELECT leaving()"))).isEqualTo("0A000");
        assertThat(client.answer("SELECT tidying()")).endsWith("C SELECT 1", "Z IDLE");
        client.query("DROP FUNCTION leaving()");
        client.query("DROP FUNCTION tidying()");
    }

    @Test
    void whoWaitsIsToldThatConnectionsAreKept() throws Exception {
        try (Cluster impatient =
                        Cluster.start(plan -> plan.beside(shared).threads(1).pool(twoConnections(IMPATIENT_MILLIS)));
                RawClient one = RawClient.connect(impatient.port());
                RawClient two = RawClient.connect(impatient.port());
                RawClient third = RawClient.connect(impatient.port())) {
            one.query("CREATE TEMP TABLE mine (id int)");
            two.query("CREATE TEMP TABLE mine (id int)");
            Pins.come(impatient, 2);
            List<String> answer = third.answer("SELECT count(*) FROM pg_class WHERE relname = 'mine'");
            assertThat(answer.toString()).contains("53300").contains("Sessions keep 2 of the 2 connections");
        }
    }

    @Test
    void theEndOfAClientIsTheEndOfWhatItHasLeft() throws Exception {
        for (String last : List.of("", "BEGIN", "SELECT pg_sleep(60)", "BEGIN; SELECT 1/0", "COPY mine FROM STDIN")) {
            try (RawClient gone = RawClient.connect(cluster.port())) {
                gone.query("CREATE TEMP TABLE mine (id int)");
                gone.query("SELECT pg_advisory_lock(10)");
                if (!last.isEmpty()) {
                    gone.send(Query.of(last));
                    gone.send(new Flush());
                }
                if (last.startsWith("BEGIN")) {
                    gone.readToReady();
                }
            }
            Pins.go(cluster);
            Eventually.succeeds(() -> assertThat(cluster.servers().value(0, ADVISORY_LOCKS))
                    .as(last)
                    .isEqualTo("0"));
            assertThat(sqlState(other.query("SELECT count(*) FROM mine")))
                    .as(last)
                    .isEqualTo("42P01");
        }
    }

    @Test
    void aClientLosesItsSessionWithItsServer() throws Exception {
        client.query("CREATE TEMP TABLE mine (id int)");
        Pins.come(cluster, 1);
        String pid = client.value("SELECT pg_backend_pid() FROM pg_class LIMIT 1");

        other.query("SELECT pg_terminate_backend(" + pid + ")");

        assertThat(client.readToEnd().toString()).contains("08006");
    }

    static String sqlState(List<Reply> replies) {
        return replies.stream()
                .filter(reply -> reply.is(BackendType.ERROR_RESPONSE))
                .findFirst()
                .map(reply -> reply.error().sqlState())
                .orElse("none: " + replies);
    }
}

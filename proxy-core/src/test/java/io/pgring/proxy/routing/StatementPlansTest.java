package io.pgring.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.metrics.PinReason;
import io.pgring.proxy.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of cursors, PREPARE, EXECUTE, EXPLAIN and SHOW. */
class StatementPlansTest {
    private final Topology topology = Topologies.ofShards(5);
    private final Planner planner = new Planner(() -> topology, 100);

    private Plan plan(String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        return planner.plan(text, 0, text.length);
    }

    private <T> T plan(Class<T> type, String sql) {
        PlannedStatement single = plan(sql).single();
        assertThat(single).isInstanceOf(type);
        return Objects.requireNonNull(type.cast(single));
    }

    private ErrorResponse refusal(String sql) {
        return plan(PlannedStatement.Refused.class, sql).error();
    }

    @Test
    void aCursorGoesWhereItsQueryGoes() {
        Plan plan = plan("DECLARE c CURSOR FOR SELECT * FROM kv WHERE key = 'a'");
        Route expected = planner.route(plan("SELECT * FROM kv WHERE key = 'a'"));
        assertThat(planner.route(plan("DECLARE c CURSOR FOR SELECT * FROM kv WHERE key = 'a'")))
                .isEqualTo(expected);
        assertThat(plan.usesCursors()).isTrue();
        assertThat(plan.namesSharded()).isTrue();
        assertThat(plan.writes()).isFalse();
        assertThat(planner.route(plan("DECLARE c CURSOR FOR SELECT * FROM notes")))
                .isEqualTo(planner.home());
    }

    @Test
    void aCursorThatLocksRowsWrites() {
        assertThat(plan("DECLARE c CURSOR FOR SELECT * FROM kv WHERE key = 'a' FOR UPDATE")
                        .writes())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DECLARE c CURSOR WITH HOLD FOR SELECT 1 | HELD_CURSORS",
                "CREATE TEMP TABLE t (a int) | TEMPORARY_OBJECTS",
                "SELECT 1 AS one INTO TEMP t | TEMPORARY_OBJECTS",
                "DISCARD TEMP | TEMPORARY_OBJECTS",
                "SELECT pg_advisory_lock(1) | ADVISORY_LOCKS",
                "SELECT pg_advisory_unlock_all() | ADVISORY_LOCKS",
                "LOAD 'auto_explain' | LIBRARIES",
                "SELECT setseed(0.5) | FUNCTIONS"
            })
    void whatMayBeLeftInTheSession(String sql, PinReason reason) {
        assertThat(plan(sql).leaves()).containsExactly(reason);
        assertThat(plan(sql).takesAway()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TEMP TABLE kv (key text)",
                "CREATE TABLE pg_temp.kv (key text)",
                "CREATE TEMP TABLE t AS SELECT * FROM kv",
                "SELECT pg_advisory_lock(1) FROM kv WHERE key = 'a'",
                "SELECT pg_advisory_xact_lock(1) FROM kv WHERE key = 'a'",
                "SELECT set_config('work_mem', '1MB', false) FROM notes"
            })
    void stateOfASessionAndRowsOfShardsDoNotMix(String sql) {
        assertThat(refusal(sql).fields().sqlState()).isEqualTo("0A000");
    }

    @Test
    void setConfigOfKnownValuesIsASetting() {
        assertThat(plan(
                        PlannedStatement.Configure.class,
                        "SELECT set_config('work_mem', $1, true), set_config($2, 'x', $3)"))
                .satisfies(configure -> assertThat(configure.assignments()).hasSize(2))
                .satisfies(configure -> assertThat(configure.parameterCount()).isEqualTo(3))
                .satisfies(configure -> assertThat(configure.place(2)).isEqualTo(2));
    }

    @Test
    void aSettingMayBeReadWhereAnotherIsMade() {
        String both = "SELECT current_setting('jit') AS cur, set_config('jit', 'off', false) AS new";
        assertThat(plan(PlannedStatement.Configure.class, both))
                .satisfies(configure -> assertThat(configure.calls()).hasSize(2))
                .satisfies(configure -> assertThat(configure.assignments()).hasSize(1));
        assertThat(plan("SELECT current_setting('jit')").single()).isNotInstanceOf(PlannedStatement.Configure.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FETCH 3 FROM c | FETCH",
                "MOVE BACKWARD ALL IN c | FETCH",
                "CLOSE c | CLOSE",
                "UPDATE kv SET value = 'x' WHERE CURRENT OF c | CHANGE",
                "UPDATE kv SET value = lower(value) WHERE CURRENT OF c RETURNING * | CHANGE",
                "DELETE FROM kv WHERE CURRENT OF c | CHANGE"
            })
    void whatUsesACursor(String sql, PlannedStatement.OnCursor.Use use) {
        assertThat(plan(PlannedStatement.OnCursor.class, sql)).isEqualTo(new PlannedStatement.OnCursor("c", use));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE kv SET value = (SELECT max(value) FROM kv) WHERE CURRENT OF c",
                "UPDATE kv SET value = nextval('s')::text WHERE CURRENT OF c",
                "UPDATE kv SET key = 'other' WHERE CURRENT OF c",
                "DELETE FROM kv USING kv AS other WHERE CURRENT OF c"
            })
    void theCurrentRowIsChangedByNothingElse(String sql) {
        assertThat(plan(sql).single()).isNotInstanceOf(PlannedStatement.OnCursor.class);
    }

    @Test
    void aPreparedStatementKeepsItsPlaceInTheText() {
        String sql = "PREPARE \"ä\" (bigint, text, int[]) AS SELECT $1, $2";
        PlannedStatement.Prepare prepare = plan(PlannedStatement.Prepare.class, sql);
        assertThat(prepare.name()).isEqualTo("ä");
        assertThat(prepare.typeOids()).containsExactly(20, 25, 1007);
        assertThat(new String(prepare.text(), StandardCharsets.UTF_8))
                .isEqualTo(" ".repeat(sql.indexOf("SELECT")) + "SELECT $1, $2");
    }

    @Test
    void typesThatAreNotEveryServersAreRefused() {
        assertThat(refusal("PREPARE p (mood) AS SELECT $1").fields().sqlState()).isEqualTo("0A000");
        assertThat(refusal("PREPARE p (float(3)) AS SELECT $1").fields().sqlState())
                .isEqualTo("0A000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'it''s' | it's",
                "E'a\\tb' | a\tb",
                "42 | 42",
                "007 | 7",
                "-5 | -5",
                "- 0 | 0",
                "1.50 | 1.50",
                ".5 | 0.5",
                "1e3 | 1000",
                "-1.5e-3 | -0.0015",
                "true | true",
                "'5'::int8 | 5",
                "CAST('x' AS text) | x",
                "date '2020-02-29' | 2020-02-29"
            })
    void constantsAsTheTextOfAParameter(String sql, String value) {
        List<ExecuteArgument> arguments =
                plan(PlannedStatement.Execute.class, "EXECUTE p (" + sql + ")").arguments();
        assertThat(arguments).hasSize(1);
        assertThat(arguments.get(0).value()).isEqualTo(value.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 + 1", "now()", "$1", "1e100000", "'a' || 'b'", "B'1'", "'5'::varchar(1)", "ARRAY[1]"})
    void expressionsAreRefused(String sql) {
        assertThat(refusal("EXECUTE p (" + sql + ")").fields().sqlState()).isEqualTo("0A000");
    }

    @Test
    void executionsAreNotRemembered() {
        plan("EXECUTE p (1)");
        plan("SELECT * FROM kv WHERE key = 'a'");
        plan("SELECT * FROM kv WHERE key = 'b'");
        assertThat(planner.plans())
                .extracting(List::toString)
                .containsExactly(Stream.of("select * from kv where key = ?", "by the key, or scattered", "", "1")
                        .toList()
                        .toString());
    }

    @Test
    void noStringOfAnyTextIsShown() {
        plan("CREATE ROLE someone PASSWORD 'secret'");
        plan("DO $$ secret $$");
        assertThat(planner.plans().toString()).doesNotContain("secret");
    }

    @Test
    void explainGoesWhereItsStatementGoes() {
        Route inner = planner.route(plan("SELECT * FROM kv WHERE key = 'a'"));
        assertThat(planner.route(plan("EXPLAIN SELECT * FROM kv WHERE key = 'a'")))
                .isInstanceOfSatisfying(
                        Route.Explained.class,
                        explained -> assertThat(explained.route()).isEqualTo(inner));
        assertThat(planner.route(plan("EXPLAIN SELECT * FROM notes"))).isEqualTo(planner.home());
    }

    @Test
    void explainWritesWhenItRunsAWrite() {
        assertThat(plan("EXPLAIN DELETE FROM kv WHERE key = 'a'").writes()).isFalse();
        assertThat(plan("EXPLAIN ANALYZE DELETE FROM kv WHERE key = 'a'").writes())
                .isTrue();
        assertThat(plan("EXPLAIN ANALYZE SELECT * FROM kv").writes()).isFalse();
    }

    @Test
    void plansOfSeveralShardsAreText() {
        assertThat(planner.route(plan("EXPLAIN (FORMAT TEXT) SELECT * FROM kv")))
                .isInstanceOf(Route.Explained.class);
        assertThat(planner.route(plan("EXPLAIN (FORMAT JSON) SELECT * FROM kv")))
                .isInstanceOf(Route.Refuse.class);
        assertThat(planner.route(plan("EXPLAIN (FORMAT JSON) SELECT * FROM kv WHERE key = 'a'")))
                .isInstanceOf(Route.Explained.class);
    }

    @Test
    void viewsOfTheSessionAreRefused() {
        assertThat(refusal("SELECT * FROM pg_prepared_statements").fields().sqlState())
                .isEqualTo("0A000");
        assertThat(refusal("SELECT * FROM pg_catalog.pg_cursors").fields().sqlState())
                .isEqualTo("0A000");
    }

    @Test
    void whatTheProxyShows() {
        assertThat(plan("SHOW pgring.plans").single())
                .isEqualTo(new PlannedStatement.Report(PlannedStatement.Report.Subject.PLANS));
        assertThat(plan("SHOW work_mem").single()).isInstanceOf(PlannedStatement.Anywhere.class);
    }
}

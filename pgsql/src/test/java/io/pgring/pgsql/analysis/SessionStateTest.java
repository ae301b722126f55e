package io.pgring.pgsql.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.parser.Parser;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionStateTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SET_CONFIG         | SELECT set_config('a.b', 'c', false)
            SET_CONFIG         | SELECT value FROM kv WHERE key = 'a' AND pg_catalog.set_config('a.b', 'c', true) = 'c'
            SET_CONFIG         | DO $$ BEGIN SET search_path = app; END $$
            SET_CONFIG         | DO $$ BEGIN IF true THEN RESET ALL; END IF; END $$
            ADVISORY_LOCK      | SELECT pg_advisory_lock(1)
            ADVISORY_LOCK      | SELECT pg_try_advisory_lock_shared(1, 2)
            ADVISORY_LOCK      | SELECT pg_advisory_unlock_all()
            ADVISORY_LOCK      | DO $$ BEGIN PERFORM pg_advisory_lock(1); END $$
            TEMPORARY_TABLE    | CREATE TEMP TABLE t (a int)
            TEMPORARY_TABLE    | CREATE LOCAL TEMPORARY TABLE t (a int)
            TEMPORARY_TABLE    | CREATE OR REPLACE TEMP VIEW t AS SELECT 1
            TEMPORARY_TABLE    | CREATE TABLE pg_temp.t (a int)
            TEMPORARY_TABLE    | SELECT 1 INTO TEMP t
            TEMPORARY_TABLE    | SELECT * FROM pg_temp.t
            TEMPORARY_TABLE    | DROP TABLE pg_temp_3.t
            TEMPORARY_TABLE    | DO $$ BEGIN CREATE TEMP TABLE t (a int); END $$
            LISTEN             | LISTEN c
            LISTEN             | UNLISTEN *
            HOLD_CURSOR        | DECLARE c CURSOR WITH HOLD FOR SELECT 1
            CURSOR             | FETCH ALL FROM c
            CURSOR             | MOVE 3 IN c
            CURSOR             | CLOSE ALL
            LOAD               | LOAD 'auto_explain'
            PREPARED_STATEMENT | PREPARE p AS SELECT 1
            PREPARED_STATEMENT | EXECUTE p
            PREPARED_STATEMENT | DEALLOCATE ALL
            PREPARED_STATEMENT | CREATE TABLE t AS EXECUTE p(1)
            SEQUENCE_VALUE     | SELECT currval('s')
            SEQUENCE_VALUE     | SELECT lastval()
            OTHER              | SELECT setseed(0.5)
            """)
    void namesTheState(SessionState state, String sql) {
        assertThat(states(sql)).contains(state);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SELECT value FROM kv WHERE key = 'set_config'",
                "SELECT pg_advisory_xact_lock(1)",
                "SELECT nextval('s')",
                "CREATE TABLE t (temp int)",
                "DECLARE c CURSOR WITHOUT HOLD FOR SELECT 1",
                "DO $$ BEGIN UPDATE other SET a = 1; END $$",
                "UPDATE kv SET value = 'LISTEN' WHERE key = 'a'",
            })
    void namesNone(String sql) {
        assertThat(states(sql)).isEmpty();
    }

    private static Set<SessionState> states(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        var statement = Parser.parse(text, 0, text.length).statements().get(0);
        return ShardAnalysis.analyze(statement, new FakeCatalog()).sessionStates();
    }
}

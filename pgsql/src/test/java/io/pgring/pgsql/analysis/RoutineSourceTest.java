package io.pgring.pgsql.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutineSourceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN SET search_path = t1; END",
                "BEGIN /* or -- */ SET search_path = t1; END",
                "BEGIN\n-- a comment; begin\nSET ROLE r; END",
                "BEGIN IF true THEN/**/RESET ALL; END IF; END",
                "BEGIN <<here>> LOOP DISCARD ALL; END LOOP; END",
                "SELECT 1; LISTEN x",
                "BEGIN PERFORM set_config('role', r, false); END",
                "SELECT pg_advisory_lock(1)",
                "BEGIN CREATE /* */ TEMP TABLE t (); END",
                "BEGIN EXECUTE 'SET ROLE ' || r; END",
                "BEGIN EXECUTE 'SE' || 'T ROLE r'; END",
                "BEGIN EXECUTE E'\\n set role r'; END",
                "BEGIN EXECUTE $q$SET ROLE r$q$; END",
                "BEGIN EXECUTE format('SET ROLE %I', r); END",
                "BEGIN EXECUTE pg_catalog.format('SET ROLE %s', r); END",
                "BEGIN EXECUTE (format('/* */ SET LOCAL ROLE %I', r)); END",
                "BEGIN EXECUTE 'SELECT 1; SET ROLE ' || r; END",
                "BEGIN FOR x IN EXECUTE 'RESET ROLE' LOOP END LOOP; END",
                "DECLARE s text := 'SET ROLE '; BEGIN s := s || quote_ident(r); EXECUTE s; END",
                "DECLARE s text; BEGIN IF a THEN s := 'SELECT 1'; ELSE s := format('SET ROLE %I', r); END IF; EXECUTE s; END",
                "BEGIN EXECUTE 'DO $$BEGIN SET ROLE r; END$$'; END",
                "BEGIN DO $$BEGIN SET ROLE r; END$$; END"
            })
    void whatOutlastsTheTransaction(String source) {
        assertThat(RoutineSource.change("plpgsql", source)).isEqualTo(SessionChange.LASTING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN EXECUTE s; END",
                "BEGIN RETURN QUERY EXECUTE $1; END",
                "BEGIN EXECUTE 'SELECT ' || s; END",
                "BEGIN EXECUTE s || ' ROLE r'; END",
                "BEGIN EXECUTE format(s, 1); END",
                "BEGIN EXECUTE format('SELECT %s', s); END",
                "BEGIN EXECUTE format('%1$s', s); END",
                "BEGIN EXECUTE format('%*s', 5, s); END",
                "DECLARE s text; BEGIN SELECT source INTO s FROM scripts; EXECUTE s; END",
                "DECLARE s text := 'SELECT 1'; BEGIN SELECT 1, source INTO i, s FROM scripts; EXECUTE s; END",
                "DECLARE s text := 'SELECT 1'; BEGIN CALL change(s); EXECUTE s; END",
                "DECLARE s text := 'SELECT 1'; BEGIN FOREACH s IN ARRAY a LOOP EXECUTE s; END LOOP; END",
                "DECLARE s text := ''; BEGIN s := s || 'UPDATE t'; s := s || ' SET a = 1'; EXECUTE s; END",
                "DECLARE s ALIAS FOR $1; BEGIN EXECUTE s; END",
                "BEGIN EXECUTE lower('SELECT 1'); END",
                "BEGIN 'unterminated"
            })
    void whatCanNotBeRead(String source) {
        assertThat(RoutineSource.change("plpgsql", source)).isEqualTo(SessionChange.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN UPDATE t SET a = 1; END",
                "-- SET ROLE r\nBEGIN RETURN 'SET ROLE r'; END",
                "BEGIN EXECUTE 'INSERT INTO t VALUES ($1)' USING a; END",
                "BEGIN EXECUTE 'SELECT count(*) FROM t' INTO n; END",
                "BEGIN EXECUTE 'UPDATE ' || quote_ident(t) || ' SET a = ' || quote_nullable(v); END",
                "BEGIN EXECUTE 'INSERT INTO audit_' || TG_TABLE_NAME || ' SELECT ($1).*' USING NEW; END",
                "BEGIN EXECUTE 'ANALYZE ' || t::regclass; END",
                "BEGIN EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', a, b, c, d); END",
                "BEGIN EXECUTE format('ALTER TABLE %2$I SET SCHEMA %1$I', a, b); END",
                "BEGIN EXECUTE format('SELECT 100 %% %s', quote_literal(n)); END",
                "BEGIN GRANT EXECUTE ON FUNCTION f TO r; END",
                "BEGIN CREATE TRIGGER t AFTER INSERT ON x EXECUTE FUNCTION f(); END",
                "DECLARE s text; BEGIN s := 'UPDATE t'; s := s || ' SET a = ' || quote_literal(v); EXECUTE s; END",
                "DECLARE s text := format('SELECT %I', c); n int; BEGIN EXECUTE s INTO n; RETURN n; END",
                "BEGIN CREATE TEMP TABLE t (a int) ON COMMIT DROP; END",
                "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING"
            })
    void whatLeavesNothing(String source) {
        assertThat(RoutineSource.change("plpgsql", source)).isEqualTo(SessionChange.NONE);
    }

    @Test
    void otherLanguages() {
        assertThat(RoutineSource.change("plpython3u", "return 1 + a")).isEqualTo(SessionChange.NONE);
        assertThat(RoutineSource.change("plpython3u", "plpy.execute(s)")).isEqualTo(SessionChange.UNKNOWN);
        assertThat(RoutineSource.change("plperl", "spi_exec_query(\"SET ROLE $r\")"))
                .isEqualTo(SessionChange.LASTING);
        assertThat(RoutineSource.change("plv8", "return 1")).isEqualTo(SessionChange.UNKNOWN);
    }
}

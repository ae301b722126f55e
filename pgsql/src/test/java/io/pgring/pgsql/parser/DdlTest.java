package io.pgring.pgsql.parser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.tree.Ddl;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DdlTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            CREATE TABLE t                         | CREATE TABLE IF NOT EXISTS t (a int, b text DEFAULT 'x', CHECK (a > 1))
            CREATE TABLE s.t u v w x               | CREATE UNLOGGED TABLE s.t (a int REFERENCES u (b), FOREIGN KEY (a) REFERENCES v, LIKE w) INHERITS (x)
            CREATE TABLE t unique[a] unique[b c]   | CREATE TABLE t (a int PRIMARY KEY, b int, c int, CONSTRAINT u UNIQUE (b, c))
            CREATE TABLE t u                       | CREATE TABLE t PARTITION OF u FOR VALUES FROM (1) TO (2)
            CREATE TABLE t                         | CREATE TABLE t (LIMIT_ int) PARTITION BY HASH (LIMIT_)
            CREATE TABLE AS t query                | CREATE TABLE t (a, b) WITH (fillfactor = 50) AS SELECT 1, 2 WITH NO DATA
            CREATE VIEW v query                    | CREATE OR REPLACE TEMP RECURSIVE VIEW v (a) AS VALUES (1) WITH CHECK OPTION
            CREATE INDEX t                         | CREATE INDEX ON ONLY t USING gin (a gin_trgm_ops, (a || b)) WHERE a > 1
            CREATE INDEX t unique[a c]             | CREATE UNIQUE INDEX i ON t (a, lower(b), c COLLATE "C" DESC) INCLUDE (d)
            CREATE INDEX t alone                   | CREATE INDEX CONCURRENTLY i ON t (a)
            ALTER TABLE t unique[x] computed       | ALTER TABLE ONLY t * ADD x int UNIQUE, ADD COLUMN IF NOT EXISTS y serial
            ALTER TABLE t changes[a b c d]         | ALTER TABLE t DROP a, DROP COLUMN IF EXISTS b, ALTER c TYPE int, RENAME COLUMN d TO e
            ALTER TABLE t                          | ALTER TABLE t DROP CONSTRAINT a, ALTER CONSTRAINT b DEFERRABLE, VALIDATE CONSTRAINT c
            ALTER TABLE t renames                  | ALTER TABLE IF EXISTS t RENAME TO u
            ALTER TABLE t renames                  | ALTER TABLE t SET SCHEMA u
            ALTER TABLE t u                        | ALTER TABLE t DETACH PARTITION u CONCURRENTLY
            ALTER TABLE t u                        | ALTER TABLE t NO INHERIT u
            ALTER TABLE t changes[a] computed      | ALTER TABLE t ALTER COLUMN a SET DEFAULT f(1), ADD c int DEFAULT 1
            DROP TABLE t s.u                       | DROP TABLE IF EXISTS t, s.u CASCADE
            DROP VIEW v                            | DROP VIEW v RESTRICT
            DROP INDEX index[i] index[s.j] alone   | DROP INDEX CONCURRENTLY IF EXISTS i, s.j
            ALTER INDEX index[i]                   | ALTER INDEX IF EXISTS i RENAME TO j
            COMMENT t                              | COMMENT ON TABLE t IS 'x'
            COMMENT s.t                            | COMMENT ON COLUMN s.t.a IS 'x'
            COMMENT t                              | COMMENT ON TRIGGER a ON t IS NULL
            COMMENT index[i]                       | COMMENT ON INDEX i IS NULL
            GRANT t u                              | GRANT SELECT (a, b), INSERT ON TABLE t, u TO x WITH GRANT OPTION
            REVOKE t                               | REVOKE GRANT OPTION FOR ALL PRIVILEGES ON t FROM x
            CREATE TRIGGER t                       | CREATE OR REPLACE TRIGGER a INSTEAD OF UPDATE OF b, c ON t EXECUTE FUNCTION f()
            CREATE TRIGGER t u                     | CREATE CONSTRAINT TRIGGER a AFTER DELETE ON t FROM u FOR EACH ROW EXECUTE PROCEDURE f(1)
            DROP TRIGGER t                         | DROP TRIGGER IF EXISTS a ON t
            VACUUM t u alone                       | VACUUM (ANALYZE, VERBOSE) t (a), u
            ANALYZE t                              | ANALYZE t
            REINDEX t alone                        | REINDEX TABLE CONCURRENTLY t
            REINDEX index[i]                       | REINDEX (VERBOSE) INDEX i
            CLUSTER t                              | CLUSTER t USING i
            CLUSTER t                              | CLUSTER i ON t
            """)
    void namesTheTables(String expected, String sql) {
        assertThat(describe((Ddl) parse(sql))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "VACUUM",
                "ANALYZE",
                "CLUSTER",
                "REINDEX DATABASE d",
                "CREATE SEQUENCE s",
                "CREATE TABLE t AS EXECUTE p(1)",
                "CREATE MATERIALIZED VIEW v AS SELECT 1",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "DROP FUNCTION f",
                "DROP SCHEMA s",
                "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b",
                "ALTER VIEW v RENAME TO w",
                "COMMENT ON SCHEMA s IS 'x'",
                "COMMENT ON CONSTRAINT c ON DOMAIN d IS 'x'",
                "GRANT a TO b",
                "GRANT USAGE ON SCHEMA s TO b",
                "GRANT SELECT ON ALL TABLES IN SCHEMA s TO b",
                "CREATE TRIGGER t",
                "CREATE TABLE",
                "CREATE UNIQUE INDEX i ON t (",
            })
    void leavesOthersToTheirWords(String sql) {
        assertThat(parse(sql)).isInstanceOf(Other.class);
    }

    @Test
    void foreignKeysNameTheColumnsThatTheyJoin() {
        Ddl ddl = (Ddl)
                parse(
                        "ALTER TABLE t ADD c int NOT NULL REFERENCES s.u (d) MATCH FULL ON UPDATE NO ACTION"
                                + " ON DELETE SET NULL (c), ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES v DEFERRABLE, ADD UNIQUE (a)");

        assertThat(ddl.changes().foreignKeys().stream()
                        .map(key -> names(key.columns()) + ">" + key.table() + "(" + names(key.referenced()) + ")"
                                + key.sets()))
                .containsExactly("c>s.u(d)true", "a b>v()false");
        assertThat(ddl.changes().uniqueColumns()).hasSize(1);
    }

    @Test
    void inheritanceIsOneTablesRowsInAnother() {
        for (String sql : new String[] {
            "CREATE TABLE t () INHERITS (u)", "ALTER TABLE t INHERIT u", "ALTER TABLE t ATTACH PARTITION u DEFAULT"
        }) {
            assertThat(((Ddl) parse(sql)).changes().inherits()).isTrue();
        }
        assertThat(((Ddl) parse("ALTER TABLE t NO INHERIT u")).changes().inherits())
                .isFalse();
        assertThat(((Ddl) parse("ALTER TABLE t DETACH PARTITION u")).changes().inherits())
                .isFalse();
    }

    private static String describe(Ddl ddl) {
        StringBuilder text = new StringBuilder(ddl.command());
        ddl.tables().forEach(table -> text.append(' ').append(table));
        for (QualifiedName index : ddl.indexes()) {
            text.append(" index[").append(index).append(']');
        }
        ddl.changes().uniqueColumns().forEach(list -> text.append(" unique[" + names(list) + "]"));
        if (!ddl.changes().columns().isEmpty()) {
            text.append(" changes[" + names(ddl.changes().columns()) + "]");
        }
        text.append(ddl.changes().renames() ? " renames" : "");
        text.append(ddl.changes().computesDefaults() ? " computed" : "");
        text.append(ddl.query() != null ? " query" : "");
        text.append(ddl.transactional() ? "" : " alone");
        return text.toString();
    }

    private static String names(List<Name> names) {
        return names.stream().map(Name::value).collect(Collectors.joining(" "));
    }

    private static Statement parse(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        List<Statement> statements = Parser.parse(text, 0, text.length).statements();
        assertThat(statements).hasSize(1);
        assertThat(statements.get(0).end()).isEqualTo(text.length);
        return statements.get(0);
    }
}

package io.pgring.pgsql.parser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.tree.CloseCursor;
import io.pgring.pgsql.tree.Copy;
import io.pgring.pgsql.tree.Deallocate;
import io.pgring.pgsql.tree.DeclareCursor;
import io.pgring.pgsql.tree.Discard;
import io.pgring.pgsql.tree.Do;
import io.pgring.pgsql.tree.Empty;
import io.pgring.pgsql.tree.Explain;
import io.pgring.pgsql.tree.FetchCursor;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Notify;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.Prepare;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.SetVariable;
import io.pgring.pgsql.tree.Show;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Truncate;
import io.pgring.pgsql.tree.TypeName;
import io.pgring.pgsql.tree.Unparsed;
import io.pgring.pgsql.tree.Update;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", ";", " ; ;; ", "-- x", "/* x */"})
    void noTokenAtAllIsOneEmptyStatement(String sql) {
        assertThat(parse(sql)).singleElement().isInstanceOf(Empty.class);
    }

    @Test
    void splitsAtSemicolons() {
        String sql = "SELECT 1; ;SELECT ';' ; SELECT $$;$$ -- ;\n;";
        List<Statement> statements = parse(sql);
        assertThat(statements).hasSize(3).allMatch(Select.class::isInstance);
        assertThat(statements.stream().map(s -> sql.substring(s.start(), s.end())))
                .containsExactly("SELECT 1", "SELECT ';'", "SELECT $$;$$");
    }

    @Test
    void keepsFunctionBodiesAndRulesTogether() {
        assertThat(parse("CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); SELECT 3"))
                .hasSize(2);
        assertThat(
                        parse(
                                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3"))
                .hasSize(2);
        assertThat(parse("BEGIN; SELECT 1; END; SELECT 3")).hasSize(4);
    }

    @Test
    void aStatementThatIsNotUnderstoodDoesNotHideTheOthers() {
        List<Statement> statements = parse("SELECT 1; SELEC 'x' FROM \"T\"; SELECT 2");
        assertThat(statements).hasSize(3);
        Unparsed unparsed = (Unparsed) statements.get(1);
        assertThat(unparsed.position()).isEqualTo(10);
        assertThat(unparsed.reason()).contains("SELEC");
        assertThat(unparsed.identifiers().stream().map(name -> name.value())).containsExactly("selec", "from", "T");
        assertThat(unparsed.strings()).containsExactly("x");
    }

    @Test
    void reasonsHoldNoValues() {
        Unparsed unparsed = (Unparsed) parse("SELECT a 'secret' FROM").get(0);
        assertThat(unparsed.reason()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SET a = 1                               | SET SESSION a 1
            SET a TO 'x', 'y'                       | SET SESSION a 'x', 'y'
            SET SESSION a TO on                     | SET SESSION a on
            SET LOCAL App.Name = DEFAULT            | SET LOCAL app.name DEFAULT (default)
            SET local = 1                           | SET SESSION local 1
            SET TIME ZONE 'UTC'                     | SET SESSION timezone 'UTC'
            SET LOCAL TIME ZONE LOCAL               | SET LOCAL timezone LOCAL (default)
            SET TIME ZONE INTERVAL '1' HOUR TO MINUTE | SET SESSION timezone INTERVAL '1' HOUR TO MINUTE
            SET NAMES 'UTF8'                        | SET SESSION client_encoding 'UTF8'
            SET names = 1                           | SET SESSION names 1
            SET ROLE joe                            | SET SESSION role joe
            SET SESSION AUTHORIZATION joe           | SET SESSION session_authorization joe
            SET SESSION SESSION AUTHORIZATION joe   | SET SESSION session_authorization joe
            SET LOCAL SESSION AUTHORIZATION DEFAULT | SET LOCAL session_authorization DEFAULT (default)
            SET SCHEMA 'x'                          | SET SESSION search_path 'x'
            SET "TimeZone" = 'UTC'                  | SET SESSION timezone 'UTC'
            SET a FROM CURRENT                      | SET_FROM_CURRENT SESSION a
            SET x TO -1                             | SET SESSION x -1
            RESET a.b                               | RESET SESSION a.b
            RESET ALL                               | RESET_ALL SESSION
            RESET TIME ZONE                         | RESET SESSION timezone
            RESET SESSION AUTHORIZATION             | RESET SESSION session_authorization
            RESET TRANSACTION ISOLATION LEVEL       | RESET SESSION transaction_isolation
            """)
    void parsesVariables(String sql, String expected) {
        SetVariable set = (SetVariable) parse(sql).get(0);
        String shown = set.action() + " " + set.scope() + " " + set.name() + " "
                + sql.substring(set.valueStart(), set.valueEnd()) + (set.toDefault() ? " (default)" : "");
        assertThat(shown.strip()).isEqualTo(expected);
    }

    @Test
    void parsesShowAndDiscard() {
        assertThat(((Show) parse("SHOW ALL").get(0)).name()).isEqualTo("all");
        assertThat(((Show) parse("SHOW TRANSACTION ISOLATION LEVEL").get(0)).name())
                .isEqualTo("transaction_isolation");
        assertThat(((Show) parse("SHOW pgring.Shard").get(0)).name()).isEqualTo("pgring.shard");
        assertThat(((Discard) parse("DISCARD TEMPORARY").get(0)).target()).isEqualTo(Discard.Target.TEMP);
    }

    @Test
    void parsesCursorsAndPreparedStatements() {
        DeclareCursor declare = (DeclareCursor)
                parse("DECLARE c BINARY SCROLL CURSOR WITH HOLD FOR SELECT 1").get(0);
        assertThat(declare.hold() && declare.scroll() && declare.binary()).isTrue();
        assertThat(((FetchCursor) parse("FETCH BACKWARD ALL IN c").get(0))
                        .name()
                        .value())
                .isEqualTo("c");
        assertThat(((FetchCursor) parse("MOVE ABSOLUTE -3 FROM c").get(0)).move())
                .isTrue();
        assertThat(((FetchCursor) parse("FETCH next").get(0)).name().value()).isEqualTo("next");
        assertThat(((CloseCursor) parse("CLOSE ALL").get(0)).name()).isNull();
        Prepare prepare =
                (Prepare) parse("PREPARE p (text, int[]) AS SELECT $1").get(0);
        assertThat(prepare.name().value()).isEqualTo("p");
        assertThat(prepare.types()).extracting(TypeName::name).containsExactly("text", "int4");
        assertThat(prepare.types().get(1).arrayDimensions()).isEqualTo(1);
        assertThat(((Deallocate) parse("DEALLOCATE PREPARE ALL").get(0)).name()).isNull();
    }

    @Test
    void parsesUtilities() {
        Copy copy = (Copy)
                parse("COPY t (a, b) FROM STDIN WITH (FORMAT csv) WHERE a > 1").get(0);
        assertThat(copy.from()).isTrue();
        assertThat(copy.endpoint()).isEqualTo(Copy.Endpoint.CLIENT);
        assertThat(copy.where()).isNotNull();
        assertThat(((Copy) parse("COPY t TO PROGRAM 'cat'").get(0)).endpoint()).isEqualTo(Copy.Endpoint.PROGRAM);
        assertThat(((Explain) parse("EXPLAIN (ANALYZE, VERBOSE) SELECT 1").get(0)).analyze())
                .isTrue();
        assertThat(((Explain) parse("EXPLAIN (ANALYZE off) SELECT 1").get(0)).analyze())
                .isFalse();
        assertThat(((Explain) parse("EXPLAIN (SELECT 1)").get(0)).analyze()).isFalse();
        assertThat(((Explain) parse("EXPLAIN ANALYZE VERBOSE SELECT 1").get(0)).text())
                .isTrue();
        assertThat(((Explain) parse("EXPLAIN (FORMAT text, COSTS off) SELECT 1").get(0)).text())
                .isTrue();
        assertThat(((Explain) parse("EXPLAIN (COSTS off, FORMAT json) SELECT 1").get(0)).text())
                .isFalse();
        assertThat(((Truncate) parse("TRUNCATE ONLY a, b.c RESTART IDENTITY CASCADE")
                                .get(0))
                        .tables())
                .hasSize(2);
        assertThat(((Notify) parse("NOTIFY c, 'x'").get(0)).payloadStart()).isEqualTo(10);
        Do block = (Do) parse("DO LANGUAGE plpgsql 'it''s'").get(0);
        assertThat(block.body()).isEqualTo("it's");
        Other other = (Other)
                parse("CREATE STATISTICS IF NOT EXISTS \"I\" ON a, b FROM t").get(0);
        assertThat(other.keywords()).containsExactly("create", "statistics", "if", "not");
        assertThat(other.identifiers()).extracting(name -> name.value()).contains("I", "t", "a");
    }

    @Test
    void parsesModifications() {
        Insert insert = (Insert) parse(
                        "INSERT INTO s.t AS x (a, b[1], c.d) VALUES (1, 2, 3) ON CONFLICT (lower(a) text_pattern_ops) WHERE b "
                                + "DO UPDATE SET (a, b) = (1, 2), c = 3 WHERE true RETURNING *, a AS z")
                .get(0);
        assertThat(insert.columns()).hasSize(3);
        assertThat(insert.columns().get(1).whole()).isFalse();
        assertThat(insert.onConflict()).isNotNull();
        assertThat(insert.returning()).hasSize(2);
        Update update = (Update)
                parse("UPDATE ONLY t AS x SET a = DEFAULT, (b, c) = (SELECT 1, 2) FROM y WHERE x.a = y.a RETURNING x.a")
                        .get(0);
        assertThat(update.assignments()).hasSize(2);
        assertThat(update.table().only()).isTrue();
    }

    @Test
    void joinsAssociateToTheLeftAndTakeTheNearestCondition() {
        assertThat(shape("a JOIN b ON x JOIN c ON y")).isEqualTo("((a b) c)");
        assertThat(shape("a JOIN b JOIN c ON x ON y")).isEqualTo("(a (b c))");
        assertThat(shape("a CROSS JOIN b JOIN c ON x")).isEqualTo("((a b) c)");
        assertThat(shape("a JOIN b CROSS JOIN c ON x")).isEqualTo("(a (b c))");
        assertThat(shape("a JOIN (b JOIN c ON x) ON y")).isEqualTo("(a (b c))");
        assertThat(shape("a NATURAL LEFT JOIN b FULL JOIN c USING (x)")).isEqualTo("((a b) c)");
        assertThat(shape("((SELECT 1) a JOIN b ON x)")).isEqualTo("(q b)");
        assertThat(shape("((SELECT 1) UNION SELECT 2) a")).isEqualTo("q");
    }

    private static String shape(String from) {
        Select select = (Select) parse("SELECT * FROM " + from).get(0);
        return shape(((QueryBody.Simple) select.body()).from().get(0));
    }

    private static String shape(FromItem item) {
        if (item instanceof FromItem.Join join) {
            return "(" + shape(join.left()) + " " + shape(join.right()) + ")";
        }
        return item instanceof FromItem.TableReference table ? table.name().name() : "q";
    }

    private static List<Statement> parse(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        return Parser.parse(text, 0, text.length).statements();
    }
}

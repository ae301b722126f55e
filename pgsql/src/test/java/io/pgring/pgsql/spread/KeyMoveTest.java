package io.pgring.pgsql.spread;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.spread.StoredColumn.Kind;
import io.pgring.pgsql.tree.Update;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyMoveTest {
    private static final List<StoredColumn> CUSTOMERS = List.of(
            new StoredColumn("id", "bigint", null, Kind.IDENTITY),
            new StoredColumn("size", "integer", null, Kind.GENERATED),
            new StoredColumn("name", "text", null, Kind.PLAIN),
            new StoredColumn("country", "text", "'de'", Kind.PLAIN));

    private static final String ROWS =
            "(\"id\",\"name\",\"country\")OVERRIDINGSYSTEMVALUESELECTr.\"id\",r.\"name\",r.\"country\""
                    + "FROMpg_catalog.unnest($9::\"public\".\"customers\"[])ASr";

    private static KeyMove move(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        Update update = (Update) Parser.parse(text, 0, text.length).statements().get(0);
        assertThat(KeyMove.isIn(update, SpreadCatalog.CUSTOMERS)).isTrue();
        return new KeyMove(update, SpreadCatalog.CUSTOMERS, CUSTOMERS, new SpreadCatalog(), text, 0, text.length);
    }

    /** Without blanks, which stand where they fall. */
    private static String rewritten(String sql, Rewriting rewriting) {
        return new String(rewriting.of(sql.getBytes(UTF_8)), UTF_8).replaceAll("\\s", "");
    }

    private static void assertMoved(String sql, String read, String write) {
        KeyMove move = move(sql);
        assertThat(move.reasonAgainst()).isNull();
        RelayedUpdate update = move.relayed();
        Relay.Rows rows = update.rows(update.sourceColumns());
        assertThat(rewritten(sql, rows.read())).isEqualTo(read.replace(" ", ""));
        assertThat(rewritten(sql, update.write(rows, 9))).isEqualTo(write.replace(" ", ""));
    }

    @Test
    void rowsAreDeletedAndInserted() {
        assertMoved(
                "UPDATE customers SET id = id + 1 WHERE name > 'a';",
                "DELETE FROM \"public\".\"customers\" WHERE (name > 'a')"
                        + " RETURNING (id + 1)::bigint, \"customers\".\"name\", \"customers\".\"country\"",
                "INSERT INTO \"public\".\"customers\"" + ROWS);
    }

    @Test
    void returningGoesWithTheInsertAndTheAliasWithBoth() {
        assertMoved(
                "UPDATE customers c SET (id, name) = (c.id * 2, (($1))), country = DEFAULT WHERE ((c.id = 3)) RETURNING c.*, id AS n",
                "DELETE FROM \"public\".\"customers\" AS \"c\" WHERE (c.id = 3)"
                        + " RETURNING (c.id * 2)::bigint, ($1)::text, ('de')::text",
                "INSERT INTO \"public\".\"customers\" AS \"c\"" + ROWS + " RETURNING c.*, id AS n");
    }

    @Test
    void withAndExplainStayInFront() {
        assertMoved(
                "WITH w AS (SELECT code FROM countries) UPDATE customers SET id = 5 WHERE country IN (SELECT code FROM w)",
                "WITH w AS (SELECT code FROM countries) DELETE FROM \"public\".\"customers\""
                        + " WHERE (country IN (SELECT code FROM w))"
                        + " RETURNING (5)::bigint, \"customers\".\"name\", \"customers\".\"country\"",
                "INSERT INTO \"public\".\"customers\"" + ROWS);
    }

    @Test
    void aPlaceInTheNewTextIsFoundInTheOldOne() {
        String sql = "UPDATE customers SET id = nothing";
        KeyMove move = move(sql);
        assertThat(move.reasonAgainst()).isNull();
        RelayedUpdate update = move.relayed();
        int position = new String(update.read().of(sql.getBytes(UTF_8)), UTF_8).indexOf("nothing") + 1;
        assertThat(update.read().originalPosition(sql.getBytes(UTF_8), position))
                .isEqualTo(sql.indexOf("nothing") + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE customers SET id = 1 FROM countries WHERE code = country",
                "UPDATE ONLY customers SET id = 1",
                "UPDATE customers SET (id, name) = (SELECT 1, 'a')",
                "UPDATE customers SET id = 1, name[1] = 'a'",
                "UPDATE customers SET id = DEFAULT",
                "UPDATE customers SET id = nextval('s')",
                "UPDATE customers SET id = 1, name = random()",
                "UPDATE customers SET id = 1, name = (SELECT max(value) FROM kv)",
                "UPDATE customers SET id = 1 WHERE name = (SELECT max(value) FROM kv)",
                "UPDATE customers SET id = 1 WHERE name IN (SELECT name FROM other)",
                "UPDATE customers SET id = 1 WHERE name = count_kv()",
                "UPDATE customers SET id = 1 RETURNING (SELECT max(code) FROM countries)",
                "UPDATE customers SET id = 1 RETURNING nextval('s')",
                "UPDATE customers SET id = 1 RETURNING old.name",
                "UPDATE customers SET id = 1 RETURNING lower(new.name)",
                "UPDATE customers SET id = 1 RETURNING WITH (OLD AS o) o.name",
                "WITH d AS (DELETE FROM other RETURNING a) UPDATE customers SET id = 1"
            })
    void whatNeedsMoreThanItsRowsIsNot(String sql) {
        assertThat(move(sql).reasonAgainst()).endsWith(".");
    }
}

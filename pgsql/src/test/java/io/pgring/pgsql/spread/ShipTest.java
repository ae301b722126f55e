package io.pgring.pgsql.spread;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.analysis.ShardAnalysis;
import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.tree.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShipTest {
    private static @Nullable Ship ship(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        Statement statement = Parser.parse(text, 0, text.length).statements().get(0);
        SpreadCatalog catalog = new SpreadCatalog();
        Spread spread = SpreadAnalysis.spread(
                ShardAnalysis.analyze(statement, catalog), statement, catalog, text, 0, text.length);
        return Objects.requireNonNull(Objects.requireNonNull(spread).gather()).ship();
    }

    /** What every shard runs, behind the settings. */
    private static String reading(String sql) {
        Ship ship = Objects.requireNonNull(ship(sql));
        String query = new String(ship.reading().query().of(sql.getBytes(UTF_8)), UTF_8);
        return query.substring(query.indexOf("UNION ALL SELECT"))
                .replace("UNION ALL SELECT ", "+ ")
                .replace(".*)::pg_catalog.text, NULL FROM ", ") ")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** What the home shard runs. */
    private static String last(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        Ship ship = Objects.requireNonNull(ship(sql));
        int first = ship.parameters() + 1;
        return new String(Splicer.apply(text, 0, text.length, ship.splices(i -> "$" + (first + i))), UTF_8);
    }

    private static final String ALL_KV = "+ '0', (t) \"public\".\"kv\" AS t";

    @Test
    void arraysStandInThePlaceOfTables() {
        assertThat(last("SELECT * FROM kv o, kv, home WHERE o.n = $2"))
                .isEqualTo("SELECT * FROM pg_catalog.unnest($3::\"public\".\"kv\"[]) o,"
                        + " pg_catalog.unnest($3::\"public\".\"kv\"[]) AS \"kv\", home WHERE o.n = $2");
        assertThat(last("TABLE kv UNION TABLE kv"))
                .isEqualTo("SELECT * FROM pg_catalog.unnest($1::\"public\".\"kv\"[]) AS \"kv\" UNION"
                        + " SELECT * FROM pg_catalog.unnest($1::\"public\".\"kv\"[]) AS \"kv\"");
        assertThat(last("SELECT app.orders.id FROM app.orders, home"))
                .isEqualTo("SELECT orders.id FROM pg_catalog.unnest($1::\"app\".\"orders\"[]) AS \"orders\", home");
        assertThat(last("SELECT a.x FROM \"Odd \"\"Name\"\"\" AS a(x) JOIN kv * ON true"))
                .isEqualTo("SELECT a.x FROM pg_catalog.unnest($1::\"public\".\"Odd \"\"Name\"\"\"[]) AS a(x)"
                        + " JOIN pg_catalog.unnest($2::\"public\".\"kv\"[]) AS \"kv\" ON true");
    }

    @Test
    void rowsOfAViewAreOutOfReach() {
        assertThat(ship("SELECT * FROM kv_view v JOIN kv ON v.n = kv.n")).isNull();
    }

    @Test
    void aTableThatIsReadTwiceIsReadWhole() {
        assertThat(reading("SELECT 1 FROM kv a JOIN kv b ON a.n = b.n WHERE a.n = 1 AND b.n = 1"))
                .isEqualTo(ALL_KV);
        assertThat(reading("SELECT 1 FROM kv a, app.orders o WHERE a.n = (SELECT count(*) FROM kv) AND o.id = 3"))
                .isEqualTo(ALL_KV + " + '1', (\"o\") app.orders o WHERE (o.id = 3)");
    }

    @Test
    void conditionsOfATableAloneGoWithIt() {
        assertThat(reading(
                        "SELECT 1 FROM kv a, customers b WHERE a.n > b.id AND n < $2 AND (name = 'x' OR b.id IN (1, $1))"
                                + " AND a.price BETWEEN 1 AND -2.5 AND NOT ok"))
                .isEqualTo("+ '0', (\"a\") kv a WHERE (n < $1 ) AND (a.price BETWEEN 1 AND -2.5) AND (NOT ok)"
                        + " + '1', (\"b\") customers b WHERE (name = 'x' OR b.id IN (1, $2 ))");
        assertThat(reading("SELECT max(n) FROM (SELECT DISTINCT n FROM kv WHERE key = 'a' AND note LIKE 'b%') x"))
                .isEqualTo("+ '0', (\"kv\") kv WHERE (key = 'a') AND (note LIKE 'b%')");
    }

    @Test
    void conditionsThatMightMeanSomethingElseByThemselvesStay() {
        for (String condition : new String[] {
            "at > 'now'",
            "note > 'a'",
            "n = $1 OR $1 = 2",
            "n + 1 = 2",
            "n = (SELECT 1)",
            "lower(value) = 'a'",
            "n = random()",
            "value ILIKE 'a'",
            "b.id = 1 OR n = 1",
            "kv IS NULL",
            "unknown = 1",
            "1 = 1"
        }) {
            assertThat(reading("SELECT kv.ratio, b.ratio FROM kv, \"Odd \"\"Name\"\"\" b WHERE " + condition))
                    .as(condition)
                    .startsWith(ALL_KV);
        }
    }

    @Test
    void anOuterJoinKeepsTheConditionsOfItsKeptSide() {
        assertThat(reading("SELECT 1 FROM kv a LEFT JOIN customers b ON a.n = b.id WHERE a.n = 1 AND b.id IS NULL"))
                .isEqualTo("+ '0', (\"a\") kv a WHERE (a.n = 1) + '1', (t) \"public\".\"customers\" AS t");
        assertThat(reading("SELECT 1 FROM kv a RIGHT JOIN customers b ON a.n = b.id WHERE a.n = 1 AND b.id = 2"))
                .isEqualTo(ALL_KV + " + '1', (\"b\") customers b WHERE (b.id = 2)");
        assertThat(reading("SELECT 1 FROM kv a FULL JOIN customers b ON a.n = b.id WHERE a.n = 1 AND b.id = 2"))
                .isEqualTo(ALL_KV + " + '1', (t) \"public\".\"customers\" AS t");
    }

    @Test
    void aPlaceInTheQueryIsThatOfTheText() {
        String sql = "SELECT 1 FROM kv ä, customers c WHERE ä.n = 'x' AND c.id = 'y'";
        Excerpt query = Objects.requireNonNull(ship(sql)).reading().query();
        byte[] text = sql.getBytes(UTF_8);
        String made = new String(query.of(text), UTF_8);
        assertThat(query.originalPosition(text, 1 + made.indexOf("'x'"))).isEqualTo(1 + sql.indexOf("'x'"));
        assertThat(query.originalPosition(text, 1 + made.indexOf("'y'"))).isEqualTo(1 + sql.indexOf("'y'"));
    }
}

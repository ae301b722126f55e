package io.pgring.pgsql.spread;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.spread.StoredColumn.Kind;
import io.pgring.pgsql.tree.Insert;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayAnalysisTest {
    private static final List<StoredColumn> CUSTOMERS = List.of(
            new StoredColumn("id", "bigint", "nextval('s')", Kind.DRAWN),
            new StoredColumn("name", "text", null, Kind.PLAIN),
            new StoredColumn("country", "text", "'de'", Kind.PLAIN));

    private static final String ROWS = " FROM pg_catalog.unnest($9::\"public\".\"customers\"[]) AS r";

    private static @Nullable RelayedInsert relayed(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        Insert insert = (Insert) Parser.parse(text, 0, text.length).statements().get(0);
        return RelayAnalysis.insert(
                insert, SpreadCatalog.CUSTOMERS, CUSTOMERS, new SpreadCatalog(), text, 0, text.length);
    }

    /** Without blanks, which stand where they fall. */
    private static String spliced(String sql, Rewriting rewriting) {
        return new String(rewriting.of(sql.getBytes(UTF_8)), UTF_8).replaceAll("\\s", "");
    }

    private static void assertRelayed(String sql, String read, String write) {
        RelayedInsert relayed = Objects.requireNonNull(relayed(sql));
        Relay.Rows rows = relayed.rows(Math.max(relayed.sourceColumns(), 0));
        assertThat(spliced(sql, rows.read())).isEqualTo(read.replace(" ", ""));
        assertThat(spliced(sql, relayed.write(rows, 9))).isEqualTo(write.replace(" ", ""));
    }

    @Test
    void aQueryIsReadAndItsRowsAreWritten() {
        assertRelayed(
                "INSERT INTO customers AS c (name, id) (SELECT 'a', 1) ON CONFLICT DO NOTHING RETURNING c.id;",
                "SELECT pgring_1::text, pgring_2::bigint FROM ((SELECT 'a', 1)) AS pgring_source (pgring_1, pgring_2);",
                "INSERT INTO customers AS c (\"name\", \"id\") SELECT r.\"name\", r.\"id\"" + ROWS
                        + " ON CONFLICT DO NOTHING RETURNING c.id;");
    }

    @Test
    void withGoesWithTheSource() {
        assertRelayed(
                "WITH n AS (SELECT 1 AS i) INSERT INTO customers (id) SELECT i FROM n",
                "WITH n AS (SELECT 1 AS i) SELECT pgring_1::bigint FROM (SELECT i FROM n) AS pgring_source (pgring_1)",
                " INSERT INTO customers (\"id\") SELECT r.\"id\"" + ROWS);
    }

    @Test
    void valuesAreCastWhereTheyStandAndDefaultsTakeTheirPlace() {
        assertRelayed(
                "INSERT INTO customers VALUES (1 + 1, DEFAULT), (DEFAULT, $1)",
                "SELECT pgring_1, pgring_2 FROM (VALUES ((1 + 1)::bigint, NULL::text), ((nextval('s'))::bigint, ($1)::text))"
                        + " AS pgring_source (pgring_1, pgring_2)",
                "INSERT INTO customers (\"id\", \"name\") SELECT r.\"id\", r.\"name\"" + ROWS);
    }

    @Test
    void aKeyThatIsLeftOutIsTakenFromItsDefault() {
        assertRelayed(
                "INSERT INTO customers (name) VALUES ('a')",
                "SELECT pgring_1, (nextval('s'))::bigint FROM (VALUES (('a')::text)) AS pgring_source (pgring_1)",
                "INSERT INTO customers (\"name\", \"id\") SELECT r.\"name\", r.\"id\"" + ROWS);
    }

    @Test
    void defaultValuesIsARowOfDefaults() {
        assertRelayed(
                "INSERT INTO customers DEFAULT VALUES RETURNING id",
                "SELECT (nextval('s'))::bigint",
                "INSERT INTO customers (\"id\") SELECT r.\"id\"" + ROWS + " RETURNING id");
    }

    @Test
    void anOrderOfValuesIsThatOfTheirOwnTypes() {
        assertRelayed(
                "INSERT INTO customers (name) VALUES (10), (9) ORDER BY 1",
                "SELECT pgring_1::text, (nextval('s'))::bigint FROM (VALUES (10), (9) ORDER BY 1) AS pgring_source (pgring_1)",
                "INSERT INTO customers (\"name\", \"id\") SELECT r.\"name\", r.\"id\"" + ROWS);
    }

    @Test
    void aStarLeavesTheNumberOfColumnsOpen() {
        String sql = "INSERT INTO customers SELECT * FROM other RETURNING id";
        RelayedInsert relayed = Objects.requireNonNull(relayed(sql));
        assertThat(relayed.sourceColumns()).isEqualTo(-1);
        assertThat(spliced(sql, relayed.source())).isEqualTo("SELECT*FROMother");
        assertThat(spliced(sql, relayed.rows(1).read()))
                .isEqualTo("SELECTpgring_1::bigintFROM(SELECT*FROMother)ASpgring_source(pgring_1)");
    }

    @Test
    void whatIsDrawnIsKnown() {
        assertThat(Objects.requireNonNull(relayed("INSERT INTO customers (id) SELECT 1"))
                        .rows(1)
                        .draws())
                .isFalse();
        assertThat(Objects.requireNonNull(relayed("INSERT INTO customers (name) SELECT 'a'"))
                        .rows(1)
                        .draws())
                .isTrue();
        assertThat(Objects.requireNonNull(relayed("INSERT INTO customers (id) VALUES (DEFAULT)"))
                        .rows(1)
                        .draws())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH d AS (DELETE FROM other RETURNING a) INSERT INTO customers (id) SELECT a FROM d",
                "INSERT INTO customers (id) SELECT a FROM other FOR UPDATE",
                "INSERT INTO customers (id) SELECT 1 RETURNING (SELECT count(*) FROM kv)",
                "INSERT INTO customers (id) SELECT 1 RETURNING nextval('s')",
                "INSERT INTO customers (id) SELECT 1 ON CONFLICT (id) DO UPDATE SET id = 2",
                "INSERT INTO customers (id) SELECT 1 ON CONFLICT (id) DO UPDATE SET name = (SELECT 'a')",
                "INSERT INTO customers (id) OVERRIDING USER VALUE SELECT 1",
                "INSERT INTO customers (id, name[1]) SELECT 1, 'a'"
            })
    void whatNeedsMoreThanItsRowsIsNot(String sql) {
        assertThat(relayed(sql)).isNull();
    }
}

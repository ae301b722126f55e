package io.pgring.pgsql.spread;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.KeyCast;
import io.pgring.pgsql.analysis.KeyValue;
import io.pgring.pgsql.analysis.ShardAnalysis;
import io.pgring.pgsql.parser.Parser;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitRowsTest {
    @Test
    void tellsRowsKeysAndParameters() {
        SplitRows rows = Objects.requireNonNull(
                split("INSERT INTO kv (value, key) VALUES ($2, $1), ('x', 'b'), (upper($4), $3::text) RETURNING $5"));
        assertThat(rows.rowsFromToken()).isEqualTo(9);
        assertThat(rows.rows()).hasSize(3);
        RowTokens first = rows.rows().get(0);
        assertThat(first.fromToken()).isEqualTo(9);
        assertThat(first.toToken()).isEqualTo(14);
        assertThat(first.key()).isEqualTo(new KeyValue.Parameter(1, KeyCast.NONE));
        assertThat(first.parameters()).containsExactly(1, 2);
        assertThat(rows.rows().get(1).key()).isInstanceOf(KeyValue.Literal.class);
        assertThat(rows.rows().get(1).parameters()).isEmpty();
        RowTokens last = rows.rows().get(2);
        assertThat(last.key()).isEqualTo(new KeyValue.Parameter(3, KeyCast.TEXT));
        assertThat(last.parameters()).containsExactly(3, 4);
        assertThat(rows.rowsToToken()).isEqualTo(last.toToken());
        assertThat(rows.sharedParameters()).containsExactly(5);
    }

    @Test
    void makesTheInsertOfSomeRows() {
        String sql = "INSERT INTO kv VALUES /* a */ ($1, $2) , ($3,$4),('c', $2 || $5) ON CONFLICT (key) "
                + "DO UPDATE SET value = $6 -- end";
        assertThat(textFor(sql, sql, new int[] {0, 2}, 1, 2, 0, 0, 3, 4))
                .isEqualTo("INSERT INTO kv VALUES /* a */ ($1, $2), ('c', $2 || $3) ON CONFLICT (key) "
                        + "DO UPDATE SET value = $4 -- end");
        assertThat(textFor(sql, sql, new int[] {1}, 0, 0, 1, 2, 0, 3))
                .isEqualTo("INSERT INTO kv VALUES /* a */ ($1,$2) ON CONFLICT (key) DO UPDATE SET value = $3 -- end");
    }

    @Test
    void oneSplitServesAllTextsOfAPlan() {
        String planned = "INSERT INTO kv VALUES ('a', 1), ('b', 2)";
        String other = "insert into kv values('x''(',  77) /* (,) */ , ('ä;', 8)";
        assertThat(textFor(planned, other, new int[] {1})).isEqualTo("insert into kv values('ä;', 8)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO kv VALUES ('a', 'x')",
                "WITH c AS (SELECT 1) INSERT INTO kv VALUES ('a', 'x'), ('b', 'y')",
                "INSERT INTO kv VALUES ('a', (SELECT title FROM countries LIMIT 1)), ('b', 'y')",
                "INSERT INTO kv VALUES ('a', 'x'), ('b', 'y') ON CONFLICT (key) DO UPDATE SET value = (SELECT 'z')",
                "INSERT INTO kv VALUES ('a', 'x'), ('b', 'y') RETURNING EXISTS (SELECT 1)",
                "UPDATE kv SET value = 'x' WHERE key IN ('a', 'b')",
                "SELECT * FROM kv WHERE key IN ('a', 'b')",
            })
    void leavesWholeWhatIsNoListOfRows(String sql) {
        assertThat(split(sql)).isNull();
    }

    @Test
    void splitsManyRows() {
        String sql = "INSERT INTO kv VALUES ('a', 'x')" + ", ('b', $1)".repeat(100_000);
        SplitRows rows = Objects.requireNonNull(split(sql));
        assertThat(rows.rows()).hasSize(100_001);
        assertThat(textFor(sql, sql, new int[] {0, 100_000}, 1))
                .isEqualTo("INSERT INTO kv VALUES ('a', 'x'), ('b', $1)");
    }

    private static String textFor(String planned, String actual, int[] rows, int... parameters) {
        SplitRows split = Objects.requireNonNull(split(planned));
        byte[] text = actual.getBytes(UTF_8);
        return new String(split.textFor(text, 0, text.length, rows, parameters), UTF_8);
    }

    private static @Nullable SplitRows split(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        var statement = Parser.parse(text, 0, text.length).statements().get(0);
        Analysis.Bound bound = (Analysis.Bound) ShardAnalysis.analyze(statement, new SpreadCatalog());
        return SplitRows.of(bound, statement, text, 0, text.length);
    }
}

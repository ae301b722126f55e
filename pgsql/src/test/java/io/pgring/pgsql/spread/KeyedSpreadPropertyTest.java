package io.pgring.pgsql.spread;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.analysis.ShardAnalysis;
import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.lexer.Normalizer;
import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.tree.Select;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan is made once per key: so a spread must fit every text of the key, and hold nothing of a literal that the key leaves out. */
class KeyedSpreadPropertyTest {
    private static final List<String> STRINGS =
            List.of("''", "'kv'", "'it''s'", "E'\\n'", "$$kv$$", "'LIMIT 1'", "'ä'");

    @Test
    void otherLiteralsOfOneKeyGiveTheSameSpread() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Normalizer normalizer = new Normalizer();
        for (SpreadAnalysisTest.Case each : SpreadAnalysisTest.cases().toList()) {
            Spread expected = spread(each.sql());
            for (int round = 0; round < 5; round++) {
                String other = withOtherLiterals(each.sql(), normalizer, random);
                assertThat(spread(other)).as("seed %d: %s", seed, other).isEqualTo(expected);
            }
        }
    }

    private static String withOtherLiterals(String sql, Normalizer normalizer, Random random) {
        byte[] text = sql.getBytes(UTF_8);
        normalizer.normalize(text, 0, text.length);
        StringBuilder other = new StringBuilder();
        int position = 0;
        for (int i = 0; i < normalizer.literalCount(); i++) {
            other.append(new String(text, position, normalizer.literalStart(i) - position, UTF_8));
            boolean string = normalizer.literalKind(i) == LiteralKind.STRING
                    || normalizer.literalKind(i) == LiteralKind.STRING_ESCAPED;
            other.append(
                    string ? STRINGS.get(random.nextInt(STRINGS.size())) : number(normalizer.literalKind(i), random));
            position = normalizer.literalEnd(i);
        }
        return other.append(new String(text, position, text.length - position, UTF_8))
                .toString();
    }

    private static String number(LiteralKind kind, Random random) {
        return kind == LiteralKind.INTEGER ? String.valueOf(random.nextInt(1000)) : random.nextInt(1000) + ".5";
    }

    @Test
    void everyReadThatScattersCanBeGathered() throws IOException {
        for (SpreadAnalysisTest.Case each : SpreadAnalysisTest.cases().toList()) {
            Spread spread = spread(each.sql());
            // ONLY says nothing of a view; a name in WITH may be in the way of a table's name.
            boolean excepted = each.sql().contains("ONLY kv") || each.sql().startsWith("WITH kv");
            if (spread == null || excepted) {
                continue;
            }
            Scatter scatter = spread.scatter();
            if (scatter != null && !scatter.writes()) {
                assertThat(spread.gather()).as(each.sql()).isNotNull();
            }
        }
    }

    @Test
    void splicedTextsAreStatementsOfTheSameKind() throws IOException {
        for (SpreadAnalysisTest.Case each : SpreadAnalysisTest.cases().toList()) {
            byte[] text = each.sql().getBytes(UTF_8);
            var statement = Parser.parse(text, 0, text.length).statements().get(0);
            for (String line : SpreadDescription.of(statement, text, 0, text.length)) {
                if (line.startsWith("> ")) {
                    byte[] spliced = line.substring(2).getBytes(UTF_8);
                    var statements = Parser.parse(spliced, 0, spliced.length).statements();
                    assertThat(statements).as(line).hasSize(1);
                    assertThat(statements.get(0)).as(line).isInstanceOf(statement.getClass());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT key FROM kv WHERE n = 1%s",
                "SELECT sum(n) FROM kv WHERE n IN (1%s)",
                "SELECT key FROM kv ORDER BY key%s",
                "SELECT key%s FROM kv",
                "SELECT value FROM kv GROUP BY value%s",
                "UPDATE kv SET n = 1 WHERE n = 1%s",
            })
    void longStatementsDoNoHarm(String sql) {
        String link = sql.contains("IN (") || sql.startsWith("SELECT key%")
                ? ", 1"
                : sql.contains("BY") ? ", key" : " OR n = 1";
        Spread spread = spread(sql.formatted(link.repeat(100_000)));
        assertThat(spread).isNotNull();
    }

    @Test
    void deepStatementsDoNoHarm() {
        String deep = "SELECT key FROM kv WHERE " + "(".repeat(10_000) + "true" + ")".repeat(10_000);
        assertThat(spread(deep)).isNull();
        String nested = "SELECT key FROM kv WHERE " + "NOT (".repeat(100) + "true" + ")".repeat(100);
        assertThat(spread(nested)).isNotNull();
        byte[] text = nested.getBytes(UTF_8);
        assertThat(Parser.parse(text, 0, text.length).statements().get(0)).isInstanceOf(Select.class);
    }

    private static @Nullable Spread spread(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        var statement = Parser.parse(text, 0, text.length).statements().get(0);
        SpreadCatalog catalog = new SpreadCatalog();
        return SpreadAnalysis.spread(
                ShardAnalysis.analyze(statement, catalog), statement, catalog, text, 0, text.length);
    }
}

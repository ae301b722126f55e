package io.pgring.pgsql.analysis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.lexer.Normalizer;
import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.tree.Statement;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A plan is made once per key: so the analysis must not depend on a literal that the key leaves out. */
class KeyedAnalysisPropertyTest {
    private static final List<String> STRINGS = List.of(
            "''",
            "'kv'",
            "'it''s'",
            "E'\\n'",
            "$$kv$$",
            "$t$a'b$t$",
            "U&'\\0061'",
            "U&'!0061' UESCAPE '!'",
            "'SELECT * FROM kv'");

    @Test
    void otherLiteralsOfOneKeyGiveTheSameAnalysis() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Normalizer normalizer = new Normalizer();
        for (ShardAnalysisTest.Case each : ShardAnalysisTest.cases().toList()) {
            for (int round = 0; round < 10; round++) {
                String other = withOtherLiterals(each.sql(), normalizer, random);
                assertThat(key(other, normalizer))
                        .as("seed %d: %s", seed, other)
                        .isEqualTo(key(each.sql(), normalizer));
                assertThat(shape(other)).as("seed %d: %s", seed, other).isEqualTo(shape(each.sql()));
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
            other.append(literal(normalizer.literalKind(i), random));
            position = normalizer.literalEnd(i);
        }
        return other.append(new String(text, position, text.length - position, UTF_8))
                .toString();
    }

    private static String literal(LiteralKind kind, Random random) {
        return switch (kind) {
            case STRING, STRING_ESCAPED -> STRINGS.get(random.nextInt(STRINGS.size()));
            case INTEGER -> String.valueOf(random.nextInt(1000));
            case NUMERIC -> random.nextInt(1000) + ".5";
            case BIT_STRING -> "X'1F'";
        };
    }

    private static String key(String sql, Normalizer normalizer) {
        byte[] text = sql.getBytes(UTF_8);
        normalizer.normalize(text, 0, text.length);
        return new String(normalizer.key(), 0, normalizer.keyLength(), ISO_8859_1);
    }

    private static String shape(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        Statement statement = Parser.parse(text, 0, text.length).statements().get(0);
        Analysis analysis = ShardAnalysis.analyze(statement, new FakeCatalog());
        if (analysis instanceof Analysis.Bound bound) {
            return "bound " + bound.keys().size() + bound.inserts() + bound.readOnly() + bound.sessionStates();
        }
        return analysis.getClass().getSimpleName() + analysis.sessionStates();
    }
}

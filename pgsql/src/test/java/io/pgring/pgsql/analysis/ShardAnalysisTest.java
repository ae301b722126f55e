package io.pgring.pgsql.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Script;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of {@code analysis.txt}. */
class ShardAnalysisTest {
    record Case(String expected, String sql) {}

    static Stream<Case> cases() throws IOException {
        try (InputStream in = ShardAnalysisTest.class.getResourceAsStream("/analysis.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
            return text
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(ShardAnalysisTest::parse)
                    .toList()
                    .stream();
        }
    }

    private static Case parse(String line) {
        int bar = line.indexOf(" | ");
        return new Case(line.substring(0, bar), line.substring(bar + 3));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhatTheCaseSays(Case each) {
        assertThat(describe(each.sql())).as(each.sql()).isEqualTo(each.expected());
    }

    @Test
    void thereAreEnoughCases() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(400);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void positionsAreRightWhereverTheStatementStands(Case each) {
        String before = "SELECT 'ä'; ";
        byte[] text = (before + each.sql() + " ; SELECT 2").getBytes(UTF_8);
        Script script = Parser.parse(text, 0, text.length);
        Analysis analysis = ShardAnalysis.analyze(script.statements().get(1), new FakeCatalog());
        assertThat(describe(analysis, text)).isEqualTo(each.expected());
    }

    private static String describe(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        Script script = Parser.parse(text, 0, text.length);
        assertThat(script.statements()).hasSize(1);
        return describe(ShardAnalysis.analyze(script.statements().get(0), new FakeCatalog()), text);
    }

    private static String describe(Analysis analysis, byte[] text) {
        if (analysis instanceof Analysis.Bound bound) {
            String[] keys =
                    bound.keys().stream().map(key -> describe(key, text)).toArray(String[]::new);
            Arrays.sort(keys);
            return (bound.readOnly() ? "bound " : "bound-rw ") + String.join(" ", keys);
        }
        if (analysis instanceof Analysis.Unsharded unsharded) {
            List<QualifiedName> tables = unsharded.tables();
            String names = tables.stream().map(QualifiedName::toString).collect(Collectors.joining(" "));
            return ("unsharded " + (unsharded.readOnly() ? "ro " : "rw ") + names).strip();
        }
        if (analysis instanceof Analysis.NotBound notBound) {
            assertThat(notBound.reason()).matches("[A-Z].*\\.");
            return "notbound";
        }
        if (analysis instanceof Analysis.Everywhere everywhere) {
            assertThat(everywhere.reason()).matches("[A-Z].*\\.");
            return everywhere.transactional() ? "everywhere" : "everywhere-alone";
        }
        assertThat(((Analysis.Refused) analysis).reason()).matches("[A-Z].*\\.");
        return "refused";
    }

    private static String describe(KeyValue key, byte[] text) {
        if (key instanceof KeyValue.Parameter parameter) {
            return "$" + parameter.number() + mark(parameter.cast());
        }
        if (key instanceof KeyValue.ArrayParameter array) {
            return "$" + array.number() + "[]" + mark(array.cast());
        }
        if (key instanceof KeyValue.ArrayLiteral array) {
            return new String(text, array.start(), array.end() - array.start(), UTF_8) + "[]" + mark(array.cast());
        }
        KeyValue.Literal literal = (KeyValue.Literal) key;
        String source = new String(text, literal.start(), literal.end() - literal.start(), UTF_8);
        return (literal.negated() ? "-" : "") + source + mark(literal.cast());
    }

    private static String mark(KeyCast cast) {
        return switch (cast) {
            case NONE -> "";
            case TEXT -> "!";
            case INTEGER -> "!int";
            case UUID -> "!uuid";
        };
    }
}

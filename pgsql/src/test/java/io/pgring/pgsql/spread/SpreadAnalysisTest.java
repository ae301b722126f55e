package io.pgring.pgsql.spread;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.ShardAnalysis;
import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.tree.Script;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of {@code spread.txt}. */
class SpreadAnalysisTest {
    /** A statement and what is expected of it, line by line. */
    record Case(String sql, List<String> expected) {
        @Override
        public String toString() {
            return sql;
        }
    }

    static Stream<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = SpreadAnalysisTest.class.getResourceAsStream("/spread.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
            for (String line : text.lines().toList()) {
                if (line.startsWith("    ")) {
                    cases.get(cases.size() - 1).expected().add(line.strip());
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    cases.add(new Case(line, new ArrayList<>()));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhatTheCaseSays(Case each) {
        byte[] text = each.sql().getBytes(UTF_8);
        Script script = Parser.parse(text, 0, text.length);
        assertThat(script.statements()).hasSize(1);
        assertThat(SpreadDescription.of(script.statements().get(0), text, 0, text.length))
                .isEqualTo(each.expected());
    }

    @Test
    void thereAreEnoughCases() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(250);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void splicesFitTheTextWhereverTheStatementStands(Case each) {
        String before = "SELECT 'ä' , 1; ";
        String after = "\n; SELECT 2";
        byte[] text = (before + each.sql() + after).getBytes(UTF_8);
        Script script = Parser.parse(text, 0, text.length);
        List<String> expected = each.expected().stream()
                .map(line -> line.startsWith("> ") ? "> " + before + line.substring(2) + " ; SELECT 2" : line)
                .toList();
        assertThat(SpreadDescription.of(script.statements().get(1), text, 0, text.length))
                .isEqualTo(expected);
    }

    @Test
    void whatHidesAtOtherPlacesIsNeitherScatteredNorGathered() {
        byte[] text = "SELECT count_kv() FROM kv".getBytes(UTF_8);
        var statement = Parser.parse(text, 0, text.length).statements().get(0);
        Analysis analysis = ShardAnalysis.analyze(statement, new SpreadCatalog());
        assertThat(analysis).isInstanceOf(Analysis.NotBound.class);
        assertThat(((Analysis.NotBound) analysis).opaque()).isTrue();
        assertThat(SpreadAnalysis.spread(analysis, statement, new SpreadCatalog(), text, 0, text.length))
                .isNull();
    }
}

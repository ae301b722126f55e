package io.pgring.it.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.compare.Outcome.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each case of the files in {@code compare/} runs through the proxy and on a single server, in every {@link Mode}; what comes back must
 * be the same, or refused. Then all rows must be the same too, and each where it belongs, and so must the definitions of all tables.
 */
class CompareIT {
    private static final Pattern DEFINING =
            Pattern.compile("\\b(create|alter|drop|comment|grant|revoke|into|do|rename)\\b", Pattern.CASE_INSENSITIVE);

    private static final Map<String, Map<Verdict, Integer>> COUNTS = new TreeMap<>();
    private static @Nullable ComparedServers servers;

    @BeforeAll
    static void start() throws Exception {
        servers = ComparedServers.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (servers != null) {
            servers.close();
        }
        COUNTS.forEach((theme, counts) -> System.out.println("compared " + theme + ": " + counts));
    }

    static Stream<CompareCase> cases() {
        return CompareCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bySimpleQueries(CompareCase session) throws Exception {
        check(session, Mode.SIMPLE);
    }

    static Stream<CompareCase> casesWithParameters() {
        return cases().filter(one -> one.questions().stream()
                .anyMatch(question -> !question.parameters().isEmpty()));
    }

    /** Results as text are those of simple queries; parameters as text are not. */
    @ParameterizedTest
    @MethodSource("casesWithParameters")
    void byExtendedQueriesInText(CompareCase session) throws Exception {
        check(session, Mode.EXTENDED_TEXT);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void byExtendedQueriesInBinary(CompareCase session) throws Exception {
        check(session, Mode.EXTENDED_BINARY);
    }

    @Test
    void thereAreEnoughCases() {
        assertThat(cases()).hasSizeGreaterThan(1_400);
    }

    private static void check(CompareCase session, Mode mode) throws Exception {
        ComparedServers compared = Objects.requireNonNull(servers);
        compared.reset();
        try (Comparison comparison = compared.connect()) {
            for (Question question : session.questions()) {
                Outcome outcome = comparison.ask(question, mode);
                COUNTS.computeIfAbsent(session.theme() + " " + mode, key -> new EnumMap<>(Verdict.class))
                        .merge(outcome.verdict(), 1, Integer::sum);
                assertThat(outcome.verdict())
                        .as(outcome.toString())
                        .isIn(question.certain() ? List.of(Verdict.SAME) : List.of(Verdict.SAME, Verdict.REFUSED));
            }
        }
        if (compared.isTouched()) {
            assertThat(compared.difference()).isEmpty();
        }
        if (session.questions().stream()
                .anyMatch(one -> DEFINING.matcher(one.sql()).find())) {
            assertThat(compared.differenceOfDefinitions()).isEmpty();
        }
    }
}

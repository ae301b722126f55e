package io.pgring.pgsql.parser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Unparsed;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements that PostgreSQL accepts, of {@code statements.sql.txt}. */
class StatementsTest {
    static Stream<String> statements() throws IOException {
        try (InputStream in = StatementsTest.class.getResourceAsStream("/statements.sql.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
            return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList().stream();
        }
    }

    @Test
    void thereAreEnough() throws IOException {
        assertThat(statements()).hasSizeGreaterThan(300);
    }

    @ParameterizedTest
    @MethodSource("statements")
    void isParsed(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        var statements = Parser.parse(text, 0, text.length).statements();
        assertThat(statements).hasSize(1);
        Statement statement = statements.get(0);
        assertThat(statement).as(sql).isNotInstanceOf(Unparsed.class);
        assertThat(statement.start()).isZero();
        assertThat(statement.end()).isEqualTo(text.length);
    }

    @ParameterizedTest
    @MethodSource("statements")
    void queriesAndModificationsHaveATree(String sql) {
        String word = sql.split("[ (]", 2)[0].toUpperCase(Locale.ROOT);
        boolean tree = word.equals("SELECT") || word.equals("INSERT") || word.equals("UPDATE") || word.equals("DELETE");
        byte[] text = sql.getBytes(UTF_8);
        Statement statement = Parser.parse(text, 0, text.length).statements().get(0);
        assertThat(tree && statement instanceof Other).isFalse();
    }
}

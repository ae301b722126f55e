package io.pgring.pgsql.spread;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SplicerTest {
    private static final List<Splice> SPLICES =
            List.of(new Splice(2, 2, ", 'ö' "), new Splice(3, 4, "\"view\""), new Splice(5, 7, ""));

    @Test
    void replacesAndInsertsTokens() {
        assertThat(apply("SELECT a FROM t LIMIT 5 OFFSET 6", SPLICES))
                .isEqualTo("SELECT a, 'ö'  FROM \"view\" LIMIT  6");
    }

    @Test
    void otherBlanksCommentsAndLiteralsDoNotMatter() {
        assertThat(apply("/* ä */SELECT a--\n\tFROM\n t/**/LIMIT 'x'OFFSET 6 ", SPLICES))
                .isEqualTo("/* ä */SELECT a, 'ö' --\n\tFROM\n \"view\"/**/LIMIT  6 ");
    }

    @Test
    void insertsAtBothEnds() {
        assertThat(apply(" a -- b", List.of(new Splice(0, 0, "x "), new Splice(1, 1, " y"))))
                .isEqualTo("x  a y -- b");
    }

    @Test
    void insertsAtOnePlaceInTheirOrder() {
        assertThat(apply("a b", List.of(new Splice(1, 1, " x"), new Splice(1, 1, " y"), new Splice(1, 2, "z"))))
                .isEqualTo("a x y z");
    }

    @Test
    void takesAPartOfAText() {
        byte[] text = "ä; SELECT t ; b".getBytes(UTF_8);
        byte[] spliced = Splicer.apply(text, 3, 13, List.of(new Splice(1, 2, "view")));
        assertThat(new String(spliced, UTF_8)).isEqualTo(" SELECT view ");
    }

    @Test
    void refusesATextThatHasNotTheTokens() {
        assertThatThrownBy(() -> apply("a b", List.of(new Splice(7, 8, "x"))))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void findsThePositionInTheClientsText() {
        // Given a text whose characters are not all of one byte
        String original = "SELECT 'ä', a FROM kv WHERE b";
        List<Splice> splices = List.of(new Splice(4, 4, ", key AS h "), new Splice(5, 6, "\"pgring_gather\".\"kv\""));
        byte[] text = original.getBytes(UTF_8);
        String spliced = apply(original, splices);
        for (String word : List.of("SELECT", "'ä'", "FROM", "WHERE", "b")) {
            // When the server points at a place of the spliced text
            int position = spliced.lastIndexOf(word) + 1;
            // Then the client is pointed at the same place of its own
            assertThat(Splicer.originalPosition(text, 0, text.length, splices, position))
                    .as(word)
                    .isEqualTo(original.lastIndexOf(word) + 1);
        }
        int inView = spliced.indexOf("gather") + 1;
        assertThat(Splicer.originalPosition(text, 0, text.length, splices, inView))
                .isEqualTo(original.indexOf("kv") + 1);
        int atEnd = spliced.length() + 1;
        assertThat(Splicer.originalPosition(text, 0, text.length, splices, atEnd))
                .isEqualTo(original.length() + 1);
    }

    private static String apply(String sql, List<Splice> splices) {
        byte[] text = sql.getBytes(UTF_8);
        return new String(Splicer.apply(text, 0, text.length, splices), UTF_8);
    }
}

package io.pgring.pgsql.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.pgsql.copy.CopyCommand.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyCommandTest {
    private static CopyCommand read(String sql) {
        return CopyCommand.read(sql.getBytes(UTF_8));
    }

    /** Format, delimiter, NULL, quote, escape, header. */
    private static String shown(CopyCommand command) {
        return command.format() + " " + (char) command.delimiter() + " " + command.nullText() + " "
                + (char) command.quote() + (char) command.escape() + (command.header() ? " header" : "");
    }

    @Test
    void withoutOptionsItIsText() {
        CopyCommand command = read("COPY public.\"My Table\" (a, \"B\") FROM STDIN;");
        assertThat(shown(command)).isEqualTo("TEXT \t \\N \"\"");
        assertThat(command.table()).isEqualTo("My Table");
        assertThat(command.columns()).containsExactly("a", "B");
        assertThat(command.utf8()).isTrue();
        assertThat(command.unknown()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "(FORMAT csv) ~ CSV ,  \"\"",
                "WITH (FORMAT csv, HEADER) ~ CSV ,  \"\" header",
                "(FORMAT 'csv', HEADER true, DELIMITER ';', NULL 'null') ~ CSV ; null \"\" header",
                "(format CSV, header MATCH, quote '''', escape E'\\\\') ~ CSV ,  '\\ header",
                "(FORMAT csv, HEADER off, QUOTE '|') ~ CSV ,  ||",
                "(FORMAT csv, HEADER 0, FORCE_QUOTE *, FREEZE) ~ CSV ,  \"\"",
                "(NULL none, DELIMITER $$|$$) ~ TEXT | none \"\"",
                "(NULL 0) ~ TEXT \t 0 \"\"",
                "(FORMAT text, ON_ERROR ignore, LOG_VERBOSITY verbose) ~ TEXT \t \\N \"\"",
                "CSV ~ CSV ,  \"\"",
                "WITH CSV HEADER QUOTE AS '''' ESCAPE '/' NULL AS 'null' ~ CSV , null '/ header",
                "DELIMITER AS '|' NULL '' ~ TEXT |  \"\"",
                "WITH DELIMITER ',' CSV FORCE QUOTE a, b ~ CSV ,  \"\"",
                "BINARY ~ BINARY \t \\N \"\"",
                "(FORMAT binary) ~ BINARY \t \\N \"\"",
            })
    void optionsAreReadInBothSyntaxes(String options, String expected) {
        for (String where : new String[] {"", " WHERE a > 1"}) {
            CopyCommand command = read("COPY t FROM STDIN " + options + where);
            assertThat(command.unknown()).isNull();
            assertThat(shown(command).strip()).isEqualTo(expected.strip());
        }
        assertThat(read("COPY t TO STDOUT " + options).unknown()).isNull();
    }

    @Test
    void theFirstWordMaySayBinary() {
        assertThat(read("COPY BINARY t FROM STDIN").format()).isEqualTo(Format.BINARY);
        assertThat(read("COPY \"binary\" FROM STDIN").format()).isEqualTo(Format.TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(FORMAT csv, FORCE_NOT_NULL (a, \"B\"), FORCE_NULL (c))",
                "CSV FORCE NOT NULL a, \"B\" FORCE NULL c",
            })
    void forcedColumnsAreKnown(String options) {
        CopyCommand command = read("COPY t FROM STDIN " + options);
        assertThat(command.unknown()).isNull();
        assertThat(command.forceNotNull().names()).containsExactly("a", "B");
        assertThat(command.forceNull().names()).containsExactly("c");
        assertThat(command.forceNull().contains("a")).isFalse();
    }

    @Test
    void aStarForcesAllColumns() {
        assertThat(read("COPY t FROM STDIN (FORMAT csv, FORCE_NULL *)")
                        .forceNull()
                        .contains("x"))
                .isTrue();
        assertThat(read("COPY t FROM STDIN CSV FORCE NOT NULL *").forceNotNull().contains("x"))
                .isTrue();
    }

    @Test
    void encodingsAreUtf8OrNot() {
        assertThat(read("COPY t FROM STDIN (ENCODING 'UTF-8')").utf8()).isTrue();
        assertThat(read("COPY t FROM STDIN ENCODING 'latin1'").utf8()).isFalse();
        assertThat(read("COPY t FROM STDIN (ENCODING utf8)").utf8()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(DEFAULT '\\D')",
                "(FORMAT json)",
                "(HEADER 2)",
                "(HEADER maybe)",
                "(REJECT_LIMIT 3)",
                "(NULL 007)",
                "(NULL -1)",
                "(FORMAT (csv))",
                "(DELIMITER 'ab')",
                "(QUOTE '')",
                "(FORCE_NULL (a, 1))",
                "(something)",
                "USING DELIMITERS ','",
                "CSV SOMETHING",
                "CSV FORCE a",
                "(NULL U&'\\zzzz')",
            })
    void whatIsNotUnderstoodIsSaid(String options) {
        assertThat(read("COPY t FROM STDIN " + options).unknown()).isNotNull();
    }

    @Test
    void anythingElseIsNoCopyOfATable() {
        assertThatThrownBy(() -> read("SELECT 1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> read("COPY (SELECT 1) TO STDOUT")).isInstanceOf(IllegalArgumentException.class);
    }
}

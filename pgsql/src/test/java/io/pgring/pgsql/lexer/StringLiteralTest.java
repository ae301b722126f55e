package io.pgring.pgsql.lexer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StringLiteralTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'abc'                          | abc
            'it''s'                        | it's
            ''''                           | '
            'a\\b'                         | a\\b
            E'a\\\\b'                      | a\\b
            E'it\\'s'                      | it's
            E'it''s'                       | it's
            E'\\x41\\x4a\\x2B2'             | AJ+2
            E'\\101\\1012'                 | AA2
            E'\\u00e4'                     | ä
            E'\\U0001F600'                 | 😀
            E'\\ud83d\\ude00'              | 😀
            E'\\q\\xg'                     | qxg
            N'abc'                         | abc
            U&'d\\0061t\\+000061'          | data
            U&'d!0061t!+000061' UESCAPE '!' | data
            U&'a\\\\b''c'                  | a\\b'c
            U&'\\d83d\\de00'               | 😀
            $$it's$$                       | it's
            $a$x$$y$a$                     | x$$y
            'ä😀'                          | ä😀
            """)
    void decodes(String literal, String value) {
        byte[] text = literal.getBytes(UTF_8);
        assertThat(StringLiteral.decodeToString(text, 0, text.length)).isEqualTo(value);
    }

    @Test
    void decodesControlCharactersAndEmptyStrings() {
        assertThat(decode("E'\\b\\f\\n\\r\\t'")).isEqualTo("\b\f\n\r\t");
        assertThat(decode("''")).isEmpty();
        assertThat(decode("$$$$")).isEmpty();
        assertThat(decode("E''")).isEmpty();
    }

    @Test
    void joinsContinuedPieces() {
        assertThat(decode("'a'\n'b''c'")).isEqualTo("ab'c");
        assertThat(decode("'a' -- x'y\n\t'b'")).isEqualTo("ab");
        assertThat(decode("E'a\\n'\n'\\'b'")).isEqualTo("a\n'b");
    }

    @Test
    void writesInsideALargerText() {
        byte[] text = "xx'it''s'yy".getBytes(UTF_8);
        byte[] out = new byte[7];
        assertThat(StringLiteral.decode(text, 2, 9, out)).isEqualTo(4);
        assertThat(new String(out, 0, 4, UTF_8)).isEqualTo("it's");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "E'\\u12'",
                "E'\\U00110000'",
                "E'\\ud83d'",
                "E'\\ud83dx'",
                "E'\\ude00'",
                "E'\\u0000'",
                "U&'\\12'",
                "U&'\\d83d'",
                "U&'\\de00'",
                "U&'\\+110000'",
                "U&'x' UESCAPE 'a'",
                "U&'x' UESCAPE '+'",
                "E'\\v'"
            })
    void refusesInvalidEscapes(String literal) {
        assertThatThrownBy(() -> decode(literal)).isInstanceOf(SqlSyntaxException.class);
    }

    @Test
    void foldsUnquotedIdentifiersAndUnquotesOthers() {
        assertThat(identifier("KV")).isEqualTo("kv");
        assertThat(identifier("Größe")).isEqualTo("größe");
        assertThat(identifier("ÄB")).isEqualTo("Äb");
        assertThat(identifier("\"KV\"")).isEqualTo("KV");
        assertThat(identifier("\"a\"\"b\"")).isEqualTo("a\"b");
        assertThat(identifier("U&\"\\006bv\"")).isEqualTo("kv");
        assertThat(identifier("U&\"!006bv\" UESCAPE '!'")).isEqualTo("kv");
    }

    @Test
    void cutsIdentifiersTo63Bytes() {
        assertThat(identifier("a".repeat(70))).isEqualTo("a".repeat(63));
        assertThat(identifier("\"" + "a".repeat(62) + "ä\"")).isEqualTo("a".repeat(62));
    }

    private static String decode(String literal) {
        byte[] text = literal.getBytes(UTF_8);
        return StringLiteral.decodeToString(text, 0, text.length);
    }

    private static String identifier(String source) {
        byte[] text = source.getBytes(UTF_8);
        return Identifiers.decode(text, 0, text.length);
    }
}

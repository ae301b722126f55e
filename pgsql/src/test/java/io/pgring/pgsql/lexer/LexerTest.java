package io.pgring.pgsql.lexer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens by the rules of scan.l. Expected tokens are written as {@code KIND:text}, between spaces; a space in a text is {@code ·}. */
class LexerTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            select a             | IDENTIFIER:select IDENTIFIER:a
            Größe_1$x            | IDENTIFIER:Größe_1$x
            "a b"                | QUOTED_IDENTIFIER:"a·b"
            "a""b"               | QUOTED_IDENTIFIER:"a""b"
            U&"d\\0061"          | QUOTED_IDENTIFIER:U&"d\\0061"
            u&"d!0061" uescape '!' x | QUOTED_IDENTIFIER:u&"d!0061"·uescape·'!' IDENTIFIER:x
            u & "x"              | IDENTIFIER:u OPERATOR:& QUOTED_IDENTIFIER:"x"
            'a'                  | STRING:'a'
            ''                   | STRING:''
            'it''s'              | STRING_ESCAPED:'it''s'
            'a' 'b'              | STRING:'a' STRING:'b'
            E'\\''               | STRING_ESCAPED:E'\\''
            e'\\\\' x            | STRING_ESCAPED:e'\\\\' IDENTIFIER:x
            'a\\'                | STRING:'a\\'
            B'01' x'1F'          | BIT_STRING:B'01' BIT_STRING:x'1F'
            B'1''0'              | BIT_STRING:B'1' STRING:'0'
            N'a'                 | NATIONAL_STRING:N'a'
            U&'d!0061' UESCAPE '!' | STRING_ESCAPED:U&'d!0061'·UESCAPE·'!'
            xx'1'                | IDENTIFIER:xx STRING:'1'
            $$a'b$$              | STRING_ESCAPED:$$a'b$$
            $t$a$$b$t$           | STRING_ESCAPED:$t$a$$b$t$
            $t$a$T$b$t$          | STRING_ESCAPED:$t$a$T$b$t$
            a$b$c                | IDENTIFIER:a$b$c
            $1 $22               | PARAMETER:$1 PARAMETER:$22
            $1::int              | PARAMETER:$1 TYPECAST::: IDENTIFIER:int
            1 1.5 .5 1. 1e5      | INTEGER:1 NUMERIC:1.5 NUMERIC:.5 NUMERIC:1. NUMERIC:1e5
            1.5e-3 1E+2          | NUMERIC:1.5e-3 NUMERIC:1E+2
            1..2                 | INTEGER:1 DOT_DOT:.. INTEGER:2
            1.5.5                | NUMERIC:1.5 NUMERIC:.5
            1_000 0x1F 0o17 0b11 | NUMERIC:1_000 NUMERIC:0x1F NUMERIC:0o17 NUMERIC:0b11
            1_0.2_5e1_0          | NUMERIC:1_0.2_5e1_0
            -1                   | OPERATOR:- INTEGER:1
            a=-1                 | IDENTIFIER:a OPERATOR:= OPERATOR:- INTEGER:1
            a<-1                 | IDENTIFIER:a OPERATOR:< OPERATOR:- INTEGER:1
            a@-1                 | IDENTIFIER:a OPERATOR:@- INTEGER:1
            a*+-1                | IDENTIFIER:a OPERATOR:* OPERATOR:+ OPERATOR:- INTEGER:1
            a<>b a!=b a>=b       | IDENTIFIER:a OPERATOR:<> IDENTIFIER:b IDENTIFIER:a OPERATOR:!= IDENTIFIER:b IDENTIFIER:a OPERATOR:>= IDENTIFIER:b
            a=>b a:=b            | IDENTIFIER:a EQUALS_GREATER:=> IDENTIFIER:b IDENTIFIER:a COLON_EQUALS::= IDENTIFIER:b
            a->>'b'              | IDENTIFIER:a OPERATOR:->> STRING:'b'
            a*/**/b              | IDENTIFIER:a OPERATOR:* IDENTIFIER:b
            a+--x                | IDENTIFIER:a OPERATOR:+
            a/*b*/c              | IDENTIFIER:a IDENTIFIER:c
            a/*/*b*/*/c          | IDENTIFIER:a IDENTIFIER:c
            a@/**/b              | IDENTIFIER:a OPERATOR:@ IDENTIFIER:b
            (a[1:2],b.c);        | LEFT_PARENTHESIS:( IDENTIFIER:a LEFT_BRACKET:[ INTEGER:1 COLON:: INTEGER:2 RIGHT_BRACKET:] COMMA:, IDENTIFIER:b DOT:. IDENTIFIER:c RIGHT_PARENTHESIS:) SEMICOLON:;
            """)
    void cutsTokens(String sql, String expected) {
        assertThat(String.join(" ", tokens(sql.getBytes(UTF_8)))).isEqualTo(expected);
    }

    @Test
    void joinsStringsThatANewlineSeparates() {
        assertThat(tokens("'a'\n'b'".getBytes(UTF_8))).containsExactly("STRING_ESCAPED:'a'\n'b'");
        assertThat(tokens("'a' -- note\n  'b'".getBytes(UTF_8))).hasSize(1);
        assertThat(tokens("E'a'\n'\\''".getBytes(UTF_8))).hasSize(1);
        assertThat(tokens("'a'\n/* note */ 'b'".getBytes(UTF_8))).hasSize(2);
        assertThat(tokens("$$a$$\n'b'".getBytes(UTF_8))).hasSize(2);
        assertThat(tokens("\"a\"\n\"b\"".getBytes(UTF_8))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'abc", "'abc''", "E'abc\\'", "B'01", "X'", "\"abc", "\"\"", "U&\"\"", "U&'abc", "$$abc", "$a$abc$b$",
                        "$a", "$ 1",
                "/* abc", "/* /* */", "1a", "1_", "1__0", "0x", "0xg", "1e", "1e+", "1.5x", "$1a", "$99999999999",
                        "U&'a' UESCAPE x",
                "U&'a' UESCAPE 'ab'", "U&'a' UESCAPE ''", "\\d", "{", "\0"
            })
    void refusesWhatIsNoToken(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        assertThatThrownBy(() -> tokens(text)).isInstanceOf(SqlSyntaxException.class);
    }

    @Test
    void refusesBytesThatAreInNoUtf8Text() {
        for (int high = 0xF8; high <= 0xFF; high++) {
            byte[] text = {'a', (byte) high};
            assertThatThrownBy(() -> tokens(text))
                    .isInstanceOfSatisfying(
                            SqlSyntaxException.class,
                            e -> assertThat(e.sqlState()).isEqualTo("22021"));
        }
    }

    @Test
    void tellsThePositionOfAnError() {
        byte[] text = "SELECT 'abc".getBytes(UTF_8);
        assertThatThrownBy(() -> tokens(text))
                .isInstanceOfSatisfying(
                        SqlSyntaxException.class, e -> assertThat(e.position()).isEqualTo(7));
    }

    static List<String> tokens(byte[] text) {
        List<String> tokens = new ArrayList<>();
        Lexer lexer = new Lexer();
        lexer.reset(text, 0, text.length);
        for (TokenKind kind = lexer.next(); kind != TokenKind.END; kind = lexer.next()) {
            String source = new String(text, lexer.start(), lexer.end() - lexer.start(), UTF_8);
            tokens.add(kind + ":" + source.replace(' ', '·'));
        }
        return tokens;
    }
}

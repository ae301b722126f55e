package io.pgring.pgsql.lexer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayElementsTest {
    private final ArrayElements elements = new ArrayElements();

    /** Null when it is not understood. */
    private @Nullable List<String> read(String array) {
        byte[] text = ("<" + array + ">").getBytes(UTF_8);
        List<String> values = new ArrayList<>();
        elements.read(text, 1, text.length - 1);
        while (elements.next()) {
            String value = new String(text, elements.start(), elements.length(), UTF_8);
            values.add(elements.isNull() ? "NULL!" : value);
        }
        return elements.isUnderstood() ? values : null;
    }

    @Test
    void valuesAreThoseBetweenTheCommas() {
        assertThat(read("{}")).isEmpty();
        assertThat(read(" \t{ \n} ")).isEmpty();
        assertThat(read("{a}")).containsExactly("a");
        assertThat(read("{a,b,\u00e9\u20ac}")).containsExactly("a", "b", "\u00e9\u20ac");
        assertThat(read("{-1,+2, 3 }")).containsExactly("-1", "+2", "3");
    }

    @Test
    void spaceCountsInsideOfAValueAlone() {
        assertThat(read("  { a b ,\tc\u000b}  ")).containsExactly("a b", "c");
        assertThat(read("{\" a \" , b}")).containsExactly(" a ", "b");
        assertThat(read("{\\ a\\  }")).containsExactly(" a ");
    }

    @Test
    void quotesAndBackslashesKeepAnyCharacter() {
        assertThat(read("{\"\"}")).containsExactly("");
        assertThat(read("{\"a,b\",\"{}\",\"\\\"\",\"\\\\\"}")).containsExactly("a,b", "{}", "\"", "\\");
        assertThat(read("{a\\,b,\\{\\},\\\"}")).containsExactly("a,b", "{}", "\"");
        assertThat(read("{\"\\a\\b\"}")).containsExactly("ab");
    }

    @Test
    void nullIsAWordWithoutQuotes() {
        assertThat(read("{NULL,null, nUlL }")).containsExactly("NULL!", "NULL!", "NULL!");
        assertThat(read("{\"NULL\",\\NULL,NULLS,NUL,n u}")).containsExactly("NULL", "NULL", "NULLS", "NUL", "n u");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "{",
                "}",
                "{a",
                "a}",
                "{a,}",
                "{,a}",
                "{,}",
                "{a,,b}",
                "{ , }",
                "{a}b",
                "{a}}",
                "{a}{b}",
                "{\"a}",
                "{\"a\\\"}",
                "{a\\",
                "{\"a\"b}",
                "{a\"b\"}",
                "{\"a\"\"b\"}",
                "{{a}}",
                "{a,{b}}",
                "{a{b}",
                "[0:1]={a,b}",
                "[2]={a,b}",
                "={a}",
            })
    void whatIsNoArrayOfOneDimensionIsNotUnderstood(String array) {
        assertThat(read(array)).isNull();
    }
}

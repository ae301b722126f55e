package io.pgring.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryStringTest {

    @ParameterizedTest
    @CsvSource({
        "key=a,a",
        "key=,''",
        "x=1&key=a%26b%3d+c&y,a&b= c",
        "key=%C3%A9%e2%82%ac,\u00e9\u20ac",
        "key=\u00c3\u00a9,\u00e9",
        "%6bey=a,a",
        "key=a=b,a=b",
        "key=%00,'\u0000'"
    })
    void decodesTheParameter(String query, String value) {
        assertThat(QueryString.required(query, "key", "")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "key", "keys=a", "KEY=a", "key=a&key=b", "key=%", "key=%4", "key=%zz", "key=%ff"})
    void refusesWhatIsMissingDoubledOrMalformed(String query) {
        assertThatThrownBy(() -> QueryString.required(query, "key", "")).isInstanceOf(RequestRefused.class);
    }
}

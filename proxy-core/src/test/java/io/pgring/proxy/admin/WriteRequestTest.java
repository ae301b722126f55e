package io.pgring.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WriteRequestTest {
    private static final String GOOD = "{\"key\":\"k\",\"value\":\"v\"}";

    private static WriteRequest parse(byte[] body, String... headers) {
        HttpHeaders all = new DefaultHttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return WriteRequest.of(new Request(HttpMethod.POST, "/write", "", all, body));
    }

    private static WriteRequest parse(String body, String... headers) {
        return parse(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static void assertRefused(int status, String error, Runnable parsing) {
        assertThatThrownBy(parsing::run).isInstanceOfSatisfying(RequestRefused.class, refused -> {
            assertThat(refused.answer().status().code()).isEqualTo(status);
            assertThat(((Problem) refused.answer().body()).error()).contains(error);
        });
    }

    @Test
    void takesKeyAndValue() {
        assertThat(parse(GOOD)).isEqualTo(new WriteRequest("k", "v"));
        assertThat(parse("{\"value\":null,\"key\":\"\"}")).isEqualTo(new WriteRequest("", null));
        assertThat(parse("{\"key\":\"\u00e9\\u20ac\\ud83d\\udc18\",\"value\":\"\"}"))
                .isEqualTo(new WriteRequest("\u00e9\u20ac\ud83d\udc18", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=UTF-8",
                "application/json;charset=\"utf-8\"",
                "application/x-www-form-urlencoded",
                "nonsense"
            })
    void takesAnyMediaTypeInUtf8(String type) {
        assertThat(parse(GOOD, "Content-Type", type)).isEqualTo(new WriteRequest("k", "v"));
    }

    @Test
    void refusesOtherCharsetsAndCompression() {
        assertRefused(415, "charset", () -> parse(GOOD, "Content-Type", "application/json; charset=iso-8859-1"));
        assertRefused(415, "content encoding gzip", () -> parse(GOOD, "Content-Encoding", "gzip"));
        assertRefused(400, "not valid UTF-8", () -> parse(new byte[] {'"', (byte) 0xff, '"'}));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"key\":\"k\"|not valid JSON",
                "nonsense|not valid JSON",
                "{\"key\":\"k\",\"value\":\"v\"} {}|not valid JSON",
                "{\"key\":\"a\",\"key\":\"b\",\"value\":\"v\"}|not valid JSON",
                "[]|not a JSON object",
                "\"k\"|not a JSON object",
                "null|not a JSON object",
                "{}|field \"key\" is missing",
                "{\"key\":\"k\"}|field \"value\" is missing",
                "{\"key\":\"k\",\"vlaue\":\"v\"}|field \"vlaue\" is not known",
                "{\"key\":\"k\",\"value\":\"v\",\"ttl\":1}|field \"ttl\" is not known",
                "{\"key\":1,\"value\":\"v\"}|field \"key\" is not a string",
                "{\"key\":null,\"value\":\"v\"}|field \"key\" is not a string",
                "{\"key\":\"k\",\"value\":1}|field \"value\" is not a string or null",
                "{\"key\":\"k\",\"value\":{}}|field \"value\" is not a string or null"
            })
    void refusesOtherBodies(String body, String error) {
        assertRefused(400, error, () -> parse(body));
    }

    @Test
    void refusesAnEmptyBody() {
        assertRefused(400, "body is empty", () -> parse(""));
        assertRefused(400, "body is empty", () -> parse(" \n"));
    }

    @Test
    void refusesDeepNesting() {
        assertRefused(400, "not valid JSON", () -> parse("[".repeat(100_000)));
    }

    @Test
    void refusesWhatPostgresqlCanNotStore() {
        assertRefused(400, "key contains the character U+0000", () -> KeyText.encode("key", "a\0b"));
        assertRefused(400, "key contains an unpaired surrogate", () -> KeyText.encode("key", "\ud83d"));
        assertThat(KeyText.encode("key", "\ud83d\udc18")).containsExactly(0xf0, 0x9f, 0x90, 0x98);
    }
}

package io.pgring.proxy.admin;

import static io.pgring.proxy.admin.HttpPort.get;
import static io.pgring.proxy.admin.HttpPort.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is let in gets as far as the missing table: 501. */
class KeyValueAccessTest {
    private static final String LET_IN = "HTTP/1.1 501 ";

    private static String basic(String user, String password) {
        byte[] text = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(text);
    }

    @Test
    void trustsProgramsOnThisMachine() {
        HttpPort port = HttpPort.trusting("127.0.0.1:8080");

        assertThat(port.ask(get("/read?key=a"))).startsWith(LET_IN);
        assertThat(port.ask(post("/write", "{\"key\":\"a\",\"value\":\"b\"}")))
                .startsWith(LET_IN)
                .contains("there is no sharded table with the columns key and value")
                .contains("CREATE TABLE kv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "[::1]", "LOCALHOST:1", "db.localhost"})
    void knowsTheNamesOfThisMachine(String host) {
        assertThat(HttpPort.trusting("127.0.0.1:8080").ask(get("/read?key=a", "Host: " + host)))
                .startsWith(LET_IN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[evil", "localhost.evil"})
    void refusesHostNamesThatSomebodyPointsHere(String host) {
        assertThat(HttpPort.trusting("127.0.0.1:8080").ask(get("/read?key=a", "Host: " + host)))
                .startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://localhost:9090"})
    void refusesWebPagesOfOtherSites(String origin) {
        assertThat(HttpPort.trusting("127.0.0.1:8080").ask(post("/write", "{}", "Origin: " + origin)))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void takesRequestsOfItsOwnPages() {
        assertThat(HttpPort.trusting("127.0.0.1:8080").ask(post("/write", "{}", "Origin: http://localhost:8080")))
                .startsWith(LET_IN);
    }

    @Test
    void isClosedWhenOthersCouldComeInUnasked() {
        HttpPort port = HttpPort.trusting("0.0.0.0:8080");

        assertThat(port.ask(get("/read?key=a")))
                .startsWith("HTTP/1.1 403 ")
                .contains("\"hint\":\"Set clients.authentication: scram-sha-256");
        assertThat(port.ask(post("/write", "{}"))).startsWith("HTTP/1.1 403 ");
        assertThat(port.ask(get("/stats"))).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8080", "0.0.0.0:8080"})
    void asksForThePasswordOfAUser(String listen) {
        HttpPort port = HttpPort.askingForPasswords(listen);

        assertThat(port.ask(get("/read?key=a")))
                .startsWith("HTTP/1.1 401 ")
                .contains("www-authenticate: Basic realm=\"PgRing\", charset=\"UTF-8\"");
        assertThat(port.ask(get("/read?key=a", basic(HttpPort.USER, "wrong")))).startsWith("HTTP/1.1 401 ");
        assertThat(port.ask(get("/read?key=a", basic("stranger", HttpPort.PASSWORD))))
                .startsWith("HTTP/1.1 401 ");
        assertThat(port.ask(get("/read?key=a", "Authorization: Basic ???"))).startsWith("HTTP/1.1 401 ");
        assertThat(port.ask(get("/read?key=a", "Authorization: Bearer abc"))).startsWith("HTTP/1.1 401 ");
        assertThat(port.ask(get("/read?key=a", basic(HttpPort.USER, HttpPort.PASSWORD))))
                .startsWith(LET_IN);
        assertThat(port.ask(get("/health/live"))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void asksAgainWhenTheCredentialsChange() {
        HttpPort port = HttpPort.askingForPasswords("0.0.0.0:8080");
        EmbeddedChannel channel = port.connect();
        String right = get("/read?key=a", basic(HttpPort.USER, HttpPort.PASSWORD));
        HttpPort.send(channel, right + right + get("/read?key=a", basic(HttpPort.USER, "wrong")) + get("/read?key=a"));

        assertThat(HttpPort.answers(channel).split("HTTP/1.1 ", -1))
                .extracting(answer -> answer.substring(0, Math.min(3, answer.length())))
                .containsExactly("", "501", "501", "401", "401");
        channel.finishAndReleaseAll();
    }
}

package io.pgring.proxy.admin;

import static io.pgring.proxy.admin.HttpPort.answers;
import static io.pgring.proxy.admin.HttpPort.get;
import static io.pgring.proxy.admin.HttpPort.post;
import static io.pgring.proxy.admin.HttpPort.request;
import static io.pgring.proxy.admin.HttpPort.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConnectionTest {
    private final HttpPort port = HttpPort.trusting("127.0.0.1:8080");

    @Test
    void answersInJsonAndKeepsTheConnection() {
        EmbeddedChannel channel = port.connect();
        send(channel, get("/health/live"));
        assertThat(answers(channel))
                .isEqualTo("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n"
                        + "cache-control: no-store\r\nx-content-type-options: nosniff\r\n\r\n{\"status\":\"up\"}");
        send(channel, get("/health/live"));
        assertThat(answers(channel)).endsWith("{\"status\":\"up\"}");
        assertThat(channel.isOpen()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void answersARequestThatComesByteByByte() {
        EmbeddedChannel channel = port.connect();
        for (char c : get("/health/live").toCharArray()) {
            assertThat(answers(channel)).isEmpty();
            send(channel, String.valueOf(c));
        }
        assertThat(answers(channel)).contains("200 OK");
        channel.finishAndReleaseAll();
    }

    @Test
    void answersPipelinedRequestsInOrder() {
        String answers = port.ask(get("/stats") + get("/nothing") + get("/health/live") + post("/", ""));

        assertThat(answers.split("HTTP/1.1 ", -1))
                .extracting(answer -> answer.substring(0, Math.min(3, answer.length())))
                .containsExactly("", "200", "404", "200", "405");
    }

    @Test
    void answersManyPipelinedRequests() {
        int requests = 1_000;

        assertThat(port.ask(get("/health/live").repeat(requests)).split("200 OK", -1))
                .hasSize(requests + 1);
    }

    @Test
    void closesWhenTheClientAsksForIt() {
        EmbeddedChannel channel = port.connect();
        send(channel, get("/health/live", "Connection: close") + get("/stats"));

        assertThat(answers(channel)).contains("connection: close").doesNotContain("shards");
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void disconnectsAClientThatSendsNothing() {
        EmbeddedChannel channel = port.connect();
        send(channel, "GET /hea");
        channel.advanceTimeBy(59, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        send(channel, "l");
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void refusesABodyOverTheLimitInItsTurnAndCloses() {
        EmbeddedChannel channel = port.connect();
        send(channel, get("/health/live") + post("/write", "x".repeat(HttpPort.BODY_BYTES_MAX + 1)));

        assertThat(answers(channel))
                .containsSubsequence(
                        "200 OK",
                        "413 Request Entity Too Large",
                        "{\"error\":\"body is too large\",\"hint\":\"It may have limits.httpBodyBytesMax = 1024 bytes.\"}");
        send(channel, "more of it");
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void refusesAChunkedBodyOverTheLimit() {
        String chunk = "200\r\n" + "x".repeat(0x200) + "\r\n";

        assertThat(port.ask("POST /write HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk
                        + chunk + chunk + "0\r\n\r\n"))
                .contains("413 Request Entity Too Large")
                .endsWith("}");
    }

    /** The head of a request whose body will follow after a nod. */
    private static String announced(int bodyBytes) {
        return "POST /write HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + bodyBytes
                + "\r\nExpect: 100-continue\r\n\r\n";
    }

    @Test
    void refusesATooLargeBodyBeforeItIsSent() {
        assertThat(port.ask(announced(5_000))).startsWith("HTTP/1.1 413").endsWith("}");
    }

    @Test
    void nodsToABodyWithinTheLimit() {
        assertThat(port.ask(announced(5))).startsWith("HTTP/1.1 100 Continue");
    }

    @Test
    void bearsAClientThatLeavesInTheMiddleOfARequest() {
        EmbeddedChannel channel = port.connect();
        send(channel, "POST /write HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{");
        channel.finishAndReleaseAll();

        assertThat(answers(channel)).isEmpty();
    }

    @Test
    void doesNotKnowOtherPaths() {
        assertThat(port.ask(get("/nothing")))
                .startsWith("HTTP/1.1 404 Not Found")
                .endsWith("{\"error\":\"nothing is found at this path\",\"hint\":\"There are /write, /read, /stats,"
                        + " /metrics, /health/live, /health/ready, /reload, /.\"}");
    }

    @Test
    void doesNotAllowOtherMethods() {
        assertThat(port.ask(request("PUT", "/write", "")))
                .startsWith("HTTP/1.1 405 Method Not Allowed")
                .contains("allow: POST\r\n");
        assertThat(port.ask(request("DELETE", "/read?key=a", "")))
                .startsWith("HTTP/1.1 405 Method Not Allowed")
                .contains("allow: GET, HEAD\r\n");
    }

    @Test
    void answersHeadWithoutABody() {
        assertThat(port.ask(request("HEAD", "/health/live", "")))
                .startsWith("HTTP/1.1 200 OK")
                .contains("content-length: 15")
                .endsWith("\r\n\r\n");
    }

    @Test
    void takesAUriWithAHost() {
        assertThat(port.ask(get("http://localhost:8080/health/live?x=1"))).contains("200 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"})
    void refusesWhatIsNotHttp(String bytes) {
        EmbeddedChannel channel = port.connect();
        send(channel, bytes);

        assertThat(answers(channel)).startsWith("HTTP/1.1 400").endsWith("{\"error\":\"request is not valid HTTP\"}");
        channel.finishAndReleaseAll();
    }

    @Test
    void refusesTooLongUrisAndHeaders() {
        assertThat(port.ask(get("/" + "x".repeat(70_000))))
                .startsWith("HTTP/1.1 414")
                .endsWith("}");
        assertThat(port.ask(get("/", "X: " + "x".repeat(20_000))))
                .startsWith("HTTP/1.1 431")
                .endsWith("}");
    }

    @Test
    void turnsAwayWhoIsTooMany() {
        EmbeddedChannel[] channels = new EmbeddedChannel[10];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = port.connect();
        }
        assertThat(port.connect().isOpen()).isFalse();
        channels[0].finishAndReleaseAll();
        assertThat(port.ask(get("/health/live"))).contains("200 OK");
        for (EmbeddedChannel channel : channels) {
            channel.finishAndReleaseAll();
        }
    }
}

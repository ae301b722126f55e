package io.pgring.proxy.admin;

import static io.pgring.proxy.admin.HttpPort.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgring.proxy.metrics.PinReason;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusResourcesTest {
    private final HttpPort port = HttpPort.trusting("127.0.0.1:8080");

    private JsonNode body(String answer) throws JsonProcessingException {
        return Json.decode(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void isNotReadyWithoutAShardThatIsUp() {
        assertThat(port.ask(get("/health/ready")))
                .startsWith("HTTP/1.1 503")
                .endsWith(
                        "{\"status\":\"down\",\"shards\":[{\"name\":\"shard-0\",\"state\":\"unknown\",\"error\":null}]}");
    }

    @Test
    void isNotReadyWhenItStops() {
        port.stopping = true;

        assertThat(port.ask(get("/health/ready"))).startsWith("HTTP/1.1 503").contains("\"status\":\"stopping\"");
        assertThat(port.ask(get("/health/live"))).startsWith("HTTP/1.1 200");
    }

    @Test
    void showsTheShardsInNumbers() throws JsonProcessingException {
        port.clientMetrics.onConnecting(10);
        port.clientMetrics.onStatementRefused();
        port.shardMetrics.onExchange(1_000_000);
        port.shardMetrics.onExchange(3_000_000);
        port.shardMetrics.onError();
        port.clientMetrics.pins().onChange(Set.of(), Set.of(PinReason.ADVISORY_LOCKS));

        JsonNode stats = body(port.ask(get("/stats")));

        assertThat(stats.path("version").textValue()).isEqualTo("1.2.3");
        assertThat(stats.path("topologyVersion").intValue()).isEqualTo(7);
        assertThat(stats.path("inDoubt").intValue()).isEqualTo(3);
        assertThat(stats.path("clients"))
                .hasToString("{\"connected\":1,\"accepted\":1,\"turnedAway\":0,\"refusedStatements\":1}");
        JsonNode shard = stats.path("shards").path(0);
        assertThat(shard.path("name").textValue()).isEqualTo("shard-0");
        assertThat(shard.path("share").doubleValue()).isEqualTo(1.0);
        assertThat(shard.path("statements").intValue()).isEqualTo(2);
        assertThat(shard.path("errors").intValue()).isEqualTo(1);
        assertThat(shard.path("latencyMicros").path("p50").intValue()).isBetween(990, 1_010);
        assertThat(shard.path("latencyMicros").path("max").intValue()).isBetween(2_970, 3_030);
        assertThat(shard.path("pool")).hasToString("{\"open\":0,\"idle\":0,\"waiting\":0,\"kept\":0,\"max\":16}");
        assertThat(stats.path("pins").path("now").intValue()).isEqualTo(1);
        assertThat(stats.path("pins").path("reasons").path("advisoryLocks")).hasToString("{\"now\":1,\"total\":1}");
    }

    @Test
    void showsItsNumbersToPrometheus() {
        port.clientMetrics.onConnecting(10);
        port.shardMetrics.onExchange(1_000_000);
        port.shardMetrics.onExchange(3_000_000);
        port.shardMetrics.onExchange(30_000_000_000L);
        port.shardMetrics.onError();
        port.clientMetrics.pins().onChange(Set.of(), Set.of(PinReason.ADVISORY_LOCKS));

        String answer = port.ask(get("/metrics"));

        assertThat(answer).startsWith("HTTP/1.1 200").contains("content-type: text/plain; version=0.0.4");
        assertThat(answer.lines())
                .contains(
                        "# TYPE pgring_clients_accepted_total counter",
                        "pgring_build_info{version=\"1.2.3\"} 1",
                        "pgring_topology_version 7.0",
                        "pgring_in_doubt_transactions 3.0",
                        "pgring_clients 1.0",
                        "pgring_clients_accepted_total 1.0",
                        "pgring_pins_total{reason=\"advisoryLocks\"} 1.0",
                        "pgring_pins_total{reason=\"heldCursors\"} 0.0",
                        "pgring_shard_up{shard=\"shard-0\"} 0.0",
                        "pgring_shard_share{shard=\"shard-0\"} 1.0",
                        "pgring_shard_errors_total{shard=\"shard-0\"} 1.0",
                        "pgring_exchange_duration_seconds_bucket{shard=\"shard-0\",le=\"5.0E-4\"} 0",
                        "pgring_exchange_duration_seconds_bucket{shard=\"shard-0\",le=\"0.0025\"} 1",
                        "pgring_exchange_duration_seconds_bucket{shard=\"shard-0\",le=\"0.005\"} 2",
                        "pgring_exchange_duration_seconds_bucket{shard=\"shard-0\",le=\"10.0\"} 2",
                        "pgring_exchange_duration_seconds_bucket{shard=\"shard-0\",le=\"+Inf\"} 3",
                        "pgring_exchange_duration_seconds_count{shard=\"shard-0\"} 3",
                        "pgring_pool_connections{shard=\"shard-0\",state=\"idle\"} 0.0",
                        "pgring_pool_waiting{shard=\"shard-0\"} 0.0");
    }

    @Test
    void listsWhatThereIs() throws JsonProcessingException {
        assertThat(body(port.ask(get("/"))).path("resources").fieldNames())
                .toIterable()
                .containsExactly(
                        "POST /write",
                        "GET /read",
                        "GET /stats",
                        "GET /metrics",
                        "GET /health/live",
                        "GET /health/ready",
                        "POST /reload");
    }
}

package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.RunningProgram;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP port, by curl and by the JDK's client. */
@ExtendWith(SharedCluster.class)
class HttpIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cluster cluster;

    HttpIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void curlWritesAndReads() throws Exception {
        String base = cluster.http().uri("").toString();
        int shard = cluster.shardOf("user_1");

        ProgramResult write = curl(base + "/write", "--data", "{\"key\":\"user_1\",\"value\":\"Alice\"}");
        ProgramResult read = curl(base + "/read?key=user_1");
        ProgramResult missing = curl(base + "/read?key=nobody", "--write-out", "%{http_code}");

        assertThat(write.output()).isEqualTo("{\"message\":\"Write successful\",\"shard\":\"shard-" + shard + "\"}");
        assertThat(JSON.readTree(read.output()))
                .isEqualTo(JSON.readTree("{\"key\":\"user_1\",\"value\":\"Alice\",\"shard\":\"shard-" + shard + "\"}"));
        assertThat(missing.output()).endsWith("404");
        assertThat(cluster.servers().value(shard, "SELECT value FROM kv WHERE key = 'user_1'"))
                .isEqualTo("Alice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "a b+c&d=e%f", "\u00e9\u20ac\ud83d\udc18", "'; DROP TABLE kv; --", "back\\slash", ""})
    void anyKeyAndValue(String text) throws Exception {
        String body = JSON.writeValueAsString(Map.of("key", text, "value", "of " + text));

        HttpResponse<String> written = cluster.http().post("/write", body);
        JsonNode read = JSON.readTree(cluster.http().read(text).body());

        assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
        assertThat(read.get("key").textValue()).isEqualTo(text);
        assertThat(read.get("value").textValue()).isEqualTo("of " + text);
        assertThat(read.get("shard").textValue()).isEqualTo("shard-" + cluster.shardOf(text));
        try (Connection connection = cluster.connect()) {
            assertThat(Sql.column(connection, "SELECT value FROM kv WHERE key = ?", text))
                    .containsExactly("of " + text);
        }
    }

    @Test
    void aSecondWriteReplacesTheFirst() throws Exception {
        cluster.http().post("/write", "{\"key\":\"k\",\"value\":\"first\"}");
        cluster.http().post("/write", "{\"key\":\"k\",\"value\":\"second\"}");
        assertThat(cluster.http().read("k").body()).contains("\"second\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /write       | {\"key\":\"a\"             | 400",
                "POST | /write       | not json                   | 400",
                "POST | /write       | []                         | 400",
                "POST | /write       | {\"value\":\"b\"}          | 400",
                "POST | /write       | {\"key\":\"a\"}            | 400",
                "POST | /write       | {\"key\":1,\"value\":\"b\"} | 400",
                "POST | /write       | {\"key\":\"a\",\"value\":2} | 400",
                "POST | /write       | {\"key\":\"a\",\"value\":\"b\",\"c\":0} | 400",
                "POST | /write       | {\"key\":\"a\\u0000\",\"value\":\"b\"} | 400",
                "POST | /write       | ''                         | 400",
                "GET  | /read        | ''                         | 400",
                "GET  | /read?key=%  | ''                         | 400",
                "GET  | /read?kee=a  | ''                         | 400",
                "GET  | /read?key=a&key=b | ''                    | 400",
                "GET  | /read?key=%00 | ''                        | 400",
                "GET  | /read?key=%ff | ''                        | 400",
                "GET  | /nowhere     | ''                         | 404",
                "GET  | /read?key=no | ''                         | 404",
                "GET  | /write       | ''                         | 405",
                "PUT  | /write       | {\"key\":\"a\",\"value\":\"b\"} | 405",
                "POST | /read?key=a  | {}                         | 405",
                "DELETE | /stats     | ''                         | 405",
            })
    void whatIsWrongIsSaidInJson(String method, String path, String body, int status) throws Exception {
        // java.net.URI refuses what is not quite a URI, so this is curl's.
        List<String> arguments = new ArrayList<>(List.of("--request", method, "--write-out", "\n%{http_code}"));
        if (!body.isEmpty()) {
            arguments.addAll(List.of("--data", body));
        }
        ProgramResult result = curl(cluster.http().uri("").toString() + path, arguments.toArray(String[]::new));

        String[] parts = result.output().split("\n", -1);
        assertThat(parts[parts.length - 1]).as(result.output()).isEqualTo(Integer.toString(status));
        assertThat(JSON.readTree(parts[0]).get("error").textValue()).isNotBlank();
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            assertThat(cluster.servers().value(shard, "SELECT count(*) FROM kv"))
                    .isEqualTo("0");
        }
    }

    @Test
    void aBodyOverTheLimitIs413() throws Exception {
        String large = "{\"key\":\"large\",\"value\":\"" + "x".repeat(2 << 20) + "\"}";
        HttpResponse<String> response = cluster.http().post("/write", large);
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(response.body()).get("error").textValue()).isNotBlank();
        assertThat(cluster.http().read("large").statusCode()).isEqualTo(404);
    }

    @Test
    void statsAddUp() throws Exception {
        try (Connection connection = cluster.connect()) {
            for (int i = 0; i < 300; i++) {
                Sql.update(connection, "INSERT INTO kv VALUES (?, 'v')", "stats" + i);
            }
        }
        // A count that takes long is left out, and one may be of a moment before.
        Eventually.succeeds(() ->
                assertThatTheyAddUp(JSON.readTree(cluster.http().get("/stats").body())));
    }

    private void assertThatTheyAddUp(JsonNode stats) throws Exception {
        double share = 0;
        long rows = 0;
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            JsonNode one = stats.get("shards").get(shard);
            assertThat(one.get("name").textValue()).isEqualTo("shard-" + shard);
            assertThat(one.get("state").textValue()).isEqualTo("up");
            assertThat(one.get("statements").longValue()).isPositive();
            assertThat(one.get("latencyMicros").get("p99").longValue())
                    .isGreaterThanOrEqualTo(one.get("latencyMicros").get("p50").longValue());
            share += one.get("share").doubleValue();
            JsonNode table = table(one, "public.kv");
            assertThat(table.get("exact").booleanValue()).isTrue();
            assertThat(table.get("rows").asText()).isEqualTo(cluster.servers().value(shard, "SELECT count(*) FROM kv"));
            rows += table.get("rows").longValue();
        }
        assertThat(share).isEqualTo(1, within(1e-9));
        assertThat(rows).isEqualTo(300);
        assertThat(stats.get("shards")).hasSize(cluster.shardCount());
    }

    private static JsonNode table(JsonNode shard, String name) {
        for (JsonNode table : shard.get("tables")) {
            if (table.get("name").textValue().equals(name)) {
                return table;
            }
        }
        throw new AssertionError("no table " + name + " in " + shard);
    }

    @Test
    void health() throws Exception {
        assertThat(cluster.http().get("/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = cluster.http().get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(ready.body()).get("shards")).hasSize(cluster.shardCount());
    }

    private static ProgramResult curl(String uri, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--max-time", "60"));
        command.addAll(List.of(arguments));
        command.add(uri);
        try (RunningProgram program = RunningProgram.start(Map.of(), command)) {
            program.endInput();
            return program.finish();
        }
    }
}

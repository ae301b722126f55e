package io.pgring.proxy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.hashring.Token;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationException;
import io.pgring.proxy.config.ConfigurationLoader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * How many rows or keys each shard has.
 *
 * @param title what is counted, and where the numbers come from
 */
record ShardDistribution(String title, Map<String, Long> counts) {
    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(30);

    /** The numbers of the given keys by shard, computed from the ring of a configuration. */
    static ShardDistribution ofRing(Path file, IntFunction<String> key, int keys) throws ConfigurationException {
        Configuration configuration = ConfigurationLoader.load(file);
        Ring ring = configuration.ring().of(configuration.shards());
        long[] counts = new long[ring.members().size()];
        for (int i = 0; i < keys; i++) {
            counts[ring.ownerOf(Token.ofText(key.apply(i)))]++;
        }
        Map<String, Long> byName = new LinkedHashMap<>();
        for (int i = 0; i < counts.length; i++) {
            RingMember member = ring.members().get(i);
            byName.put(member.name(), counts[i]);
        }
        return new ShardDistribution("keys of this load by shard (computed from the ring of " + file + ")", byName);
    }

    /**
     * The rows of a table by shard, as the proxy's {@code /stats} tells them.
     *
     * @param address host and port
     */
    static ShardDistribution ofHttp(String address, String table) throws CommandException, InterruptedException {
        URI uri = URI.create("http://" + address + "/stats");
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(ANSWER_TIME_MAX).build();
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(ANSWER_TIME_MAX).build();
        try {
            String body = client.send(request, BodyHandlers.ofString()).body();
            String qualified = table.indexOf('.') < 0 ? "public." + table : table;
            return new ShardDistribution("rows of " + table + " by shard (from " + uri + ")", rows(body, qualified));
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "can't read " + uri + ": " + e.getMessage(), null, e);
        }
    }

    /** The rows of the table, exact or estimated, in {@code {"shards":[{"name":..., "tables":[{"name":..., "rows":...}]}]}}. */
    static Map<String, Long> rows(String stats, String table) throws JsonProcessingException {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (JsonNode shard : new ObjectMapper().readTree(stats).path("shards")) {
            for (JsonNode one : shard.path("tables")) {
                if (one.path("name").asText().equals(table) && one.path("rows").isNumber()) {
                    rows.put(shard.path("name").asText(), one.path("rows").asLong());
                }
            }
        }
        return rows;
    }

    /** The numbers as bars. */
    BarChart chart() {
        long sum = counts.values().stream().mapToLong(Long::longValue).sum();
        BarChart chart = new BarChart();
        counts.forEach((shard, count) ->
                chart.add(shard, sum == 0 ? 0 : (double) count / sum, String.format(Locale.ROOT, "%,d", count)));
        return chart;
    }
}

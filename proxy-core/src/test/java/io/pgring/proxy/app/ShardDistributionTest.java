package io.pgring.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows by shard, asked for or computed. */
class ShardDistributionTest {
    @Test
    void rowsOfOneTableAreTakenFromTheStatistics() throws Exception {
        String stats = """
                {"shards":[
                  {"name":"a","tables":[{"name":"public.kv","rows":3},{"name":"public.other","rows":9}]},
                  {"name":"b","tables":[{"name":"public.kv","rows":1}]},
                  {"name":"down","tables":[{"name":"public.kv","rows":null}]}]}
                """;

        assertThat(ShardDistribution.rows(stats, "public.kv")).containsExactly(entry("a", 3L), entry("b", 1L));
        assertThat(ShardDistribution.rows(stats, "public.none")).isEmpty();
    }

    @Test
    void theRingTellsWhereKeysAre(@TempDir Path folder) throws Exception {
        Path file =
                Files.writeString(folder.resolve("pgring.yaml"), "shards: [{name: a, host: h}, {name: b, host: i}]");

        ShardDistribution distribution = ShardDistribution.ofRing(file, number -> "user_" + number, 1000);

        assertThat(distribution.counts()).containsOnlyKeys("a", "b");
        assertThat(distribution.counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(1000);
        assertThat(distribution.chart().lines(false)).hasSize(2);
    }
}

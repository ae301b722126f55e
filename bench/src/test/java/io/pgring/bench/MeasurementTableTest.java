package io.pgring.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table says what kept its limit and what didn't. */
class MeasurementTableTest {
    private static String lineOf(String benchmark, Measurement measurement) {
        String table = new MeasurementTable(Map.of(benchmark, measurement)).text();
        assertThat(table.lines()).hasSize(3);
        return table.lines().skip(2).findFirst().orElseThrow();
    }

    @Test
    void anOperationWithinItsLimit() {
        assertThat(lineOf("RingBenchmark.ownerOf", new Measurement(12.34, 0.5, 1e-5)))
                .contains("ring lookup, 8 shards", " 12.3 ", " 0.5 ", " 40 ", " 0.000 ", "within its limit");
    }

    @Test
    void anOperationThatIsTooSlow() {
        assertThat(lineOf("RingBenchmark.ownerOf", new Measurement(41, Double.NaN, 0)))
                .contains(" 41.0 ", " - ", "slower than its limit");
    }

    @Test
    void anOperationThatAllocates() {
        assertThat(lineOf("TokenBenchmark.ofLong", new Measurement(2, 0, 16))).contains(" 16.000 ", "allocates");
    }

    @Test
    void everyLimitBelongsToABenchmark() throws ClassNotFoundException {
        for (Limit limit : Limit.ALL) {
            String[] parts = limit.benchmark().split("\\.", -1);
            assertThat(Class.forName("io.pgring.bench." + parts[0]).getMethods())
                    .extracting("name")
                    .contains(parts[1]);
        }
    }
}

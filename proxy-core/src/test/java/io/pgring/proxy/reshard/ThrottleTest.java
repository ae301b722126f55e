package io.pgring.proxy.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.proxy.config.MovesConfiguration;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThrottleTest {

    private static Throttle throttle(int rowsPerSecondMax, double busyShareMax) {
        return new Throttle(new MoverSettings(
                1,
                1,
                rowsPerSecondMax,
                busyShareMax,
                1,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO));
    }

    @Test
    void aShareOfTheTimeIsLeftToClients() {
        assertThat(throttle(0, 0.5).restMillis(40, 1_000_000)).isEqualTo(40);
        assertThat(throttle(0, 0.8).restMillis(40, 1_000_000)).isEqualTo(10);
        assertThat(throttle(0, 1).restMillis(40, 1_000_000)).isZero();
    }

    @Test
    void rowsOfASecondAreNoMoreThanConfigured() {
        assertThat(throttle(1_000, 1).restMillis(40, 500)).isEqualTo(460);
        assertThat(throttle(1_000, 1).restMillis(700, 500)).isZero();
        assertThat(throttle(1_000, 0.5).restMillis(700, 500)).isEqualTo(700);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 499, 5_000, 1_000_000})
    void alsoWhenAllRowsOfAChunkAreMoved(int rowsPerSecondMax) {
        MoverSettings settings = MoverSettings.of(new MovesConfiguration(rowsPerSecondMax, 400));
        long rest = new Throttle(settings).restMillis(0, settings.chunkRows());

        assertThat(1_000.0 * settings.chunkRows() / rest).isLessThanOrEqualTo(rowsPerSecondMax * 1.001);
        assertThat(rest).isLessThanOrEqualTo(1_000);
    }

    @Test
    void itNeverRestsForLong() {
        assertThat(throttle(1, 1).restMillis(40, 5_000)).isEqualTo(10_000);
    }
}

package io.pgring.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StopwatchTest {
    private final Stopwatch watch = new Stopwatch();

    @Test
    void countsFromTheFirstLookAtTheSameThing() {
        assertThat(watch.look(7, 1_000)).isZero();
        assertThat(watch.look(7, 1_500)).isEqualTo(500);
        assertThat(watch.look(7, 4_000)).isEqualTo(3_000);
    }

    @Test
    void beginsAnewWithAnotherThing() {
        watch.look(7, 1_000);
        assertThat(watch.look(8, 9_000)).isZero();
        assertThat(watch.look(8, 9_001)).isEqualTo(1);
    }

    @Test
    void beginsAnewWhenTheThingWasGone() {
        watch.look(0, -5);
        watch.stop();
        assertThat(watch.look(0, 9_000)).isZero();
    }
}

package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutdatedTopologyTest {
    private final OutdatedTopology outdated = new OutdatedTopology();
    private long nowMillis;

    private long refuse(long version) {
        return outdated.onRefused(version, TimeUnit.MILLISECONDS.toNanos(nowMillis));
    }

    private boolean lasts(long millisMax) {
        return outdated.lasts(millisMax, TimeUnit.MILLISECONDS.toNanos(nowMillis));
    }

    @Test
    void pausesDoubleUpToASecond() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            long pause = refuse(7);
            pauses.add(pause);
            nowMillis += pause;
        }
        assertThat(pauses).containsExactly(20L, 20L, 40L, 80L, 160L, 320L, 640L, 1_000L, 1_000L);
    }

    @Test
    void anotherVersionIsAnotherAttempt() {
        refuse(7);
        nowMillis += 700;
        assertThat(refuse(7)).isEqualTo(700);
        assertThat(refuse(8)).isEqualTo(20);
    }

    @Test
    void itLastsUntilAConnectionIsTaken() {
        assertThat(outdated.isRefused()).isFalse();
        refuse(7);
        nowMillis += 301;
        assertThat(outdated.isRefused()).isTrue();
        assertThat(lasts(300)).isTrue();
        assertThat(lasts(400)).isFalse();
        assertThat(lasts(0)).isFalse();
        outdated.onAccepted();
        assertThat(outdated.isRefused()).isFalse();
        assertThat(lasts(300)).isFalse();
        assertThat(refuse(7)).isEqualTo(20);
    }
}

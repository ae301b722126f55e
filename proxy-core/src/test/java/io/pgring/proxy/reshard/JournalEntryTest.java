package io.pgring.proxy.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.hashring.Arcs;
import io.pgring.proxy.reshard.JournalEntry.Progress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JournalEntryTest {
    private static final Instant BEGAN = Instant.ofEpochSecond(1_000);

    private static JournalEntry copying(long total, long copied) {
        Progress progress = new Progress(total, copied, 0, 0, 0, BEGAN, BEGAN, null);
        PlannedMove planned = new PlannedMove("a", "b", Arcs.parse("{[0,10)}"));
        return new JournalEntry(1, planned, MoveState.COPYING, null, 1, progress);
    }

    @Test
    void theTimeLeftFollowsFromTheRate() {
        assertThat(copying(400, 100).timeLeft(BEGAN.plusSeconds(10))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void nobodyKnowsTheTimeLeftOfMoreThanWasExpected() {
        assertThat(copying(0, 100).timeLeft(BEGAN.plusSeconds(10))).isNull();
        assertThat(copying(100, 100).timeLeft(BEGAN.plusSeconds(10))).isNull();
    }

    @Test
    void aFailureDoesNotHideWhyAMoveWasAborted() {
        Progress progress = copying(1, 1).progress();
        PlannedMove planned = copying(1, 1).planned();
        JournalEntry aborting = new JournalEntry(1, planned, MoveState.ABORTING, "by hand", 1, progress);
        String first = aborting.reasonAfter("the server does not answer");
        assertThat(first).isEqualTo("by hand; it can't be taken back yet: the server does not answer");
        JournalEntry again = new JournalEntry(1, planned, MoveState.ABORTING, first, 1, progress);
        assertThat(again.reasonAfter("it is full")).isEqualTo("by hand; it can't be taken back yet: it is full");
        assertThat(again.abortReason()).isEqualTo("by hand");
        assertThat(copying(1, 1).reasonAfter("it is full")).isEqualTo("it is full");
    }
}

package io.pgring.proxy.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.proxy.fanout.InDoubt.Fate;
import io.pgring.proxy.fanout.InDoubt.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SettlementTest {
    private static final Verdict UNKNOWN = new Verdict(Fate.UNKNOWN, List.of("shard-1", "shard-2"));
    private static final Verdict ABORTED = new Verdict(Fate.ABORTED, List.of("shard-1"));
    private static final Verdict UNFINISHED = new Verdict(Fate.COMMITTED, List.of("shard-2"));
    private static final Verdict FINISHED = new Verdict(Fate.COMMITTED, List.of());

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        thread.shutdownNow();
    }

    private static List<Verdict> attempts(ScheduledExecutorService thread, Verdict untold, Verdict... answers) {
        Deque<Verdict> left = new ArrayDeque<>(List.of(answers));
        List<Verdict> verdicts = new ArrayList<>();
        Verdict end = Settlement.begin(
                        untold,
                        before -> {
                            verdicts.add(before);
                            return left.remove();
                        },
                        thread)
                .join();
        verdicts.add(end);
        return verdicts;
    }

    @Test
    void aCommitIsNotOverBeforeAllAreTold() {
        assertThat(attempts(thread, UNKNOWN, UNFINISHED, UNFINISHED, FINISHED))
                .containsExactly(UNKNOWN, UNFINISHED, UNFINISHED, FINISHED);
    }

    @Test
    void whatIsNotCommittedIsTriedOnce() {
        assertThat(attempts(thread, UNKNOWN, ABORTED)).containsExactly(UNKNOWN, ABORTED);
        assertThat(attempts(thread, UNKNOWN, UNKNOWN)).containsExactly(UNKNOWN, UNKNOWN);
    }

    @Test
    void aProxyThatHasEndedTriesNothing() {
        thread.shutdown();
        assertThat(attempts(thread, UNFINISHED)).containsExactly(UNFINISHED);
    }
}

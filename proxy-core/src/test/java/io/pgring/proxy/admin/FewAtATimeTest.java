package io.pgring.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FewAtATimeTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();

    @Test
    void keepsFewThreadsBusyAndLosesNoTask() {
        FewAtATime few = new FewAtATime(threads::add, 2);
        for (int i = 0; i < 5; i++) {
            int number = i;
            few.execute(() -> done.add(number));
        }

        assertThat(threads).hasSize(2);
        threads.remove().run();
        assertThat(done).containsExactly(0, 2, 3, 4);
        threads.remove().run();
        assertThat(done).containsExactly(0, 2, 3, 4, 1);
        few.execute(() -> done.add(5));
        few.execute(() -> done.add(6));
        assertThat(threads).hasSize(2);
    }

    @Test
    void passesARejectionOn() {
        FewAtATime few = new FewAtATime(
                task -> {
                    throw new RejectedExecutionException();
                },
                1);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> few.execute(() -> done.add(1))).isInstanceOf(RejectedExecutionException.class);
        }
    }
}

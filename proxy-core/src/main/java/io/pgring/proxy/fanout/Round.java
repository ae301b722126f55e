package io.pgring.proxy.fanout;

import io.pgring.proxy.backend.OwnRequest.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Messages to several parts at once, and the wait for all answers. */
final class Round {
    private final CommitGate gate;
    private final CommitGate.Step step;
    private final Map<Part, Outcome> outcomes = new LinkedHashMap<>();
    private final List<Runnable> messages = new ArrayList<>();
    private int open;
    private Consumer<Map<Part, Outcome>> onDone = done -> {};

    /** @param gate that keeps back some of the messages; whoever waits for them waits for ever */
    Round(CommitGate gate, CommitGate.Step step) {
        this.gate = gate;
        this.step = step;
    }

    /** A part is to be told something. */
    void add(Part part, String sql) {
        messages.add(() -> {
            if (gate.passes(step, part.shard())) {
                part.tell(sql, outcome -> onTold(part, outcome));
            }
        });
    }

    /** A part is to be told something, with the rights of the proxy's login. */
    void addAsOwner(Part part, String sql) {
        messages.add(() -> {
            if (gate.passes(step, part.shard())) {
                part.tellAsOwner(sql, outcome -> onTold(part, outcome));
            }
        });
    }

    /**
     * Sends all.
     *
     * @param done told all answers, in the order in which they came; at once when there is nothing to send
     */
    void run(Consumer<Map<Part, Outcome>> done) {
        onDone = done;
        open = messages.size();
        if (open == 0) {
            done.accept(outcomes);
        }
        messages.forEach(Runnable::run);
    }

    private void onTold(Part part, Outcome outcome) {
        outcomes.put(part, outcome);
        open--;
        if (open == 0) {
            onDone.accept(outcomes);
        }
    }
}

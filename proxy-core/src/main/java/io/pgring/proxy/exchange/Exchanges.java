package io.pgring.proxy.exchange;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The exchanges of one event loop. Not thread-safe: belongs to that. */
public final class Exchanges {
    private final Set<Exchange> open = new LinkedHashSet<>();

    void add(Exchange exchange) {
        open.add(exchange);
    }

    void remove(Exchange exchange) {
        open.remove(exchange);
    }

    /**
     * Calls back when servers have answered all that they have been asked for clients up to now. What clients ask from now on is
     * planned from now on.
     */
    public void whenAnswered(Runnable then) {
        Countdown countdown = new Countdown(open.size() + 1, then);
        List.copyOf(open).forEach(exchange -> exchange.whenAnswered(countdown::step));
        countdown.step();
    }

    private static final class Countdown {
        private final Runnable then;
        private int left;

        Countdown(int steps, Runnable then) {
            this.left = steps;
            this.then = then;
        }

        void step() {
            left--;
            if (left == 0) {
                then.run();
            }
        }
    }
}

package io.pgring.it.history;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What all clients of a round have in common: keys, numbers that nobody else uses, and where their proxies are. */
final class Work {
    private static final long REST_MILLIS = 20;

    private final Proxies proxies;
    private final History history;
    private final String prefix;
    private final List<String> keys;
    private final int newKeysMax;
    private final AtomicLong numbers;
    private final AtomicInteger newKeys = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    /**
     * @param prefix of keys that no round before had
     * @param keys that have a row
     * @param newKeysMax how many more may be made
     * @param numbers of all rounds
     */
    Work(Proxies proxies, History history, String prefix, List<String> keys, int newKeysMax, AtomicLong numbers) {
        this.proxies = proxies;
        this.history = history;
        this.prefix = prefix;
        this.keys = List.copyOf(keys);
        this.newKeysMax = newKeysMax;
        this.numbers = numbers;
    }

    History history() {
        return history;
    }

    List<String> keys() {
        return keys;
    }

    long number() {
        return numbers.incrementAndGet();
    }

    /** A key without a row; null when there are enough. */
    @Nullable
    String newKey() {
        int number = newKeys.incrementAndGet();
        return number <= newKeysMax ? prefix + "new-" + number : null;
    }

    /** How many proxies there are. */
    int proxies() {
        return proxies.count();
    }

    /** JDBC URL of a proxy. */
    String url(int proxy) {
        return proxies.url(proxy);
    }

    boolean isOver() {
        return end.getCount() == 0;
    }

    /** Clients end what they do, and stop. */
    void end() {
        end.countDown();
    }

    /** Waits a moment before the next attempt to connect. */
    void rest() throws InterruptedException {
        end.await(REST_MILLIS, TimeUnit.MILLISECONDS);
    }
}

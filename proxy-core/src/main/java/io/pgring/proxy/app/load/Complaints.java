package io.pgring.proxy.app.load;

import java.util.LinkedHashMap;
import java.util.Map;

/** Messages of errors with their numbers; only the first few different ones are kept. Safe for many threads. */
final class Complaints {
    private static final int DIFFERENT_MAX = 10;

    private final Map<String, Long> counts = new LinkedHashMap<>();

    synchronized void add(String message) {
        if (counts.containsKey(message) || counts.size() < DIFFERENT_MAX) {
            counts.merge(message, 1L, Long::sum);
        }
    }

    synchronized Map<String, Long> counts() {
        return new LinkedHashMap<>(counts);
    }
}

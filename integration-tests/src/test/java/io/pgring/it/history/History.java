package io.pgring.it.history;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What all clients did and saw, in one order of time. For all threads. */
final class History {
    private final AtomicLong clock = new AtomicLong();
    private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> errors = new ConcurrentHashMap<>();

    /** A moment, after all that were taken before. */
    long tick() {
        return clock.incrementAndGet();
    }

    void add(Operation operation) {
        operations.add(operation);
    }

    /** A statement has failed, or an attempt to connect. */
    void addError(SQLException failure) {
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        errors.merge(failure.getSQLState() + " " + message.replaceAll("\\d+", "N"), 1L, Long::sum);
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** How many operations there are so far. */
    int size() {
        return operations.size();
    }

    /** How many errors there were so far. */
    int errorCount() {
        return errors.values().stream().mapToInt(Long::intValue).sum();
    }

    /** How often each error came. */
    Map<String, Long> errors() {
        return new TreeMap<>(errors);
    }
}

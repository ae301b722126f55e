package io.pgring.it.history;

import io.pgring.it.history.Operation.Append;
import io.pgring.it.history.Operation.Read;
import io.pgring.it.history.Operation.Write;
import io.pgring.it.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was done with one key. */
final class KeyHistory {
    static final long NEVER = Long.MAX_VALUE;

    private final String key;
    private final List<Event> appends = new ArrayList<>();
    private final List<Event> reads = new ArrayList<>();
    /** How many numbers there are up to each in the end. */
    private final Map<Long, Integer> places = new HashMap<>();

    private String before = "";
    private String after = "";

    KeyHistory(String key) {
        this.key = key;
    }

    /**
     * An append, or a read.
     *
     * @param number the one that is appended; -1 for a read
     * @param value what was read; empty for an append
     * @param end {@link #NEVER} if it may take place later still
     */
    private record Event(String client, Outcome outcome, long number, String value, long begin, long end) {
        boolean isRead() {
            return number < 0;
        }

        @Override
        public String toString() {
            String what = isRead() ? "the read \"" + ending(value) + "\"" : "the append of " + number;
            return what + " by " + client + " (" + begin + " to " + (end == NEVER ? "?" : end) + ")";
        }
    }

    /** With its place in the order that the value in the end tells: reads of two numbers come after the second append. */
    private record Placed(Event event, int place) {}

    void before(String value) {
        before = value;
    }

    void after(String value) {
        after = value;
        int place = 0;
        for (long number : numbers(value)) {
            place++;
            places.putIfAbsent(number, place);
        }
    }

    void append(Write write, Append append) {
        long end = write.outcome() == Outcome.COMMITTED ? write.end() : NEVER;
        appends.add(new Event(write.client(), write.outcome(), append.number(), "", append.begin(), end));
    }

    void read(Read read, String value) {
        reads.add(new Event(read.client(), Outcome.COMMITTED, -1, value, read.begin(), read.end()));
    }

    boolean isThere(long number) {
        return places.containsKey(number);
    }

    private static List<Long> numbers(String value) {
        List<Long> numbers = new ArrayList<>();
        int from = 0;
        for (int comma = value.indexOf(','); comma >= 0; comma = value.indexOf(',', from)) {
            numbers.add(Long.valueOf(value.substring(from, comma)));
            from = comma + 1;
        }
        return numbers;
    }

    /** The last numbers of a value: those before are seldom of interest. */
    private static String ending(String value) {
        int most = 60;
        return value.length() <= most ? value : "..." + value.substring(value.length() - most);
    }

    void check(List<Violation> violations) {
        checkEnd(violations);
        for (Event read : reads) {
            if (!isBeginning(read.value, after)) {
                violations.add(new Violation(
                        Kind.VANISHED, key + ": " + read + " is no beginning of the end " + around(read.value)));
            }
        }
        checkTime(violations);
    }

    private static boolean isBeginning(String value, String whole) {
        return whole.startsWith(value) && (value.isEmpty() || value.endsWith(","));
    }

    /** Of the value in the end, where another begins to differ from it. */
    private String around(String value) {
        int same = 0;
        while (same < Math.min(value.length(), after.length()) && value.charAt(same) == after.charAt(same)) {
            same++;
        }
        int from = Math.max(0, same - 20);
        return "(from " + from + " on, read: \"" + value.substring(from, Math.min(value.length(), same + 40))
                + "\", end: \"" + after.substring(from, Math.min(after.length(), same + 40)) + "\")";
    }

    private void checkEnd(List<Violation> violations) {
        if (!isBeginning(before, after)) {
            violations.add(new Violation(Kind.VANISHED, key + ": what was there before is gone " + around(before)));
        }
        Set<Long> expected = new HashSet<>(numbers(before));
        for (Event append : appends) {
            if (append.outcome == Outcome.COMMITTED && !isThere(append.number)) {
                violations.add(new Violation(Kind.LOST, key + ": " + append));
            }
            if (append.outcome == Outcome.FAILED && isThere(append.number)) {
                violations.add(new Violation(Kind.UNEXPECTED, key + ": it has failed, and is there: " + append));
            }
            expected.add(append.number);
        }
        Set<Long> seen = new HashSet<>();
        for (long number : numbers(after)) {
            if (!seen.add(number)) {
                violations.add(new Violation(Kind.TWICE, key + ": " + number));
            }
            if (!expected.contains(number)) {
                violations.add(new Violation(Kind.UNEXPECTED, key + ": nobody has written " + number));
            }
        }
    }

    /** In the order of the value nothing has ended before something earlier has begun. */
    private void checkTime(List<Violation> violations) {
        @Nullable Event latest = null;
        for (Placed next : inOrder()) {
            Event event = next.event;
            if (latest != null && event.end < latest.begin) {
                violations.add(new Violation(
                        Kind.STALE, key + ": " + latest + " comes before " + event + ", and has begun after its end"));
            }
            if (latest == null || event.begin > latest.begin) {
                latest = event;
            }
        }
    }

    private List<Placed> inOrder() {
        List<Placed> order = new ArrayList<>();
        for (Event append : appends) {
            Integer place = places.get(append.number);
            if (place != null && append.outcome != Outcome.FAILED) {
                order.add(new Placed(append, place));
            }
        }
        for (Event read : reads) {
            if (isBeginning(read.value, after)) {
                order.add(new Placed(read, numbers(read.value).size()));
            }
        }
        order.sort(Comparator.comparingInt(Placed::place)
                .thenComparing(placed -> placed.event.isRead())
                .thenComparingLong(placed -> placed.event.begin));
        return order;
    }

    /** From when on the row was there for sure: somebody had been told so. */
    long certainFrom() {
        if (!before.isEmpty()) {
            return 0;
        }
        long from = NEVER;
        for (Event append : appends) {
            if (append.outcome == Outcome.COMMITTED) {
                from = Math.min(from, append.end);
            }
        }
        for (Event read : reads) {
            if (!read.value.isEmpty()) {
                from = Math.min(from, read.end);
            }
        }
        return from;
    }

    /** From when on the row can have been there: somebody had begun to write the first number of it. */
    long possibleFrom() {
        if (!before.isEmpty()) {
            return 0;
        }
        long from = NEVER;
        for (Event append : appends) {
            if (Integer.valueOf(1).equals(places.get(append.number))) {
                from = Math.min(from, append.begin);
            }
        }
        return from;
    }
}

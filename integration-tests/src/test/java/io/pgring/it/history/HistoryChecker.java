package io.pgring.it.history;

import io.pgring.it.history.Operation.Append;
import io.pgring.it.history.Operation.Count;
import io.pgring.it.history.Operation.Read;
import io.pgring.it.history.Operation.Write;
import io.pgring.it.history.Violation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds what must not be in a history. Values are only appended to, so the value of a key in the end tells the order of all writes of it, and
 * a read is right if it found a beginning of that value, at a time that fits:
 *
 * <pre>
 *   in the end     7,3,9,            3 was appended after 7 and before 9
 *   a read         7,3,              between the appends of 3 and of 9
 * </pre>
 *
 * For each key the operations are linearizable if no operation has ended before one that comes earlier in this order has begun; see
 * {@link KeyHistory}. Besides, rows are counted, see {@link RowCounts}, and transactions are there wholly or not at all. That a reader of several
 * keys sees either all of a transaction or nothing is not promised, and not checked.
 */
final class HistoryChecker {
    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, KeyHistory> keys = new TreeMap<>();
    private final List<Operation> operations;

    private HistoryChecker(List<Operation> operations) {
        this.operations = operations;
    }

    /**
     * Checks a history.
     *
     * @param before all rows before it
     * @param after all rows after it, of all shards
     * @return what is wrong; empty if nothing is
     */
    static List<Violation> check(List<Operation> operations, List<Row> before, List<Row> after) {
        HistoryChecker checker = new HistoryChecker(operations);
        checker.collect(before, after);
        checker.keys.values().forEach(key -> key.check(checker.violations));
        checker.checkAtomicity();
        new RowCounts(checker.keys.values()).check(checker.counts(), checker.violations);
        return List.copyOf(checker.violations);
    }

    private KeyHistory key(String key) {
        return keys.computeIfAbsent(key, KeyHistory::new);
    }

    private void collect(List<Row> before, List<Row> after) {
        rows("before all", before).forEach((key, value) -> key(key).before(value));
        rows("in the end", after).forEach((key, value) -> key(key).after(value));
        for (Operation operation : operations) {
            if (operation instanceof Write write) {
                write.appends().forEach(append -> key(append.key()).append(write, append));
            } else if (operation instanceof Read read) {
                rows("for " + read.client(), read.rows()).keySet().forEach(this::key);
            }
        }
        // Now all keys are known, and a read of all rows says of each what it has found.
        for (Operation operation : operations) {
            if (operation instanceof Read read) {
                collect(read);
            }
        }
    }

    private void collect(Read read) {
        Map<String, String> found = new HashMap<>();
        read.rows().forEach(row -> found.putIfAbsent(row.key(), row.value()));
        Set<String> asked = read.asked();
        for (String key : asked == null ? keys.keySet() : asked) {
            key(key).read(read, found.getOrDefault(key, ""));
        }
        if (asked != null && !asked.containsAll(found.keySet())) {
            violations.add(new Violation(Kind.UNEXPECTED, read.client() + " asked for " + asked + " and got " + found));
        }
    }

    /** By key; each key once. */
    private Map<String, String> rows(String where, List<Row> rows) {
        Map<String, String> values = new HashMap<>();
        for (Row row : rows) {
            String other = values.putIfAbsent(row.key(), row.value());
            if (other != null) {
                violations.add(new Violation(
                        Kind.DOUBLED_ROW,
                        row.key() + " is there twice " + where + ": " + other + " and " + row.value()));
            }
        }
        return values;
    }

    private void checkAtomicity() {
        for (Operation operation : operations) {
            if (operation instanceof Write write && write.outcome() == Outcome.UNKNOWN) {
                Set<Append> there = new HashSet<>();
                Set<Append> missing = new HashSet<>();
                for (Append append : write.appends()) {
                    KeyHistory key = key(append.key());
                    if (key.isThere(append.number())) {
                        there.add(append);
                    } else if (!append.ifThere() || key.certainFrom() < append.begin()) {
                        missing.add(append);
                    }
                }
                if (!there.isEmpty() && !missing.isEmpty()) {
                    violations.add(new Violation(Kind.HALF, "of " + write + " there is only " + there));
                }
            }
        }
    }

    private List<Count> counts() {
        List<Count> counts = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation instanceof Count count) {
                counts.add(count);
            } else if (operation instanceof Read read && read.asked() == null) {
                counts.add(new Count(read.client(), read.rows().size(), read.begin(), read.end()));
            }
        }
        return counts;
    }
}

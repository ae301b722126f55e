package io.pgring.it.history;

import io.pgring.it.history.Operation.Count;
import io.pgring.it.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** How many rows there can have been. Rows are never deleted. */
final class RowCounts {
    private final Collection<KeyHistory> keys;

    RowCounts(Collection<KeyHistory> keys) {
        this.keys = keys;
    }

    void check(List<Count> counts, List<Violation> violations) {
        long[] certain = keys.stream().mapToLong(KeyHistory::certainFrom).toArray();
        long[] possible = keys.stream().mapToLong(KeyHistory::possibleFrom).toArray();
        List<Count> sorted = new ArrayList<>(counts);
        sorted.sort(Comparator.comparingLong(Count::begin));
        for (Count count : sorted) {
            long least = before(certain, count.begin());
            long most = before(possible, count.end());
            if (count.rows() < least || count.rows() > most) {
                violations.add(new Violation(
                        Kind.COUNT, count + ": there were at least " + least + " and at most " + most + " rows"));
            }
        }
        for (Count count : sorted) {
            for (Count later : sorted) {
                if (count.end() < later.begin() && count.rows() > later.rows()) {
                    violations.add(new Violation(Kind.COUNT, later + ": there had been more, " + count));
                }
            }
        }
    }

    private static long before(long[] moments, long moment) {
        long before = 0;
        for (long one : moments) {
            if (one < moment) {
                before++;
            }
        }
        return before;
    }
}

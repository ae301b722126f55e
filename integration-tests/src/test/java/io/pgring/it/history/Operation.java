package io.pgring.it.history;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client did. It took place between two ticks of the {@link History}: the client took the first before it asked, and the second
 * after it had the answer. So what ends before another begins was over when that was asked.
 */
sealed interface Operation {
    /** Who did it, and by which proxy. */
    String client();

    /** The tick before. */
    long begin();

    /** The tick after. */
    long end();

    /**
     * A number that was put at the end of a value.
     *
     * @param begin the tick before the statement
     * @param ifThere whether the statement, whose answer nobody knows, left the key out if there was no row of it yet
     */
    record Append(String key, long number, long begin, boolean ifThere) {
        Append(String key, long number, long begin) {
            this(key, number, begin, false);
        }

        private boolean isIn(Map<String, String> rows) {
            return ("," + rows.getOrDefault(key, "")).contains("," + number + ",");
        }
    }

    /** A transaction that appends: all of it, or nothing. Its end means something only if it was committed. */
    record Write(String client, List<Append> appends, Outcome outcome, long begin, long end) implements Operation {
        public Write {
            appends = List.copyOf(appends);
        }

        /**
         * As seen by a later history, before all that happens there.
         *
         * @param rows values of all rows, by key, as that history finds them
         */
        Write asOld(Map<String, String> rows) {
            boolean made = appends.stream().anyMatch(append -> append.isIn(rows));
            List<Append> old = appends.stream()
                    .map(append -> new Append(
                            append.key(),
                            append.number(),
                            0,
                            append.ifThere() && (made || !rows.containsKey(append.key()))))
                    .toList();
            return new Write(client, old, outcome, 0, 0);
        }
    }

    /**
     * Rows that one statement found.
     *
     * @param asked the keys that it looked for; null for all that there are
     */
    record Read(String client, @Nullable Set<String> asked, List<Row> rows, long begin, long end) implements Operation {
        public Read {
            rows = List.copyOf(rows);
        }

        static Read of(String client, Row row, long begin, long end) {
            List<Row> rows = row.value().isEmpty() ? List.of() : List.of(row);
            return new Read(client, Set.of(row.key()), rows, begin, end);
        }
    }

    /** How many rows there are. */
    record Count(String client, long rows, long begin, long end) implements Operation {}
}

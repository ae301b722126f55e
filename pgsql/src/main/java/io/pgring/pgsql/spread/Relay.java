package io.pgring.pgsql.spread;

import java.util.List;
import java.util.Optional;

/** A statement that is run as two: one that reads rows, and one for each shard that gets some, which writes them. */
public sealed interface Relay permits RelayedInsert, RelayedUpdate {
    /**
     * The two statements.
     *
     * @param read makes the first one, which gives a row with a value for each of the columns
     * @param columns of the table that get values; null for one that gets none although it has a place in the rows
     * @param key the place of the key among them
     * @param draws whether the home shard alone may run the first statement
     */
    record Rows(Rewriting read, List<Optional<StoredColumn>> columns, int key, boolean draws) {
        public Rows {
            columns = List.copyOf(columns);
        }
    }

    /** The command, as its tag and its errors name it. */
    String command();

    /** What a client may do if it can't be run so, as a sentence. */
    String hint();

    /** Whether the first statement takes the rows away from where they are. */
    boolean takesAway();

    /** How many columns the rows have that it reads; -1 if only a server can tell. */
    int sourceColumns();

    /** What gives these rows, so that a server tells how many columns they have. */
    Rewriting source();

    /**
     * The statements for a source of so many columns.
     *
     * @param count {@link #sourceColumns}, if that is known
     */
    Rows rows(int count);

    /**
     * The second statement.
     *
     * @param parameter the number of the one that takes the rows
     */
    Rewriting write(Rows rows, int parameter);
}

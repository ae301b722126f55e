package io.pgring.pgsql.spread;

import java.util.List;

/** How the replies of several shards to one statement become one reply. */
public sealed interface Combination {
    /** How many trailing columns of the shards the client doesn't get. */
    default int hiddenColumns() {
        return 0;
    }

    /** Rows in any order. */
    record Append(RowLimit limit) implements Combination {}

    /**
     * Each shard sends its rows sorted, and sorted they stay.
     *
     * @param hiddenColumns trailing columns that the client doesn't get
     */
    record Ordered(List<SortKey> keys, int hiddenColumns, RowLimit limit) implements Combination {
        public Ordered {
            keys = List.copyOf(keys);
        }
    }

    /** Each shard sends one row, and they become one. */
    record Aggregated(List<AggregateColumn> columns) implements Combination {
        public Aggregated {
            columns = List.copyOf(columns);
        }

        /** The counts that averages need. */
        @Override
        public int hiddenColumns() {
            int last = columns.stream()
                    .filter(column -> column.kind() == AggregateColumn.Kind.AVG)
                    .mapToInt(AggregateColumn::countColumn)
                    .max()
                    .orElse(-1);
            return Math.max(0, last + 1 - columns.size());
        }
    }

    /**
     * Each shard sends one row for each group, sorted by the group's keys; rows of one group become one.
     *
     * @param hiddenColumns trailing columns that the client doesn't get
     */
    record Grouped(List<SortKey> groupOrder, List<AggregateColumn> columns, int hiddenColumns, RowLimit limit)
            implements Combination {
        public Grouped {
            groupOrder = List.copyOf(groupOrder);
            columns = List.copyOf(columns);
        }
    }

    /** There are no rows: the numbers in the command tags are added up. */
    record Counted() implements Combination {}
}

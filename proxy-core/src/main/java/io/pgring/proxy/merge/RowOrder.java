package io.pgring.proxy.merge;

import io.pgring.pgsql.spread.SortKey;
import io.pgring.proxy.merge.value.ValueOrder;
import java.util.List;

/** The order of rows by some of their columns, as ORDER BY has it. */
final class RowOrder {
    private final Key[] keys;
    private final int[] columns;

    /** One column: where its NULLs go, and how its values compare. */
    private record Key(int column, ValueOrder order, boolean descending, boolean nullsFirst) {
        long abbreviate(DataRowView row) {
            if (row.isNull(column)) {
                return nullsFirst ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            long abbreviated = order.abbreviate(row.body(), row.start(column), row.length(column));
            return descending ? ~abbreviated : abbreviated;
        }

        int compare(DataRowView left, DataRowView right) {
            boolean leftNull = left.isNull(column);
            boolean rightNull = right.isNull(column);
            if (leftNull || rightNull) {
                int order = Boolean.compare(leftNull, rightNull);
                return nullsFirst ? -order : order;
            }
            int order = order().compare(
                            left.body(),
                            left.start(column),
                            left.length(column),
                            right.body(),
                            right.start(column),
                            right.length(column));
            return descending ? -Integer.signum(order) : order;
        }
    }

    /** @throws io.pgring.proxy.merge.value.MergeFailure when only the server knows the order of a column */
    RowOrder(List<SortKey> sortKeys, SentColumns sent) {
        keys = new Key[sortKeys.size()];
        columns = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            SortKey key = sortKeys.get(i);
            ValueOrder order = sent.order(key.column(), key.type());
            columns[i] = sent.index(key.column());
            keys[i] = new Key(columns[i], order, key.descending(), key.nullsFirst());
        }
    }

    /** The columns that are compared. */
    int[] columns() {
        return columns;
    }

    /** A number for a row: of two rows the one with the smaller number comes first. Equal numbers say nothing. */
    long abbreviate(DataRowView row) {
        return keys.length == 0 ? 0 : keys[0].abbreviate(row);
    }

    /** Below 0 when left comes first. */
    int compare(DataRowView left, DataRowView right) {
        for (Key key : keys) {
            int order = key.compare(left, right);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}

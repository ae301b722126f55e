package io.pgring.proxy.merge;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.proxy.merge.value.MergeFailure;
import io.pgring.proxy.merge.value.ValueOrder;
import io.pgring.proxy.merge.value.ValueOrders;

/**
 * The columns that the shards send, as their RowDescription has them.
 *
 * @param typeOids of each column
 * @param formats of each column: 0 text, 1 binary
 */
@SuppressWarnings("ArrayRecordComponent")
record SentColumns(int[] typeOids, int[] formats) {
    SentColumns {
        if (typeOids.length != formats.length) {
            throw new IllegalArgumentException("as many formats as types are needed");
        }
    }

    int count() {
        return typeOids.length;
    }

    /** The index of a column that may be counted from the last: -1 is the last one. */
    int index(int column) {
        int index = column < 0 ? count() + column : column;
        if (index < 0 || index >= count()) {
            throw MergeFailure.unexpected("unexpected number of columns in a row");
        }
        return index;
    }

    int typeOid(int column) {
        return typeOids[index(column)];
    }

    int format(int column) {
        return formats[index(column)];
    }

    ValueOrder order(int column, ColumnType type) {
        return ValueOrders.of(typeOid(column), format(column), type);
    }
}

package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgsql.spread.AggregateColumn;
import io.pgring.proxy.merge.value.MergeFailure;
import java.util.List;

/** A row made of several: one accumulator for each column that the client gets. */
final class CombinedRow {
    private final Accumulator[] accumulators;
    /** Heap memory. */
    private final ByteBuf body = Unpooled.buffer();

    /** @throws MergeFailure when a column can't be combined exactly */
    CombinedRow(List<AggregateColumn> columns, SentColumns sent) {
        accumulators = new Accumulator[columns.size()];
        for (int i = 0; i < accumulators.length; i++) {
            accumulators[i] = Accumulators.of(columns.get(i), sent);
        }
    }

    int columns() {
        return accumulators.length;
    }

    void add(DataRowView row) {
        for (Accumulator accumulator : accumulators) {
            accumulator.add(row);
        }
    }

    /** The body of a DataRow; lent until the next call. */
    ByteBuf body() {
        body.clear().writeShort(accumulators.length);
        for (Accumulator accumulator : accumulators) {
            accumulator.encode(body);
        }
        return body;
    }

    void clear() {
        for (Accumulator accumulator : accumulators) {
            accumulator.clear();
        }
    }

    static MergeFailure notOneRow() {
        return MergeFailure.unexpected("a shard did not send exactly one row");
    }
}

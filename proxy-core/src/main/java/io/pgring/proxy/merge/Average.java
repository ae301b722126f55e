package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.pgring.proxy.merge.value.MergeFailure;
import io.pgring.proxy.merge.value.Numeric;

/** avg of exact numbers, from their sums and how many they are; NULL when there are none. In the format of the sum. */
final class Average implements Accumulator {
    private final NumericSum sum;
    private final BigintSum count;

    Average(NumericSum sum, BigintSum count) {
        this.sum = sum;
        this.count = count;
    }

    @Override
    public void add(DataRowView row) {
        sum.add(row);
        count.add(row);
    }

    @Override
    public void encode(ByteBuf out) {
        Numeric total = sum.sum();
        if ((total == null) != (count.sum() == 0)) {
            throw MergeFailure.unexpected("the shards sent a sum that does not fit its count");
        }
        sum.encode(total == null ? null : total.dividedBy(count.sum()), out);
    }

    @Override
    public void clear() {
        sum.clear();
        count.clear();
    }
}

package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.pgring.proxy.merge.value.Format;
import io.pgring.proxy.merge.value.LongReader;
import io.pgring.proxy.merge.value.MergeFailure;
import io.pgring.proxy.merge.value.ValueOrders;

/** The sum of counts, or of sums of type bigint; NULL when all values are NULL. */
final class BigintSum implements Accumulator {
    private final int column;
    private final int format;
    private final LongReader reader;
    private long sum;
    private boolean present;

    BigintSum(int column, int typeOid, int format) {
        this.column = column;
        this.format = format;
        this.reader = ValueOrders.bigints(typeOid, format);
    }

    @Override
    public void add(DataRowView row) {
        if (row.isNull(column)) {
            return;
        }
        long value = reader.read(row.body(), row.start(column), row.length(column));
        try {
            sum = Math.addExact(sum, value);
        } catch (ArithmeticException overflow) {
            throw MergeFailure.outOfRange("bigint out of range");
        }
        present = true;
    }

    long sum() {
        return sum;
    }

    @Override
    public void encode(ByteBuf out) {
        if (!present) {
            out.writeInt(NULL);
        } else if (format == Format.BINARY) {
            out.writeInt(Long.BYTES).writeLong(sum);
        } else {
            Accumulator.encodeText(Long.toString(sum), out);
        }
    }

    @Override
    public void clear() {
        sum = 0;
        present = false;
    }
}

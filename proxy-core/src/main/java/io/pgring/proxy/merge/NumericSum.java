package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.pgring.proxy.merge.value.LongReader;
import io.pgring.proxy.merge.value.MergeFailure;
import io.pgring.proxy.merge.value.Numeric;
import io.pgring.proxy.merge.value.TypeOids;
import io.pgring.proxy.merge.value.ValueOrders;
import org.jspecify.annotations.Nullable;

/** The sum of values of type numeric or bigint, as numeric; NULL when all values are NULL. */
final class NumericSum implements Accumulator {
    private final int column;
    private final int format;
    private final @Nullable LongReader bigints;
    private @Nullable Numeric sum;

    NumericSum(int column, int typeOid, int format) {
        if (typeOid != TypeOids.NUMERIC && typeOid != TypeOids.INT8) {
            throw MergeFailure.unsupportedType(typeOid);
        }
        this.column = column;
        this.format = format;
        this.bigints = typeOid == TypeOids.INT8 ? ValueOrders.bigints(typeOid, format) : null;
    }

    @Override
    public void add(DataRowView row) {
        if (!row.isNull(column)) {
            Numeric value = read(row.body(), row.start(column), row.length(column));
            sum = sum == null ? value : sum.plus(value);
        }
    }

    private Numeric read(ByteBuf value, int start, int length) {
        return bigints == null
                ? Numeric.decode(format, value, start, length)
                : Numeric.of(bigints.read(value, start, length));
    }

    @Nullable
    Numeric sum() {
        return sum;
    }

    @Override
    public void encode(ByteBuf out) {
        encode(sum, out);
    }

    /** Appends a number in the format of this column; null for NULL. */
    void encode(@Nullable Numeric number, ByteBuf out) {
        int lengthIndex = out.writerIndex();
        out.writeInt(NULL);
        if (number != null) {
            number.encode(format, out);
            out.setInt(lengthIndex, out.writerIndex() - lengthIndex - Integer.BYTES);
        }
    }

    @Override
    public void clear() {
        sum = null;
    }
}

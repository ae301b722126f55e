package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.pgring.proxy.merge.value.Format;
import io.pgring.proxy.merge.value.LongReader;
import io.pgring.proxy.merge.value.ValueOrders;

/** bool_and or bool_or of the values that are not NULL; NULL when there is none. */
final class BooleanFold implements Accumulator {
    private final int column;
    private final int format;
    private final LongReader reader;
    /** The value that decides: true for bool_or, false for bool_and. */
    private final boolean decisive;

    private boolean present;
    private boolean decided;

    BooleanFold(int column, int typeOid, int format, boolean decisive) {
        this.column = column;
        this.format = format;
        this.reader = ValueOrders.booleans(typeOid, format);
        this.decisive = decisive;
    }

    @Override
    public void add(DataRowView row) {
        if (!row.isNull(column)) {
            boolean value = reader.read(row.body(), row.start(column), row.length(column)) != 0;
            present = true;
            decided |= value == decisive;
        }
    }

    @Override
    public void encode(ByteBuf out) {
        boolean value = decided == decisive;
        if (!present) {
            out.writeInt(NULL);
        } else if (format == Format.BINARY) {
            out.writeInt(1).writeByte(value ? 1 : 0);
        } else {
            Accumulator.encodeText(value ? "t" : "f", out);
        }
    }

    @Override
    public void clear() {
        present = false;
        decided = false;
    }
}

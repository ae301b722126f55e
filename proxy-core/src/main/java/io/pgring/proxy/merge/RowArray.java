package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.pgring.proxy.merge.value.MergeFailure;
import java.io.ByteArrayOutputStream;

/**
 * Rows as one value: the text of an array of a composite type, as PostgreSQL reads it (manual, "Array Input and Output Syntax",
 * "Composite Type Input and Output Syntax"). {@code unnest($1::t[])} makes rows of it again, each value read by the input function of its column.
 */
public final class RowArray {
    private static final int ABSENT = -1;

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final int bytesMax;
    private int rows;

    /** @param bytesMax it fails rather than to hold more */
    public RowArray(int bytesMax) {
        this.bytesMax = bytesMax;
        text.write('{');
    }

    /**
     * Adds a row of the composite type's columns.
     *
     * @param row its values as text
     * @param columns for each column of the type the column of the row; -1 for NULL
     */
    public void add(DataRowView row, int[] columns) {
        begin();
        text.write('(');
        for (int i = 0; i < columns.length; i++) {
            if (i > 0) {
                text.write(',');
            }
            if (columns[i] != ABSENT && !row.isNull(columns[i])) {
                value(row.body(), row.start(columns[i]), row.length(columns[i]));
            }
        }
        text.write(')');
        end();
    }

    /**
     * Adds a row that is there as the text of a value of the type.
     *
     * @param row borrowed
     * @param column where the text is; it must not be NULL
     */
    public void addWhole(DataRowView row, int column) {
        begin();
        for (int i = 0; i < row.length(column); i++) {
            inArray(row.body().getByte(row.start(column) + i));
        }
        end();
    }

    private void begin() {
        if (rows++ > 0) {
            text.write(',');
        }
        text.write('"');
    }

    private void end() {
        text.write('"');
        if (text.size() >= bytesMax) {
            throw MergeFailure.tooManyRows(bytesMax);
        }
    }

    /** In quotes, so that nothing but quotes and backslashes has a meaning. */
    private void value(ByteBuf body, int start, int length) {
        inArray((byte) '"');
        for (int i = start; i < start + length; i++) {
            byte next = body.getByte(i);
            if (next == '"' || next == '\\') {
                inArray(next);
            }
            inArray(next);
        }
        inArray((byte) '"');
    }

    private void inArray(byte next) {
        if (next == '"' || next == '\\') {
            text.write('\\');
        }
        text.write(next);
    }

    /** The size of the value so far. */
    public int bytes() {
        return text.size();
    }

    /** How many there are. */
    public int rows() {
        return rows;
    }

    /** The value, UTF-8. */
    public byte[] toBytes() {
        byte[] bytes = new byte[text.size() + 1];
        byte[] open = text.toByteArray();
        System.arraycopy(open, 0, bytes, 0, open.length);
        bytes[open.length] = '}';
        return bytes;
    }
}

package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;

/**
 * One row of the binary format, read step by step as its bytes arrive. All positions count from the row's first byte.
 *
 * <pre>
 *   Int16 number of fields, -1 at the end of the data | Int32 length, -1 for NULL | bytes | length | bytes ...
 * </pre>
 */
final class BinaryRow {
    private static final int END = -1;
    private static final int NULL = -1;
    private static final int UNKNOWN = -2;

    private final CopyKeyColumn keyColumn;
    private int fieldCount;
    private int fieldsRead;
    /** Where the next length, or the number of fields, starts. */
    private long position;

    private int keyStart;
    private int keyLength;

    BinaryRow(CopyKeyColumn keyColumn) {
        this.keyColumn = keyColumn;
        start();
    }

    /** A new row begins. */
    void start() {
        fieldCount = UNKNOWN;
        fieldsRead = 0;
        position = 0;
        keyLength = NULL;
    }

    /** How many bytes of the row must be there for the next step; when complete, its length. */
    long wanted() {
        if (isComplete()) {
            return position;
        }
        return position + (fieldCount == UNKNOWN ? Short.BYTES : Integer.BYTES);
    }

    /** Reads the next number; the wanted bytes are there. Borrows the row. */
    void step(ByteBuf row, int rowStart, long number) {
        int at = rowStart + (int) position;
        if (fieldCount == UNKNOWN) {
            fieldCount = row.getShort(at);
            position += Short.BYTES;
            if (fieldCount != END && fieldCount != keyColumn.columnCount()) {
                String message = "row field count is " + fieldCount + ", expected " + keyColumn.columnCount();
                throw CopyFailure.badFormat(message, number);
            }
            return;
        }
        int length = row.getInt(at);
        position += Integer.BYTES;
        if (length < NULL) {
            throw CopyFailure.badFormat("invalid field size", number);
        }
        if (fieldsRead == keyColumn.index()) {
            keyStart = (int) position;
            keyLength = length;
        }
        position += Math.max(length, 0);
        fieldsRead++;
    }

    boolean isComplete() {
        return fieldCount == END || fieldsRead == fieldCount;
    }

    boolean isEndOfData() {
        return fieldCount == END;
    }

    boolean isKeyNull() {
        return keyLength == NULL;
    }

    int keyStart() {
        return keyStart;
    }

    int keyLength() {
        return keyLength;
    }
}

package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.ProtocolViolation;

/**
 * The body of a DataRow read in place: where each value is. Nothing is copied or allocated. Positions are absolute in the buffer,
 * which is borrowed until the next wrap.
 */
public final class DataRowView {
    private static final int NULL = -1;

    private final int[] starts;
    private final int[] lengths;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;

    public DataRowView(int columns) {
        starts = new int[columns];
        lengths = new int[columns];
    }

    /**
     * Reads the readable bytes as a whole body.
     *
     * @throws ProtocolViolation when they are none, or have another number of columns
     */
    public void wrap(ByteBuf wholeBody) {
        int position = wholeBody.readerIndex();
        int end = wholeBody.writerIndex();
        if (end - position < Short.BYTES || wholeBody.getUnsignedShort(position) != starts.length) {
            throw ProtocolViolation.inBody("unexpected number of columns in a row");
        }
        position += Short.BYTES;
        for (int i = 0; i < starts.length; i++) {
            position = start(wholeBody, position, end);
            lengths[i] = wholeBody.getInt(position - Integer.BYTES);
            starts[i] = position;
            position += Math.max(lengths[i], 0);
        }
        if (position != end) {
            throw ProtocolViolation.invalidFormat();
        }
        body = wholeBody;
    }

    /**
     * Becomes a view of some values of a row, which are copied: appended to a buffer that is borrowed until the next wrap. Of other
     * columns nothing is known then. Borrows the row.
     */
    void copy(DataRowView row, int[] columns, ByteBuf copies) {
        for (int column : columns) {
            lengths[column] = row.lengths[column];
            starts[column] = copies.writerIndex();
            if (!row.isNull(column)) {
                copies.writeBytes(row.body, row.starts[column], row.lengths[column]);
            }
        }
        body = copies;
    }

    /** The buffer in which the values are. */
    public ByteBuf body() {
        return body;
    }

    public boolean isNull(int column) {
        return lengths[column] == NULL;
    }

    /** Where the bytes of a value start, behind their length. */
    public int start(int column) {
        return starts[column];
    }

    /** The length of a value in bytes; -1 for NULL. */
    public int length(int column) {
        return lengths[column];
    }

    /**
     * Where the first columns of a body end: an absolute index. Borrows the body.
     *
     * @throws ProtocolViolation when it has not so many
     */
    public static int prefixEnd(ByteBuf body, int columns) {
        int position = body.readerIndex();
        int end = body.writerIndex();
        if (end - position < Short.BYTES || body.getUnsignedShort(position) < columns) {
            throw ProtocolViolation.inBody("unexpected number of columns in a row");
        }
        position += Short.BYTES;
        for (int i = 0; i < columns; i++) {
            position = start(body, position, end);
            position += Math.max(body.getInt(position - Integer.BYTES), 0);
        }
        return position;
    }

    /** Steps over the length of a value, and makes sure that the value is there. */
    private static int start(ByteBuf body, int position, int end) {
        if (end - position < Integer.BYTES) {
            throw ProtocolViolation.insufficientData();
        }
        int length = body.getInt(position);
        if (length < NULL || length > end - position - Integer.BYTES) {
            throw ProtocolViolation.insufficientData();
        }
        return position + Integer.BYTES;
    }
}

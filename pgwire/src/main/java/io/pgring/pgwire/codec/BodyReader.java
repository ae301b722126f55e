package io.pgring.pgwire.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.pgring.pgwire.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message's body from front to back. The readable bytes of the buffer are the body, all of it; its indexes are left
 * alone. Every step that would leave the body throws a {@link ProtocolViolation} in PostgreSQL's words (pqformat.c), before
 * anything is allocated.
 *
 * <p>Borrows the buffer; nothing that is handed out shares its memory.
 */
public final class BodyReader {
    private final ByteBuf body;
    private final int end;
    private int position;

    public BodyReader(ByteBuf body) {
        this.body = body;
        this.position = body.readerIndex();
        this.end = body.writerIndex();
    }

    /** Bytes not read yet. */
    public int remaining() {
        return end - position;
    }

    /** Throws unless the whole body was read. */
    public void end() {
        if (position != end) {
            throw ProtocolViolation.invalidFormat();
        }
    }

    /** Int8 or Byte1. */
    public byte int8() {
        return body.getByte(step(1));
    }

    /** Int16, signed. */
    public int int16() {
        return body.getShort(step(2));
    }

    /** Int16, unsigned: how the protocol counts parameters and columns. */
    public int unsignedInt16() {
        return body.getUnsignedShort(step(2));
    }

    /** Int32, signed. An object identifier is the same four bytes taken as unsigned. */
    public int int32() {
        return body.getInt(step(4));
    }

    /** An unsigned Int16 that counts what follows; throws when so many elements can't be in the rest of the body. */
    public int count(int elementBytesMin) {
        int count = unsignedInt16();
        if ((long) count * elementBytesMin > remaining()) {
            throw ProtocolViolation.insufficientData();
        }
        return count;
    }

    /** Int16[n], each signed. */
    public int[] int16Array(int count) {
        require(2L * count);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = int16();
        }
        return values;
    }

    /** Int32[n], each signed. */
    public int[] int32Array(int count) {
        require(4L * count);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = int32();
        }
        return values;
    }

    /** String, without its terminator; throws with SQLSTATE 22021 when it is not UTF-8. */
    public String string() {
        int length = stringLength();
        if (!ByteBufUtil.isText(body, position, length, StandardCharsets.UTF_8)) {
            throw ProtocolViolation.notUtf8();
        }
        return take(length);
    }

    /** String, without its terminator; bytes that are not UTF-8 become U+FFFD. For text that is only shown to people. */
    public String lenientString() {
        return take(stringLength());
    }

    /** String as bytes, without its terminator. */
    public byte[] stringBytes() {
        int length = stringLength();
        byte[] bytes = bytes(length);
        position++;
        return bytes;
    }

    /** Byte<i>n</i>. */
    public byte[] bytes(int length) {
        int start = step(length);
        return ByteBufUtil.getBytes(body, start, length, true);
    }

    /** An Int32 length and so many bytes; null for length -1. How the protocol carries values. */
    public byte @Nullable [] value() {
        int length = int32();
        return length == -1 ? null : bytes(length);
    }

    /** All that is left. */
    public byte[] rest() {
        return bytes(remaining());
    }

    private String take(int length) {
        String text = body.toString(position, length, StandardCharsets.UTF_8);
        position += length + 1;
        return text;
    }

    private int stringLength() {
        int terminator = position == end ? -1 : body.indexOf(position, end, (byte) 0);
        if (terminator < 0) {
            throw ProtocolViolation.invalidString();
        }
        return terminator - position;
    }

    private int step(int length) {
        require(length);
        int start = position;
        position += length;
        return start;
    }

    private void require(long length) {
        if (length < 0 || length > remaining()) {
            throw ProtocolViolation.insufficientData();
        }
    }
}

package io.pgring.pgwire.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message at the end of a buffer: {@code begin}, the fields, {@code end}, which fills the length in. A value that the
 * protocol can't carry (a String with a zero byte, a count over 65,535) takes back what was written of the message and throws
 * IllegalArgumentException, so that the buffer never holds half a message.
 *
 * <p>Borrows the buffer.
 */
public final class MessageWriter {
    private final ByteBuf out;
    private final int messageStart;
    private final int lengthStart;

    private MessageWriter(ByteBuf out, int messageStart) {
        this.out = out;
        this.messageStart = messageStart;
        this.lengthStart = out.writerIndex();
        out.writeInt(0);
    }

    /** Begins a typed message. */
    public static MessageWriter begin(ByteBuf out, byte type) {
        int start = out.writerIndex();
        out.writeByte(type);
        return new MessageWriter(out, start);
    }

    /** Begins one of the first packets of a connection, which have no type byte. */
    public static MessageWriter beginUntyped(ByteBuf out) {
        return new MessageWriter(out, out.writerIndex());
    }

    /** A whole message without a body. */
    public static void empty(ByteBuf out, byte type) {
        begin(out, type).end();
    }

    /** Fills in the length; the message is complete. */
    public void end() {
        out.setInt(lengthStart, out.writerIndex() - lengthStart);
    }

    /** Int8 or Byte1. */
    public MessageWriter int8(int value) {
        out.writeByte(value);
        return this;
    }

    /** Int16, from a value that fits it as signed or as unsigned. */
    public MessageWriter int16(int value) {
        if (value < Short.MIN_VALUE || value > 0xFFFF) {
            throw refuse(value + " does not fit into an Int16");
        }
        out.writeShort(value);
        return this;
    }

    /** Int32. */
    public MessageWriter int32(int value) {
        out.writeInt(value);
        return this;
    }

    /** An Int16 count and then the values as Int16. */
    public MessageWriter int16Array(int[] values) {
        int16(values.length);
        for (int value : values) {
            int16(value);
        }
        return this;
    }

    /** An Int16 count and then the values as Int32. */
    public MessageWriter int32Array(int[] values) {
        int16(values.length);
        for (int value : values) {
            int32(value);
        }
        return this;
    }

    /** String: UTF-8 and a zero byte. */
    public MessageWriter string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw refuse("a zero byte inside a string");
        }
        ByteBufUtil.writeUtf8(out, text);
        out.writeByte(0);
        return this;
    }

    /** String, given as bytes without the terminator. */
    public MessageWriter stringBytes(byte[] text) {
        for (byte b : text) {
            if (b == 0) {
                throw refuse("a zero byte inside a string");
            }
        }
        out.writeBytes(text).writeByte(0);
        return this;
    }

    /** Byte<i>n</i>. */
    public MessageWriter bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** An Int32 length and the bytes; -1 alone for null. How the protocol carries values. */
    public MessageWriter value(byte @Nullable [] value) {
        if (value == null) {
            out.writeInt(-1);
        } else {
            out.writeInt(value.length).writeBytes(value);
        }
        return this;
    }

    private IllegalArgumentException refuse(String reason) {
        out.writerIndex(messageStart);
        return new IllegalArgumentException(reason);
    }
}

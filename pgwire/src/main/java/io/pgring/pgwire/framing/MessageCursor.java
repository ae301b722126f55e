package io.pgring.pgwire.framing;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.ProtocolViolation;

/**
 * Steps through a stream of typed messages: a type byte, an Int32 length that counts itself, the body. Strict and driven by the
 * lengths alone, opaque by default; allocates nothing. The bytes stay in the caller's buffer: the cursor holds only the position
 * inside a message that has been consumed in part.
 *
 * <pre>
 *              next() false: fewer than 5 bytes
 *             ┌────┐
 *             ▼    │          advance(), whole
 *          ┌──────────┐ ◄──────────────────────── ┌────────────┐
 *          │ BETWEEN  │ ── next() true ─────────► │ AT MESSAGE │  next() may be repeated
 *          └──────────┘                           └────────────┘
 *             ▲                                         │ advance(), in part
 *             │ advanceInside(), to its end       ┌────────────┐
 *             └────────────────────────────────── │   INSIDE   │ ◄─┐ advanceInside(), in part
 *                                                 └────────────┘ ──┘
 * </pre>
 *
 * <p>Each method borrows the buffer. Not for use by two threads at a time.
 */
public final class MessageCursor {
    /** Type byte and length field. */
    public static final int HEADER_BYTES = 5;

    private static final int LENGTH_FIELD_BYTES = 4;

    private final MessageLimits limits;
    private byte type;
    private int bodyLength;
    private boolean atMessage;
    private int remaining;

    public MessageCursor(MessageLimits limits) {
        this.limits = limits;
    }

    /**
     * Looks at the message that starts at the buffer's readerIndex. False when fewer than 5 bytes are there. May be repeated
     * until something is consumed.
     *
     * @throws ProtocolViolation for an unknown type or a length that is under 4, negative or above the limit for its type
     * @throws IllegalStateException inside a message
     */
    public boolean next(ByteBuf in) {
        if (remaining > 0) {
            throw new IllegalStateException("inside a message");
        }
        atMessage = false;
        if (in.readableBytes() < HEADER_BYTES) {
            return false;
        }
        int start = in.readerIndex();
        byte nextType = in.getByte(start);
        int bodyBytesMax = limits.bodyBytesMax(nextType);
        int length = in.getInt(start + 1);
        if (length < LENGTH_FIELD_BYTES || length - LENGTH_FIELD_BYTES > bodyBytesMax) {
            throw new ProtocolViolation("invalid message length");
        }
        type = nextType;
        bodyLength = length - LENGTH_FIELD_BYTES;
        atMessage = true;
        return true;
    }

    /** The type of the current message: the last one that {@link #next} found, also after it was consumed. */
    public byte type() {
        return type;
    }

    /** The bytes of the current message after the length field. */
    public int bodyLength() {
        return bodyLength;
    }

    /** All bytes of the current message: header and body. */
    public int length() {
        return bodyLength + HEADER_BYTES;
    }

    /** Whether all bytes of the message that starts at the buffer's readerIndex are readable. */
    public boolean isWhole(ByteBuf in) {
        return in.readableBytes() >= length();
    }

    /** Consumes the message, or as much of it as is there; then the cursor is {@link #inside()} it. */
    public void advance(ByteBuf in) {
        if (!atMessage) {
            throw new IllegalStateException("not at a message");
        }
        atMessage = false;
        int length = length();
        int consumed = Math.min(length, in.readableBytes());
        in.skipBytes(consumed);
        remaining = length - consumed;
    }

    /** Whether a message was consumed in part. */
    public boolean inside() {
        return remaining > 0;
    }

    /** The bytes of the partly consumed message that are still to come; 0 outside one. */
    public int remaining() {
        return remaining;
    }

    /** Consumes more of the partly consumed message, at most to its end. */
    public void advanceInside(ByteBuf in) {
        int consumed = Math.min(remaining, in.readableBytes());
        in.skipBytes(consumed);
        remaining -= consumed;
    }
}

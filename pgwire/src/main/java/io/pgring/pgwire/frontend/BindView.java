package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A Bind read in place: indexes into the buffer, nothing copied, and nothing allocated once its two index arrays have grown to
 * the parameters in use. It can also read the first bytes of a long Bind whose rest has not arrived.
 *
 * <pre>
 *   portal \0  statement \0  nf  nf×format  np  np×( length  bytes )  nr  nr×format
 *   ├──────────── head ─────────────────────┤├─── located one by one ──┤├── tail ──┤
 * </pre>
 *
 * <p>All indexes are absolute in the buffer that was wrapped, which is borrowed until the next wrap or {@link #clear()}: they
 * are worthless once its bytes were released or discarded. One view for each event loop is enough. Byte orders and formats:
 * manual, "Message Formats", Bind; errors as in postgres.c, exec_bind_message.
 */
public final class BindView {
    private static final int UNKNOWN = -1;

    private ByteBuf body = Unpooled.EMPTY_BUFFER;
    /** Where the known bytes end. */
    private int known;
    /** Where the body ends, also when it is not all there. */
    private long end;

    private int position;

    private int portalStart;
    private int portalLength;
    private int statementStart;
    private int statementLength;
    private int formatsStart;
    private int formatCount;
    private int parameterCount;
    private int located;
    private int[] starts = new int[16];
    private int[] lengths = new int[16];
    private int resultFormatsStart;
    private int resultFormatCount = UNKNOWN;

    /**
     * Reads a whole body: the readable bytes of the buffer.
     *
     * @throws ProtocolViolation on any inconsistency; the view is then empty
     */
    public void wrap(ByteBuf wholeBody) {
        wrapPrefix(wholeBody, wholeBody.readableBytes());
    }

    /**
     * Reads what is there of a body: the readable bytes of the buffer are its first bytes. Parameters that lie within them are
     * {@link #parameterAvailable available}. False, and an empty view, when not even both names, the formats and the number of
     * parameters are there.
     *
     * @param bodyLength the length of the whole body in bytes
     * @throws ProtocolViolation on any inconsistency in what is there; the view is then empty
     */
    public boolean wrapPrefix(ByteBuf prefix, int bodyLength) {
        clear();
        if (prefix.readableBytes() > bodyLength) {
            throw new IllegalArgumentException("the prefix is longer than the body");
        }
        body = prefix;
        position = prefix.readerIndex();
        known = prefix.writerIndex();
        end = (long) position + bodyLength;
        try {
            if (!readHead()) {
                clear();
                return false;
            }
            if (locateParameters()) {
                readTail();
            }
            return true;
        } catch (ProtocolViolation violation) {
            clear();
            throw violation;
        }
    }

    /** Lets go of the buffer. */
    public void clear() {
        body = Unpooled.EMPTY_BUFFER;
        portalStart = 0;
        portalLength = 0;
        statementStart = 0;
        statementLength = 0;
        formatCount = 0;
        parameterCount = 0;
        located = 0;
        resultFormatCount = UNKNOWN;
    }

    /** Index of the portal's name. */
    public int portalStart() {
        return portalStart;
    }

    /** Bytes of the portal's name, without the terminator. */
    public int portalLength() {
        return portalLength;
    }

    public boolean portalIsUnnamed() {
        return portalLength == 0;
    }

    /**
     * The portal's name; allocates.
     *
     * @throws ProtocolViolation if it is not UTF-8
     */
    public String portal() {
        return text(portalStart, portalLength);
    }

    /** Index of the statement's name. */
    public int statementStart() {
        return statementStart;
    }

    /** Bytes of the statement's name, without the terminator. */
    public int statementLength() {
        return statementLength;
    }

    public boolean statementIsUnnamed() {
        return statementLength == 0;
    }

    /**
     * The statement's name; allocates.
     *
     * @throws ProtocolViolation if it is not UTF-8
     */
    public String statement() {
        return text(statementStart, statementLength);
    }

    /**
     * To be called before any format is asked for. A server looks for the statement before.
     *
     * @throws ProtocolViolation if there is neither one format for all parameters nor one for each
     */
    public void requireMatchingFormats() {
        Bind.requireMatchingFormats(formatCount, parameterCount);
    }

    /** The number of parameters, 0 to 65,535. */
    public int parameterCount() {
        return parameterCount;
    }

    /**
     * The format of parameter i (from 0): 0 text, 1 binary. Anything else was sent so, and is the server's to refuse (22023).
     */
    public int parameterFormat(int i) {
        requireParameter(i, parameterCount);
        return switch (formatCount) {
            case 0 -> 0;
            case 1 -> body.getShort(formatsStart);
            default -> body.getShort(formatsStart + i * Short.BYTES);
        };
    }

    /** Whether parameter i (from 0) lies wholly in the bytes that are there; so does a NULL whose length is there. */
    public boolean parameterAvailable(int i) {
        requireParameter(i, parameterCount);
        return i < located && (long) starts[i] + Math.max(lengths[i], 0) <= known;
    }

    /** Index of the first byte of parameter i (from 0), whose length must be there. */
    public int parameterStart(int i) {
        requireParameter(i, located);
        return starts[i];
    }

    /** Bytes of parameter i (from 0), whose length must be there; -1 for NULL. */
    public int parameterLength(int i) {
        requireParameter(i, located);
        return lengths[i];
    }

    /** How many result formats there are: none (all text), one (for all) or one for each column; -1 when not known yet. */
    public int resultFormatCount() {
        return resultFormatCount;
    }

    /** Result format i (from 0): 0 text, 1 binary. */
    public int resultFormat(int i) {
        requireParameter(i, resultFormatCount);
        return body.getShort(resultFormatsStart + i * Short.BYTES);
    }

    /** False when bytes are missing that may still come. */
    private boolean readHead() {
        portalStart = position;
        portalLength = stringLength();
        if (portalLength == UNKNOWN) {
            return false;
        }
        statementStart = position;
        statementLength = stringLength();
        if (statementLength == UNKNOWN || !isKnown(Short.BYTES)) {
            return false;
        }
        formatCount = body.getUnsignedShort(position);
        position += Short.BYTES;
        formatsStart = position;
        int formatBytes = formatCount * Short.BYTES;
        if (!isKnown(formatBytes + Short.BYTES)) {
            return false;
        }
        position += formatBytes;
        parameterCount = body.getUnsignedShort(position);
        position += Short.BYTES;
        requireInBody((long) parameterCount * Integer.BYTES + Short.BYTES);
        return true;
    }

    /** False when bytes are missing that may still come; those parameters that are there are located. */
    private boolean locateParameters() {
        for (int i = 0; i < parameterCount; i++) {
            if (!isKnown(Integer.BYTES)) {
                return false;
            }
            int length = body.getInt(position);
            position += Integer.BYTES;
            long lengthsToCome = (long) (parameterCount - i - 1) * Integer.BYTES;
            requireInBody(Math.max(length, 0) + lengthsToCome + Short.BYTES);
            if (length < UNKNOWN) {
                throw ProtocolViolation.insufficientData();
            }
            ensureCapacity(i);
            starts[i] = position;
            lengths[i] = length;
            located = i + 1;
            long next = (long) position + Math.max(length, 0);
            if (next > known) {
                return false;
            }
            position = (int) next;
        }
        return true;
    }

    private void readTail() {
        if (!isKnown(Short.BYTES)) {
            return;
        }
        int count = body.getUnsignedShort(position);
        long excess = end - position - Short.BYTES - (long) count * Short.BYTES;
        if (excess < 0) {
            throw ProtocolViolation.insufficientData();
        }
        if (excess > 0) {
            throw ProtocolViolation.invalidFormat();
        }
        position += Short.BYTES;
        if (isKnown(count * Short.BYTES)) {
            resultFormatsStart = position;
            resultFormatCount = count;
        }
    }

    private int stringLength() {
        int start = position;
        int terminator = start == known ? UNKNOWN : body.indexOf(start, known, (byte) 0);
        if (terminator < 0) {
            if (known == end) {
                throw ProtocolViolation.invalidString();
            }
            return UNKNOWN;
        }
        position = terminator + 1;
        return terminator - start;
    }

    private boolean isKnown(int bytes) {
        requireInBody(bytes);
        return bytes <= known - position;
    }

    private void requireInBody(long bytes) {
        if (bytes > end - position) {
            throw ProtocolViolation.insufficientData();
        }
    }

    private void ensureCapacity(int index) {
        if (index >= starts.length) {
            int capacity = Math.min(starts.length * 2, parameterCount);
            starts = Arrays.copyOf(starts, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
        }
    }

    private String text(int start, int length) {
        if (!ByteBufUtil.isText(body, start, length, StandardCharsets.UTF_8)) {
            throw ProtocolViolation.notUtf8();
        }
        return body.toString(start, length, StandardCharsets.UTF_8);
    }

    private static void requireParameter(int i, int count) {
        if (i < 0 || i >= count) {
            throw new IndexOutOfBoundsException("index " + i + " of " + count);
        }
    }
}

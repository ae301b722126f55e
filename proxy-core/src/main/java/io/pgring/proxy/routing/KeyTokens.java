package io.pgring.proxy.routing;

import io.netty.buffer.ByteBuf;
import io.pgring.hashring.Token;
import io.pgring.pgsql.analysis.KeyCast;
import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.topology.KeyType;
import io.pgring.proxy.topology.ShardedTable;
import org.jspecify.annotations.Nullable;

/**
 * The token of a key as PostgreSQL will see it, from a literal or a parameter. Results are unsigned 32-bit tokens in a long, or
 * {@link #NOT_UNDERSTOOD} or {@link #NULL}. One per event loop: it reuses a buffer.
 */
final class KeyTokens {
    static final long NOT_UNDERSTOOD = -1;
    static final long NULL = -2;

    private static final int OID_UNSPECIFIED = 0;
    private static final int OID_INT8 = 20;
    private static final int OID_INT2 = 21;
    private static final int OID_INT4 = 23;
    private static final int OID_TEXT = 25;
    private static final int OID_UNKNOWN = 705;
    private static final int OID_VARCHAR = 1043;
    private static final int OID_UUID = 2950;
    private static final int BUFFER_BYTES = 256;

    private byte[] buffer = new byte[BUFFER_BYTES];

    /** The token of a literal of the text, at {@code text[start, end)}. */
    long ofLiteral(
            PlannedStatement.Keyed keyed,
            KeySource.Literal literal,
            byte[] text,
            int start,
            int end,
            LiteralKind kind) {
        KeyType type = keyed.table().keyType();
        if (!fits(type, literal.cast())) {
            return NOT_UNDERSTOOD;
        }
        if (kind == LiteralKind.INTEGER && type == KeyType.INTEGER) {
            return ofIntegerText(text, start, end, literal.negated());
        }
        if (kind == LiteralKind.INTEGER && literal.cast() == KeyCast.TEXT) {
            return isCanonical(text, start, end) ? ofString(keyed, text, start, end - start) : NOT_UNDERSTOOD;
        }
        if (!kind.isString() || literal.negated()) {
            return NOT_UNDERSTOOD;
        }
        if (kind == LiteralKind.STRING) {
            return ofString(keyed, text, start + 1, end - start - 2);
        }
        try {
            ensureBuffer(end - start);
            return ofString(keyed, buffer, 0, StringLiteral.decode(text, start, end, buffer));
        } catch (SqlSyntaxException e) {
            return NOT_UNDERSTOOD;
        }
    }

    /** Whether a cast leaves a value of a key's type what it is. */
    static boolean fits(KeyType type, KeyCast cast) {
        return switch (cast) {
            case NONE -> true;
            case TEXT -> type == KeyType.TEXT;
            case INTEGER -> type == KeyType.INTEGER;
            case UUID -> type == KeyType.UUID;
        };
    }

    /** Whether an unsigned integer is written as its cast to text would write it. */
    private static boolean isCanonical(byte[] text, int start, int end) {
        return text[start] != '0' || end - start == 1;
    }

    /** Whether a parameter of a declared type can be a key at all: an error if not. */
    static @Nullable ErrorResponse refuseType(PlannedStatement.Keyed keyed, int oid, KeyCast cast) {
        KeyType type = keyed.table().keyType();
        boolean unspecified = oid == OID_UNSPECIFIED || (oid == OID_UNKNOWN && type == KeyType.TEXT);
        boolean fits = fits(type, cast) && (unspecified || isOfType(type, oid));
        return fits ? null : Refusals.keyType(keyed.table(), "a parameter of type " + oid + " (oid)");
    }

    /** Whether values of a type, by its oid, are compared with keys of a type as keys are with each other. */
    static boolean isOfType(KeyType type, int oid) {
        return switch (type) {
            case TEXT -> oid == OID_TEXT || oid == OID_VARCHAR;
            case INTEGER -> oid == OID_INT2 || oid == OID_INT4 || oid == OID_INT8;
            case UUID -> oid == OID_UUID;
        };
    }

    /**
     * The token of a parameter, whose declared type has been found fit.
     *
     * @param body the bytes that the view is over
     */
    long ofParameter(PlannedStatement.Keyed keyed, BindView bind, ByteBuf body, int index) {
        int length = bind.parameterLength(index);
        if (length < 0) {
            return NULL;
        }
        int format = bind.parameterFormat(index);
        boolean known = format == 0 || format == 1;
        return known ? ofValue(keyed, body, bind.parameterStart(index), length, format == 1) : NOT_UNDERSTOOD;
    }

    /** The token of a value of a COPY, in the text format without its escapes, or in the binary format; not NULL. */
    long ofCopied(PlannedStatement.Keyed keyed, ByteBuf value, boolean binary) {
        return ofValue(keyed, value, value.readerIndex(), value.readableBytes(), binary);
    }

    /** The token of a value in either format. */
    long ofValue(PlannedStatement.Keyed keyed, ByteBuf body, int start, int length, boolean binary) {
        if (binary && keyed.table().keyType() == KeyType.INTEGER) {
            return ofBinaryInteger(body, start, length);
        }
        if (binary && keyed.table().keyType() == KeyType.UUID) {
            return length == 16
                    ? Token.toUnsigned(Token.ofUuid(body.getLong(start), body.getLong(start + Long.BYTES)))
                    : NOT_UNDERSTOOD;
        }
        ensureBuffer(length);
        for (int i = 0; i < length; i++) {
            // Not getBytes: a buffer whose memory is no array makes a view for each call where Unsafe is shut off.
            buffer[i] = body.getByte(start + i);
        }
        return ofString(keyed, buffer, 0, length);
    }

    private static long ofBinaryInteger(ByteBuf body, int start, int length) {
        return switch (length) {
            case Short.BYTES -> Token.toUnsigned(Token.ofLong(body.getShort(start)));
            case Integer.BYTES -> Token.toUnsigned(Token.ofLong(body.getInt(start)));
            case Long.BYTES -> Token.toUnsigned(Token.ofLong(body.getLong(start)));
            default -> NOT_UNDERSTOOD;
        };
    }

    /** A value in the text format of the key column's type. */
    static long ofString(PlannedStatement.Keyed keyed, byte[] text, int start, int length) {
        return switch (keyed.table().keyType()) {
            case TEXT ->
                keyed.insert() && isShortened(keyed.table(), text, start, length)
                        ? NOT_UNDERSTOOD
                        : Token.toUnsigned(Token.ofText(text, start, length));
            case INTEGER -> ofIntegerText(text, start, start + length, false);
            case UUID -> ofUuidText(text, start, length);
        };
    }

    /** PostgreSQL stores a varchar(n) value that is too long only for its trailing spaces without those. */
    private static boolean isShortened(ShardedTable table, byte[] text, int start, int length) {
        if (length <= table.keyLengthMax() || text[start + length - 1] != ' ') {
            return false;
        }
        int characters = 0;
        for (int i = start; i < start + length; i++) {
            characters += (text[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return characters > table.keyLengthMax();
    }

    /** Plain decimal digits with a sign and surrounding spaces at most; newer notations (0x1F, 1_000) differ between versions. */
    private static long ofIntegerText(byte[] text, int from, int to, boolean negated) {
        int start = from;
        int end = to;
        while (start < end && isSpace(text[start])) {
            start++;
        }
        while (start < end && isSpace(text[end - 1])) {
            end--;
        }
        boolean minus = start < end && text[start] == '-';
        if (start < end && (minus || text[start] == '+')) {
            start++;
        }
        if (start == end) {
            return NOT_UNDERSTOOD;
        }
        // Below zero there is room for one more number than above.
        long below = 0;
        for (int i = start; i < end; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9 || below < Long.MIN_VALUE / 10 || below * 10 < Long.MIN_VALUE + digit) {
                return NOT_UNDERSTOOD;
            }
            below = below * 10 - digit;
        }
        if (minus ^ negated) {
            return Token.toUnsigned(Token.ofLong(below));
        }
        return below == Long.MIN_VALUE ? NOT_UNDERSTOOD : Token.toUnsigned(Token.ofLong(-below));
    }

    /** By isspace() in the C locale. */
    private static boolean isSpace(byte character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }

    /** The standard form with or without hyphens or braces: 32 hexadecimal digits. */
    private static long ofUuidText(byte[] text, int start, int length) {
        long high = 0;
        long low = 0;
        int digits = 0;
        for (int i = start; i < start + length; i++) {
            int digit = Character.digit(text[i], 16);
            if (digit >= 0 && digits < 32) {
                high = high << 4 | low >>> 60;
                low = low << 4 | digit;
                digits++;
            } else if (digit >= 0 || (text[i] != '-' && text[i] != '{' && text[i] != '}')) {
                return NOT_UNDERSTOOD;
            }
        }
        return digits == 32 ? Token.toUnsigned(Token.ofUuid(high, low)) : NOT_UNDERSTOOD;
    }

    private void ensureBuffer(int length) {
        if (buffer.length < length || (buffer.length > BUFFER_BYTES && length <= BUFFER_BYTES)) {
            buffer = new byte[Math.max(length, BUFFER_BYTES)];
        }
    }
}

package io.pgring.proxy.routing;

import io.netty.buffer.ByteBuf;
import io.pgring.pgsql.lexer.ArrayElements;
import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.topology.KeyType;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of the keys in an array. NULL elements have none: they find nothing. What is given up as not understood may have
 * yielded some tokens before. One per event loop: it reuses what reads the elements.
 *
 * <pre>
 *   binary (arrayfuncs.c, array_recv):
 *   dimensions  flags  element oid  dimensions×( size  lower bound )  elements×( length or -1  bytes )    all Int32
 * </pre>
 */
final class ArrayKeys {
    private static final int DIMENSIONS_MAX = 6;
    private static final int HEADER_BYTES = 3 * Integer.BYTES;
    private static final int DIMENSION_BYTES = 2 * Integer.BYTES;

    private final ArrayElements elements = new ArrayElements();

    private final KeyTokens tokens;

    ArrayKeys(KeyTokens tokens) {
        this.tokens = tokens;
    }

    /** Whether a parameter of a declared type can be an array of keys: an error if not. */
    static @Nullable ErrorResponse refuseType(PlannedStatement.Keyed keyed, int oid, KeySource.ArrayParameter source) {
        KeyType type = keyed.table().keyType();
        boolean fits = KeyTokens.fits(type, source.cast())
                && (oid == ParameterTypes.UNSPECIFIED || KeyTokens.isOfType(type, ParameterTypes.elementOid(oid)));
        return fits ? null : Refusals.keyType(keyed.table(), "a parameter of type " + oid + " (oid)");
    }

    /**
     * Those of a literal of the text, at {@code text[start, end)}.
     *
     * @return whether it is understood
     */
    boolean ofLiteral(
            PlannedStatement.Keyed keyed,
            KeySource.ArrayLiteral literal,
            byte[] text,
            int start,
            int end,
            LiteralKind kind,
            IntConsumer found) {
        if (!KeyTokens.fits(keyed.table().keyType(), literal.cast()) || !kind.isString()) {
            return false;
        }
        byte[] value = new byte[end - start];
        try {
            return ofText(keyed, value, StringLiteral.decode(text, start, end, value), found);
        } catch (SqlSyntaxException e) {
            return false;
        }
    }

    /**
     * Those of a parameter, whose declared type has been found fit; none when it is NULL.
     *
     * @param body the bytes that the view is over
     * @return whether it is understood
     */
    boolean ofParameter(PlannedStatement.Keyed keyed, BindView bind, ByteBuf body, int index, IntConsumer found) {
        int length = bind.parameterLength(index);
        if (length < 0) {
            return true;
        }
        int start = bind.parameterStart(index);
        int format = bind.parameterFormat(index);
        if (format == 1) {
            return ofBinary(keyed, body, start, start + length, found);
        }
        byte[] value = new byte[length];
        body.getBytes(start, value);
        return format == 0 && ofText(keyed, value, length, found);
    }

    private boolean ofText(PlannedStatement.Keyed keyed, byte[] value, int length, IntConsumer found) {
        boolean text = keyed.table().keyType() == KeyType.TEXT;
        elements.read(value, 0, length);
        while (elements.next()) {
            // The word NULL may be text, by the session's array_nulls: to look for that in vain does no harm.
            if (text || !elements.isNull()) {
                long token = KeyTokens.ofString(keyed, value, elements.start(), elements.length());
                if (token < 0) {
                    return false;
                }
                found.accept((int) token);
            }
        }
        return elements.isUnderstood();
    }

    private boolean ofBinary(PlannedStatement.Keyed keyed, ByteBuf body, int start, int end, IntConsumer found) {
        if (end - start < HEADER_BYTES) {
            return false;
        }
        int dimensions = body.getInt(start);
        int oid = body.getInt(start + 2 * Integer.BYTES);
        int position = start + HEADER_BYTES;
        boolean known = dimensions >= 0
                && dimensions <= DIMENSIONS_MAX
                && end - position >= dimensions * DIMENSION_BYTES
                && KeyTokens.isOfType(keyed.table().keyType(), oid);
        if (!known) {
            return false;
        }
        long count = dimensions == 0 ? 0 : 1;
        for (int i = 0; i < dimensions; i++) {
            int size = body.getInt(position);
            position += DIMENSION_BYTES;
            count *= size;
            if (size < 0 || count > end - position) {
                return false;
            }
        }
        for (long i = 0; i < count; i++) {
            int length = end - position < Integer.BYTES ? end : body.getInt(position);
            position += Integer.BYTES;
            if (length > end - position) {
                return false;
            }
            long token = length < 0 ? KeyTokens.NULL : tokens.ofValue(keyed, body, position, length, true);
            if (token == KeyTokens.NOT_UNDERSTOOD) {
                return false;
            }
            if (token >= 0) {
                found.accept((int) token);
            }
            position += Math.max(length, 0);
        }
        return position == end;
    }
}

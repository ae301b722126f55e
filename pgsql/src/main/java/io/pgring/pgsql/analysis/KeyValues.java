package io.pgring.pgsql.analysis;

import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.tree.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Expressions whose value is known before the statement runs. */
final class KeyValues {
    private KeyValues() {}

    /**
     * The value of a literal, with a minus sign or without, or of a parameter, also through casts that leave it as it is; null for all
     * else. A typed constant ({@code text 'a'}), a bit string, NULL, and any other operator are all else.
     */
    static @Nullable KeyValue of(Expression expression) {
        Expression inner = expression;
        KeyCast cast = KeyCast.NONE;
        while (inner instanceof Expression.Cast wrapper) {
            cast = cast.inside(wrapper, 0);
            if (cast == null) {
                return null;
            }
            inner = wrapper.operand();
        }
        if (inner instanceof Expression.Parameter parameter) {
            return new KeyValue.Parameter(parameter.number(), cast);
        }
        if (inner instanceof Expression.Prefix sign
                && sign.operator().is("-")
                && sign.operand() instanceof Expression.Literal literal) {
            return literal.kind() == LiteralKind.INTEGER && cast != KeyCast.TEXT ? literal(literal, cast, true) : null;
        }
        return inner instanceof Expression.Literal literal ? literal(literal, cast) : null;
    }

    /** An integer as text is its digits without leading zeros; the text of another number, such as 1e3, is not its notation. */
    private static @Nullable KeyValue literal(Expression.Literal literal, KeyCast cast) {
        boolean number = !literal.kind().isString() && literal.kind() != LiteralKind.INTEGER;
        boolean bits = literal.kind() == LiteralKind.BIT_STRING;
        return bits || (number && cast != KeyCast.NONE) ? null : literal(literal, cast, false);
    }

    private static KeyValue literal(Expression.Literal literal, KeyCast cast, boolean negated) {
        return new KeyValue.Literal(literal.kind(), literal.start(), literal.end(), cast, negated);
    }

    /** The values of all expressions, or null if there are none or one of them has none. */
    static @Nullable List<KeyValue> ofAll(List<Expression> expressions) {
        List<KeyValue> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            KeyValue value = of(expression);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return values.isEmpty() ? null : values;
    }

    /** The values of {@code ARRAY[...]}, of an array parameter or of the text of an array, also through casts that leave them as they are. */
    static @Nullable List<KeyValue> ofArray(Expression expression) {
        Expression inner = expression;
        KeyCast cast = KeyCast.NONE;
        while (inner instanceof Expression.Cast wrapper) {
            cast = cast.inside(wrapper, 1);
            if (cast == null) {
                return null;
            }
            inner = wrapper.operand();
        }
        if (inner instanceof Expression.Parameter parameter) {
            return List.of(new KeyValue.ArrayParameter(parameter.number(), cast));
        }
        if (inner instanceof Expression.Literal literal && literal.kind().isString()) {
            return List.of(new KeyValue.ArrayLiteral(literal.kind(), literal.start(), literal.end(), cast));
        }
        return inner instanceof Expression.ArrayConstructor array ? ofAll(array.elements()) : null;
    }
}

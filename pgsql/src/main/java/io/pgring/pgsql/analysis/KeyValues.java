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
     * The value of a literal or parameter, also through casts that leave a text as it is; null for all else. A typed constant
     * ({@code text 'a'}), a bit string, NULL, and an operator such as a sign are all else.
     */
    static @Nullable KeyValue of(Expression expression) {
        Expression inner = expression;
        boolean cast = false;
        while (inner instanceof Expression.Cast wrapper
                && wrapper.form() != Expression.Cast.Form.TYPED_LITERAL
                && wrapper.type().isPlainText()) {
            cast = true;
            inner = wrapper.operand();
        }
        if (inner instanceof Expression.Parameter parameter) {
            return new KeyValue.Parameter(parameter.number(), cast);
        }
        if (inner instanceof Expression.Literal literal) {
            // An integer as text is its digits without leading zeros; the text of another number, such as 1e3, is not
            // its notation.
            boolean number = !literal.kind().isString() && literal.kind() != LiteralKind.INTEGER;
            boolean bits = literal.kind() == LiteralKind.BIT_STRING;
            return bits || (number && cast)
                    ? null
                    : new KeyValue.Literal(literal.kind(), literal.start(), literal.end(), cast);
        }
        return null;
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

    /** The values of {@code ARRAY[...]} or of an array parameter, also through casts to an array of text. */
    static @Nullable List<KeyValue> ofArray(Expression expression) {
        Expression inner = expression;
        while (inner instanceof Expression.Cast wrapper
                && wrapper.form() != Expression.Cast.Form.TYPED_LITERAL
                && wrapper.type().isPlainTextArray()) {
            inner = wrapper.operand();
        }
        if (inner instanceof Expression.Parameter parameter) {
            return List.of(new KeyValue.ArrayParameter(parameter.number()));
        }
        return inner instanceof Expression.ArrayConstructor array ? ofAll(array.elements()) : null;
    }
}

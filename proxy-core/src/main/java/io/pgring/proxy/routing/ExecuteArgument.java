package io.pgring.proxy.routing;

import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgsql.tree.Expression;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A constant among the arguments of EXECUTE.
 *
 * @param value its text, as a parameter has it; null for NULL
 * @param castOid the type that it is cast to; {@link ParameterTypes#UNSPECIFIED} when it isn't
 */
@SuppressWarnings("ArrayRecordComponent")
public record ExecuteArgument(byte @Nullable [] value, Kind kind, int castOid) {
    /** Longer numbers are not written by hand, and would be spread out to all of their digits. */
    private static final int EXPONENT_MAX = 1000;

    /** What is written. */
    public enum Kind {
        NULL,
        STRING,
        INTEGER,
        NUMERIC,
        BOOLEAN
    }

    /** The type that PostgreSQL gives it, for messages. */
    public String typeName() {
        if (kind == Kind.BOOLEAN) {
            return "boolean";
        }
        if (kind != Kind.INTEGER || value == null) {
            return kind == Kind.NUMERIC ? "numeric" : "unknown";
        }
        int bits = new BigInteger(new String(value, StandardCharsets.US_ASCII)).bitLength();
        return bits < Integer.SIZE ? "integer" : bits < Long.SIZE ? "bigint" : "numeric";
    }

    /** The constant that an expression is; null when it is something else. */
    static @Nullable ExecuteArgument of(Expression expression, byte[] text) {
        if (expression instanceof Expression.Cast cast) {
            ExecuteArgument operand = of(cast.operand(), text);
            int oid = ParameterTypes.oid(cast.type());
            boolean simple = oid > 0 && !cast.type().modifiers();
            return operand != null && operand.castOid == ParameterTypes.UNSPECIFIED && simple
                    ? new ExecuteArgument(operand.value, operand.kind, oid)
                    : null;
        }
        if (expression instanceof Expression.Constant constant) {
            return switch (constant.value()) {
                case NULL -> new ExecuteArgument(null, Kind.NULL, ParameterTypes.UNSPECIFIED);
                case TRUE -> plain("true", Kind.BOOLEAN);
                case FALSE -> plain("false", Kind.BOOLEAN);
                case DEFAULT -> null;
            };
        }
        if (expression instanceof Expression.Prefix sign
                && sign.operand() instanceof Expression.Literal literal
                && (sign.operator().is("-") || sign.operator().is("+"))) {
            return literal.kind().isString()
                    ? null
                    : number(literal, text, sign.operator().is("-"));
        }
        return expression instanceof Expression.Literal literal ? literal(literal, text) : null;
    }

    private static @Nullable ExecuteArgument literal(Expression.Literal literal, byte[] text) {
        if (!literal.kind().isString()) {
            return number(literal, text, false);
        }
        try {
            return plain(StringLiteral.decodeToString(text, literal.start(), literal.end()), Kind.STRING);
        } catch (SqlSyntaxException e) {
            return null;
        }
    }

    /** A number as PostgreSQL would write it. */
    private static @Nullable ExecuteArgument number(Expression.Literal literal, byte[] text, boolean negated) {
        if (literal.kind() != LiteralKind.INTEGER && literal.kind() != LiteralKind.NUMERIC) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(
                    new String(text, literal.start(), literal.end() - literal.start(), StandardCharsets.US_ASCII));
            if (Math.abs(number.scale()) > EXPONENT_MAX) {
                return null;
            }
            Kind kind = literal.kind() == LiteralKind.INTEGER ? Kind.INTEGER : Kind.NUMERIC;
            return plain((negated ? number.negate() : number).toPlainString(), kind);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static ExecuteArgument plain(String value, Kind kind) {
        return new ExecuteArgument(value.getBytes(StandardCharsets.UTF_8), kind, ParameterTypes.UNSPECIFIED);
    }
}

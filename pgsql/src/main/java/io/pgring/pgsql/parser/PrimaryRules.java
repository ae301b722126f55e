package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Expressions without operators (c_expr): constants, parameters, columns, parentheses, CASE, ARRAY, ROW, casts. */
final class PrimaryRules {
    private final Grammar grammar;
    private final Cursor cursor;

    PrimaryRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    /** c_expr. */
    Expression primary() {
        int start = cursor.start();
        switch (cursor.kind()) {
            case STRING -> {
                return literal(LiteralKind.STRING, start);
            }
            case STRING_ESCAPED -> {
                return literal(LiteralKind.STRING_ESCAPED, start);
            }
            case INTEGER -> {
                return literal(LiteralKind.INTEGER, start);
            }
            case NUMERIC -> {
                return literal(LiteralKind.NUMERIC, start);
            }
            case BIT_STRING -> {
                return literal(LiteralKind.BIT_STRING, start);
            }
            case NATIONAL_STRING -> {
                Expression value = literal(LiteralKind.STRING_ESCAPED, start);
                TypeName type = new TypeName("bpchar", true, 0, false, start, start + 1);
                return new Expression.Cast(value, type, Expression.Cast.Form.TYPED_LITERAL, start, cursor.end());
            }
            case PARAMETER -> {
                return indirection(parameter(start), start);
            }
            case LEFT_PARENTHESIS -> {
                return parenthesis(start);
            }
            case IDENTIFIER -> {
                return word(start);
            }
            case QUOTED_IDENTIFIER -> {
                return grammar.functions.nameOrCall();
            }
            default -> throw cursor.unexpected();
        }
    }

    private Expression literal(LiteralKind kind, int start) {
        cursor.next();
        return new Expression.Literal(kind, start, cursor.end());
    }

    private Expression parameter(int start) {
        int number = 0;
        for (int i = start + 1; i < cursor.currentEnd(); i++) {
            number = number * 10 + (cursor.text()[i] - '0');
        }
        cursor.next();
        return new Expression.Parameter(number, start, cursor.end());
    }

    private Expression parenthesis(int start) {
        if (cursor.opensQuery(0)) {
            Select query = grammar.queries.parenthesized();
            Expression subquery = new Expression.Subquery(Expression.Subquery.Kind.SCALAR, query, start, cursor.end());
            return indirection(subquery, start);
        }
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        if (cursor.accept(TokenKind.RIGHT_PARENTHESIS)) {
            return new Expression.Row(List.of(), start, cursor.end());
        }
        List<Expression> elements = grammar.expressions.expressionList();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        if (elements.size() > 1) {
            return new Expression.Row(elements, start, cursor.end());
        }
        return indirection(elements.get(0), start);
    }

    private Expression word(int start) {
        switch (cursor.word()) {
            case "null" -> {
                return constant(Expression.Constant.Value.NULL, start);
            }
            case "true" -> {
                return constant(Expression.Constant.Value.TRUE, start);
            }
            case "false" -> {
                return constant(Expression.Constant.Value.FALSE, start);
            }
            case "default" -> {
                return constant(Expression.Constant.Value.DEFAULT, start);
            }
            case "case" -> {
                return caseExpression(start);
            }
            case "cast" -> {
                return cast(start);
            }
            case "array" -> {
                return array(start);
            }
            case "exists" -> {
                if (cursor.opensQuery(1)) {
                    return subquery(Expression.Subquery.Kind.EXISTS, start);
                }
            }
            case "row" -> {
                if (cursor.is(1, TokenKind.LEFT_PARENTHESIS)) {
                    return row(start);
                }
            }
            default -> {}
        }
        Expression typed = typedLiteral(start);
        if (typed != null) {
            return typed;
        }
        Expression special = grammar.specials.special();
        return special != null ? special : grammar.functions.nameOrCall();
    }

    private Expression constant(Expression.Constant.Value value, int start) {
        cursor.next();
        return new Expression.Constant(value, start, cursor.end());
    }

    private Expression caseExpression(int start) {
        cursor.enter();
        cursor.next();
        Expression operand = cursor.is("when") ? null : grammar.expressions.expression();
        List<Expression> whens = new ArrayList<>();
        while (cursor.accept("when")) {
            whens.add(grammar.expressions.expression());
            cursor.expect("then");
            whens.add(grammar.expressions.expression());
        }
        Expression otherwise = cursor.accept("else") ? grammar.expressions.expression() : null;
        cursor.expect("end");
        cursor.leave();
        if (whens.isEmpty()) {
            throw cursor.unexpected();
        }
        return new Expression.Case(operand, whens, otherwise, start, cursor.end());
    }

    private Expression cast(int start) {
        cursor.next();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        cursor.enter();
        Expression operand = grammar.expressions.expression();
        cursor.leave();
        cursor.expect("as");
        TypeName type = grammar.types.type();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return new Expression.Cast(operand, type, Expression.Cast.Form.CAST, start, cursor.end());
    }

    private Expression array(int start) {
        if (cursor.opensQuery(1)) {
            return subquery(Expression.Subquery.Kind.ARRAY, start);
        }
        cursor.next();
        return indirection(arrayElements(start), start);
    }

    /** {@code [a, b]} or {@code [[a], [b]]}. */
    private Expression arrayElements(int start) {
        cursor.enter();
        cursor.expect(TokenKind.LEFT_BRACKET);
        List<Expression> elements = new ArrayList<>();
        if (!cursor.is(TokenKind.RIGHT_BRACKET)) {
            do {
                elements.add(
                        cursor.is(TokenKind.LEFT_BRACKET)
                                ? arrayElements(cursor.start())
                                : grammar.expressions.expression());
            } while (cursor.accept(TokenKind.COMMA));
        }
        cursor.expect(TokenKind.RIGHT_BRACKET);
        cursor.leave();
        return new Expression.ArrayConstructor(elements, start, cursor.end());
    }

    private Expression subquery(Expression.Subquery.Kind kind, int start) {
        cursor.next();
        Select query = grammar.queries.parenthesized();
        return new Expression.Subquery(kind, query, start, cursor.end());
    }

    private Expression row(int start) {
        cursor.next();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        cursor.enter();
        List<Expression> elements =
                cursor.is(TokenKind.RIGHT_PARENTHESIS) ? List.of() : grammar.expressions.expressionList();
        cursor.leave();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return new Expression.Row(elements, start, cursor.end());
    }

    /** {@code type 'literal'} for the types that are keywords, or null: those words may also be columns. */
    private @Nullable Expression typedLiteral(int start) {
        if (!cursor.isAny(
                "int",
                "integer",
                "smallint",
                "bigint",
                "real",
                "boolean",
                "float",
                "decimal",
                "dec",
                "numeric",
                "double",
                "bit",
                "character",
                "char",
                "nchar",
                "national",
                "varchar",
                "time",
                "timestamp",
                "interval")) {
            return null;
        }
        int before = cursor.position();
        boolean interval = cursor.is("interval");
        TypeName type;
        try {
            type = grammar.types.simpleType();
        } catch (ParseFailure notThisType) {
            cursor.moveTo(before);
            return null;
        }
        if (!cursor.isString()) {
            cursor.moveTo(before);
            return null;
        }
        Expression value = primary();
        if (interval) {
            grammar.types.intervalFields();
        }
        return new Expression.Cast(value, type, Expression.Cast.Form.TYPED_LITERAL, start, cursor.end());
    }

    /** Fields and subscripts behind an operand. */
    Expression indirection(Expression operand, int start) {
        Expression result = operand;
        for (int count = 0; ; count++) {
            if (cursor.is(TokenKind.DOT)) {
                cursor.next();
                Name field = cursor.acceptOperator("*") ? null : grammar.names.label();
                result = new Expression.FieldSelection(result, field, start, cursor.end());
            } else if (cursor.is(TokenKind.LEFT_BRACKET)) {
                result = subscript(result, start);
            } else {
                return result;
            }
            if (count > Cursor.DEPTH_MAX) {
                throw new ParseFailure("more than " + Cursor.DEPTH_MAX + " subscripts in a row", start);
            }
        }
    }

    private Expression subscript(Expression operand, int start) {
        cursor.enter();
        cursor.expect(TokenKind.LEFT_BRACKET);
        List<Expression> bounds = new ArrayList<>(2);
        if (!cursor.is(TokenKind.COLON)) {
            bounds.add(grammar.expressions.expression());
        }
        if (cursor.accept(TokenKind.COLON) && !cursor.is(TokenKind.RIGHT_BRACKET)) {
            bounds.add(grammar.expressions.expression());
        }
        cursor.expect(TokenKind.RIGHT_BRACKET);
        cursor.leave();
        return new Expression.Subscript(operand, bounds, start, cursor.end());
    }

    /** A column whose names have been read, with what follows it. */
    Expression column(QualifiedName name) {
        boolean star = cursor.is(TokenKind.DOT) && cursor.kind(1) == TokenKind.OPERATOR;
        if (star) {
            cursor.next();
            cursor.expectOperator("*");
        }
        Expression column = new Expression.ColumnReference(name.parts(), star, name.start(), cursor.end());
        return indirection(column, name.start());
    }
}

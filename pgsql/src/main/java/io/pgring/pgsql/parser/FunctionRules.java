package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.SortKey;
import io.pgring.pgsql.tree.TypeName;
import io.pgring.pgsql.tree.WindowDefinition;
import java.util.ArrayList;
import java.util.List;

/** A name and what may follow it: a column, a function call (func_expr), or {@code type 'literal'}. */
final class FunctionRules {
    private final Grammar grammar;
    private final Cursor cursor;

    FunctionRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    /** columnref, func_expr, or a typed constant. */
    Expression nameOrCall() {
        boolean column = grammar.names.isColumnId(0);
        boolean function = grammar.names.isTypeOrFunctionName();
        QualifiedName name = grammar.names.anyName();
        boolean qualified = name.parts().size() > 1;
        if (function || qualified) {
            if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
                return call(name);
            }
            if (cursor.isString()) {
                return typedLiteral(name, false);
            }
        }
        if (!column) {
            throw cursor.unexpected();
        }
        return grammar.primaries.column(name);
    }

    private Expression typedLiteral(QualifiedName name, boolean modifiers) {
        TypeName type = new TypeName(name.toString(), modifiers, 0, false, name.start(), cursor.end());
        Expression value = grammar.primaries.primary();
        return new Expression.Cast(value, type, Expression.Cast.Form.TYPED_LITERAL, name.start(), cursor.end());
    }

    /** The rest of a call, from the parenthesis on. */
    Expression call(QualifiedName name) {
        cursor.enter();
        Expression.FunctionCall.Arguments inside = arguments();
        cursor.leave();
        if (cursor.isString()) {
            return typedLiteral(name, true);
        }
        List<SortKey> withinGroup = inside.withinGroup();
        if (cursor.accept("within", "group")) {
            cursor.expect(TokenKind.LEFT_PARENTHESIS);
            withinGroup = grammar.windows.orderBy();
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        }
        Expression filter = grammar.windows.filter();
        Expression.FunctionCall.Arguments arguments = new Expression.FunctionCall.Arguments(
                inside.values(),
                inside.star(),
                inside.distinct(),
                inside.variadic(),
                inside.orderBy(),
                withinGroup,
                filter);
        WindowDefinition over = grammar.windows.over();
        return new Expression.FunctionCall(name, arguments, over, name.start(), cursor.end());
    }

    private Expression.FunctionCall.Arguments arguments() {
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        List<Expression> values = new ArrayList<>();
        List<SortKey> orderBy = List.of();
        boolean star = false;
        boolean distinct = false;
        boolean variadic = false;
        if (cursor.isOperator("*") && cursor.is(1, TokenKind.RIGHT_PARENTHESIS)) {
            cursor.next();
            star = true;
        } else if (!cursor.is(TokenKind.RIGHT_PARENTHESIS)) {
            distinct = cursor.accept("distinct");
            if (!distinct) {
                cursor.accept("all");
            }
            do {
                variadic |= cursor.accept("variadic");
                values.add(argument());
            } while (cursor.accept(TokenKind.COMMA));
            orderBy = grammar.windows.orderBy();
        }
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return new Expression.FunctionCall.Arguments(values, star, distinct, variadic, orderBy, List.of(), null);
    }

    private Expression argument() {
        boolean named = grammar.names.isIdentifier(0)
                && (cursor.is(1, TokenKind.EQUALS_GREATER) || cursor.is(1, TokenKind.COLON_EQUALS));
        if (!named) {
            return grammar.expressions.expression();
        }
        int start = cursor.start();
        Name name = grammar.names.take();
        cursor.next();
        Expression value = grammar.expressions.expression();
        return new Expression.NamedArgument(name, value, start, cursor.end());
    }
}

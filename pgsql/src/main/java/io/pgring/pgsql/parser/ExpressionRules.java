package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Operator;
import io.pgring.pgsql.tree.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Expressions with operators (a_expr and b_expr), by precedence climbing.
 *
 * <p>A b_expr is what may stand where an a_expr would be ambiguous, such as the lower bound of BETWEEN: it has no AND, OR, NOT, IS
 * NULL, BETWEEN, IN and LIKE outside of parentheses.
 */
final class ExpressionRules {
    /** Casts, subscripts and the like in a row on one operand. */
    private static final int SUFFIXES_MAX = 500;

    private final Grammar grammar;
    private final Cursor cursor;
    private final PredicateRules predicates;

    ExpressionRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.predicates = new PredicateRules(grammar, this);
    }

    /** a_expr. */
    Expression expression() {
        return parse(Precedence.LOWEST, false);
    }

    /** b_expr. */
    Expression restricted() {
        return parse(Precedence.LOWEST, true);
    }

    List<Expression> expressionList() {
        List<Expression> list = new ArrayList<>();
        do {
            list.add(expression());
        } while (cursor.accept(TokenKind.COMMA));
        return list;
    }

    /** An expression of operators that bind at least as tightly as {@code minimum}. */
    Expression parse(int minimum, boolean restricted) {
        cursor.enter();
        int start = cursor.start();
        Expression left = prefix(start, restricted);
        for (int suffixes = 0; ; suffixes++) {
            Expression longer = infix(left, start, minimum, restricted);
            if (longer == null) {
                break;
            }
            if (suffixes > SUFFIXES_MAX) {
                throw new ParseFailure("more than " + SUFFIXES_MAX + " operators in a row on one operand", start);
            }
            left = longer;
        }
        cursor.leave();
        return left;
    }

    private Expression prefix(int start, boolean restricted) {
        if (cursor.is("not") && !restricted) {
            cursor.next();
            Expression operand = parse(Precedence.NOT, false);
            return new Expression.Not(operand, start, cursor.end());
        }
        if (cursor.is(TokenKind.OPERATOR)) {
            String symbol = cursor.symbol();
            int precedence = Precedence.of(symbol);
            if (precedence == Precedence.ADDITION || precedence == Precedence.OPERATOR) {
                Operator operator = operator();
                int operandMinimum =
                        precedence == Precedence.ADDITION ? Precedence.UNARY_MINUS : Precedence.OPERATOR + 1;
                return prefixed(operator, operandMinimum, start, restricted);
            }
            throw cursor.unexpected();
        }
        if (isQualifiedOperator()) {
            return prefixed(operator(), Precedence.OPERATOR + 1, start, restricted);
        }
        return grammar.primaries.primary();
    }

    private Expression prefixed(Operator operator, int minimum, int start, boolean restricted) {
        Expression operand = parse(minimum, restricted);
        return new Expression.Prefix(operator, operand, start, cursor.end());
    }

    /** The expression that continues {@code left} by one operator, or null if none follows that binds tightly enough. */
    private @Nullable Expression infix(Expression left, int start, int minimum, boolean restricted) {
        if (cursor.is(TokenKind.TYPECAST)) {
            cursor.next();
            TypeName type = grammar.types.type();
            return new Expression.Cast(left, type, Expression.Cast.Form.TYPECAST, start, cursor.end());
        }
        if (cursor.is(TokenKind.OPERATOR) || isQualifiedOperator()) {
            return operation(left, start, minimum, restricted);
        }
        if (!cursor.is(TokenKind.IDENTIFIER)) {
            return null;
        }
        switch (cursor.word()) {
            case "collate" -> {
                return minimum <= Precedence.COLLATE ? collate(left, start) : null;
            }
            case "at" -> {
                return minimum <= Precedence.AT ? atTimeZone(left, start, restricted) : null;
            }
            case "and", "or" -> {
                return restricted ? null : logical(left, start, minimum);
            }
            default -> {
                return predicates.predicate(left, start, minimum, restricted);
            }
        }
    }

    private Expression collate(Expression left, int start) {
        cursor.next();
        return new Expression.Collate(left, grammar.names.anyName(), start, cursor.end());
    }

    private @Nullable Expression atTimeZone(Expression left, int start, boolean restricted) {
        if (cursor.accept("at", "local")) {
            return new Expression.AtTimeZone(left, null, start, cursor.end());
        }
        if (!cursor.is(1, "time") || !cursor.is(2, "zone")) {
            return null;
        }
        cursor.moveTo(cursor.position() + 3);
        Expression zone = parse(Precedence.AT + 1, restricted);
        return new Expression.AtTimeZone(left, zone, start, cursor.end());
    }

    /** A whole chain of AND, or of OR, in one node. */
    private @Nullable Expression logical(Expression left, int start, int minimum) {
        String word = cursor.word();
        int precedence = word.equals("and") ? Precedence.AND : Precedence.OR;
        if (minimum > precedence) {
            return null;
        }
        List<Expression> operands = new ArrayList<>();
        operands.add(left);
        while (cursor.accept(word)) {
            operands.add(parse(precedence + 1, false));
        }
        return precedence == Precedence.AND
                ? new Expression.And(operands, start, cursor.end())
                : new Expression.Or(operands, start, cursor.end());
    }

    private @Nullable Expression operation(Expression left, int start, int minimum, boolean restricted) {
        int precedence = precedenceHere();
        if (minimum > precedence) {
            return null;
        }
        int before = cursor.position();
        Operator operator = operator();
        if (!restricted && predicates.isQuantifier()) {
            return predicates.quantified(operator, left, start);
        }
        if (precedence == Precedence.COMPARISON) {
            Expression right = parse(Precedence.COMPARISON + 1, restricted);
            if (cursor.is(TokenKind.OPERATOR) && precedenceHere() == Precedence.COMPARISON) {
                throw cursor.unexpected();
            }
            return new Expression.Comparison(operator, left, right, start, cursor.end());
        }
        cursor.moveTo(before);
        return chain(left, start, precedence, restricted);
    }

    /** Operators of one precedence in a row; up to one that is quantified, which ends the chain. */
    private Expression chain(Expression left, int start, int precedence, boolean restricted) {
        List<Operator> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        operands.add(left);
        while ((cursor.is(TokenKind.OPERATOR) || isQualifiedOperator()) && precedenceHere() == precedence) {
            int before = cursor.position();
            Operator operator = operator();
            if (!restricted && predicates.isQuantifier()) {
                cursor.moveTo(before);
                break;
            }
            operators.add(operator);
            operands.add(parse(precedence + 1, restricted));
        }
        return new Expression.Operation(operators, operands, start, cursor.end());
    }

    private int precedenceHere() {
        return cursor.is(TokenKind.OPERATOR) ? Precedence.of(cursor.symbol()) : Precedence.OPERATOR;
    }

    /** Whether {@code OPERATOR(} stands here. */
    boolean isQualifiedOperator() {
        return cursor.is("operator") && cursor.is(1, TokenKind.LEFT_PARENTHESIS);
    }

    /** An operator, or {@code OPERATOR(schema.operator)}. */
    Operator operator() {
        int start = cursor.start();
        if (!isQualifiedOperator()) {
            String symbol = cursor.symbol();
            cursor.expect(TokenKind.OPERATOR);
            return new Operator(null, normal(symbol), start, cursor.end());
        }
        cursor.next();
        cursor.next();
        String schema = null;
        while (!cursor.is(TokenKind.OPERATOR)) {
            Name name = grammar.names.columnId();
            schema = schema == null ? name.value() : schema + "." + name.value();
            cursor.expect(TokenKind.DOT);
        }
        String symbol = cursor.symbol();
        cursor.next();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return new Operator(schema, normal(symbol), start, cursor.end());
    }

    private static String normal(String symbol) {
        return symbol.equals("!=") ? "<>" : symbol;
    }
}

package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Operator;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Predicates that are written in words: IS, BETWEEN, IN, LIKE, OVERLAPS, and ANY or ALL behind an operator. */
final class PredicateRules {
    private final Grammar grammar;
    private final Cursor cursor;
    private final ExpressionRules expressions;

    PredicateRules(Grammar grammar, ExpressionRules expressions) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.expressions = expressions;
    }

    /** The predicate that begins at the current word, or null if none does or it binds too loosely. */
    @Nullable
    Expression predicate(Expression left, int start, int minimum, boolean restricted) {
        switch (cursor.word()) {
            case "is" -> {
                return minimum <= Precedence.IS ? is(left, start, restricted) : null;
            }
            case "isnull", "notnull" -> {
                return minimum <= Precedence.IS && !restricted ? nullTest(left, start) : null;
            }
            case "not" -> {
                return minimum <= Precedence.PATTERN && !restricted && isPatternWord(1) ? negated(left, start) : null;
            }
            case "similar" -> {
                return minimum <= Precedence.PATTERN && !restricted && cursor.is(1, "to")
                        ? pattern(left, start, false)
                        : null;
            }
            case "between", "in", "like", "ilike" -> {
                return minimum <= Precedence.PATTERN && !restricted ? pattern(left, start, false) : null;
            }
            case "overlaps" -> {
                return left instanceof Expression.Row ? overlaps(left, start) : null;
            }
            default -> {
                return null;
            }
        }
    }

    private boolean isPatternWord(int ahead) {
        return switch (cursor.word(ahead)) {
            case "between", "in", "like", "ilike", "similar" -> true;
            default -> false;
        };
    }

    private Expression nullTest(Expression left, int start) {
        boolean negated = cursor.is("notnull");
        cursor.next();
        return new Expression.Predicate("IS NULL", negated, List.of(left), start, cursor.end());
    }

    private @Nullable Expression is(Expression left, int start, boolean restricted) {
        boolean negated = cursor.is(1, "not");
        String what = cursor.word(negated ? 2 : 1);
        if (restricted && !what.equals("distinct") && !what.equals("document") && !what.equals("of")) {
            return null;
        }
        cursor.moveTo(cursor.position() + (negated ? 3 : 2));
        switch (what) {
            case "null", "true", "false", "unknown", "document", "normalized" -> {}
            case "nfc", "nfd", "nfkc", "nfkd" -> {
                cursor.expect("normalized");
            }
            case "distinct" -> {
                cursor.expect("from");
                Expression right = expressions.parse(Precedence.IS + 1, restricted);
                return new Expression.Predicate("IS DISTINCT FROM", negated, List.of(left, right), start, cursor.end());
            }
            case "of" -> {
                cursor.skipParentheses();
            }
            case "json" -> {
                isJson();
            }
            default -> throw cursor.unexpected();
        }
        String name = "IS " + what.toUpperCase(Locale.ROOT);
        return new Expression.Predicate(name, negated, List.of(left), start, cursor.end());
    }

    private void isJson() {
        if (cursor.isAny("value", "array", "object", "scalar")) {
            cursor.next();
        }
        if (cursor.accept("with", "unique") || cursor.accept("without", "unique")) {
            cursor.accept("keys");
        }
    }

    private Expression negated(Expression left, int start) {
        cursor.next();
        return pattern(left, start, true);
    }

    private Expression pattern(Expression left, int start, boolean negated) {
        String word = cursor.word();
        cursor.next();
        switch (word) {
            case "between" -> {
                return between(left, start, negated);
            }
            case "in" -> {
                return in(left, start, negated);
            }
            case "similar" -> {
                cursor.expect("to");
                return like("SIMILAR TO", left, start, negated);
            }
            default -> {
                String name = word.toUpperCase(Locale.ROOT);
                if (isQuantifier()) {
                    String symbol = negated ? "NOT " + name : name;
                    return quantified(new Operator(null, symbol, start, cursor.end()), left, start);
                }
                return like(name, left, start, negated);
            }
        }
    }

    private Expression between(Expression left, int start, boolean negated) {
        String name = "BETWEEN";
        if (cursor.accept("symmetric")) {
            name = "BETWEEN SYMMETRIC";
        } else {
            cursor.accept("asymmetric");
        }
        Expression lower = expressions.restricted();
        cursor.expect("and");
        Expression upper = expressions.parse(Precedence.PATTERN + 1, false);
        return new Expression.Predicate(name, negated, List.of(left, lower, upper), start, cursor.end());
    }

    private Expression in(Expression left, int start, boolean negated) {
        if (cursor.opensQuery(0)) {
            Select query = grammar.queries.parenthesized();
            return new Expression.InSubquery(negated, left, query, start, cursor.end());
        }
        cursor.enter();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        List<Expression> values = expressions.expressionList();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        cursor.leave();
        return new Expression.InList(negated, left, values, start, cursor.end());
    }

    private Expression like(String name, Expression left, int start, boolean negated) {
        List<Expression> operands = new ArrayList<>(3);
        operands.add(left);
        operands.add(expressions.parse(Precedence.PATTERN + 1, false));
        if (cursor.accept("escape")) {
            operands.add(expressions.parse(Precedence.PATTERN + 1, false));
        }
        return new Expression.Predicate(name, negated, operands, start, cursor.end());
    }

    private Expression overlaps(Expression left, int start) {
        cursor.next();
        Expression right = grammar.primaries.primary();
        return new Expression.Predicate("OVERLAPS", false, List.of(left, right), start, cursor.end());
    }

    /** Whether {@code ANY (}, {@code SOME (} or {@code ALL (} stands here. */
    boolean isQuantifier() {
        return cursor.isAny("any", "some", "all") && cursor.is(1, TokenKind.LEFT_PARENTHESIS);
    }

    /** The rest of {@code left operator ANY (...)}, from ANY on. */
    Expression quantified(Operator operator, Expression left, int start) {
        boolean all = cursor.is("all");
        cursor.next();
        Expression right;
        if (cursor.opensQuery(0)) {
            int queryStart = cursor.start();
            Select query = grammar.queries.parenthesized();
            right = new Expression.Subquery(Expression.Subquery.Kind.SCALAR, query, queryStart, cursor.end());
        } else {
            cursor.expect(TokenKind.LEFT_PARENTHESIS);
            right = expressions.expression();
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        }
        return new Expression.Quantified(operator, all, left, right, start, cursor.end());
    }
}

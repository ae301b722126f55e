package io.pgring.pgsql.spread;

import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.lexer.TokenTable;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.TypeName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LIMIT and OFFSET of a query, and what each shard gets in their place: no OFFSET, and a LIMIT of both together. A literal there
 * is part of the plan's key, so that its value may stand in a replacement. A parameter stays in the text even where its value is of
 * no use, since the shards must see as many parameters as the client sends.
 */
final class RowLimits {
    private static final RowLimit.Bound NONE = new RowLimit.Bound.None();
    private static final List<String> INTEGERS = List.of("int2", "int4", "int8");

    private final RowLimit limit;
    private final int tailStart;
    private final int tailEnd;
    /** The clauses that stand there too. */
    private final String locking;

    private RowLimits(RowLimit limit, int tailStart, int tailEnd, String locking) {
        this.limit = limit;
        this.tailStart = tailStart;
        this.tailEnd = tailEnd;
        this.locking = locking;
    }

    /** Null when they can't be divided: an expression, WITH TIES, a clause that is given twice. */
    static @Nullable RowLimits of(Select select, byte[] text, TokenTable tokens) {
        Node last = select.orderBy().isEmpty()
                ? select.body()
                : select.orderBy().get(select.orderBy().size() - 1);
        RowLimit.Bound limit = bound(select.limit(), text);
        RowLimit.Bound offset = skipped(bound(select.offset(), text));
        int tailStart = tokens.at(last.end());
        int tailEnd = tokens.at(select.end());
        if (limit == null || offset == null || select.withTies() || isGivenTwice(tokens, tailStart, tailEnd)) {
            return null;
        }
        return new RowLimits(new RowLimit(limit, offset), tailStart, tailEnd, RowLocks.source(select, text));
    }

    /** OFFSET 0 is none. */
    private static RowLimit.@Nullable Bound skipped(RowLimit.@Nullable Bound offset) {
        return offset instanceof RowLimit.Bound.Constant constant && constant.rows() == 0 ? NONE : offset;
    }

    private static boolean isGivenTwice(TokenTable tokens, int from, int to) {
        int limits = 0;
        int offsets = 0;
        for (int i = from; i < to; i++) {
            switch (tokens.word(i)) {
                case "limit", "fetch" -> limits++;
                case "offset" -> offsets++;
                default -> {}
            }
        }
        return limits > 1 || offsets > 1;
    }

    private static RowLimit.@Nullable Bound bound(@Nullable Expression expression, byte[] text) {
        if (expression == null) {
            return NONE;
        }
        Expression inner = expression;
        while (inner instanceof Expression.Cast cast && isInteger(cast.type())) {
            inner = cast.operand();
        }
        if (inner instanceof Expression.Parameter parameter) {
            return new RowLimit.Bound.Parameter(parameter.number());
        }
        if (expression instanceof Expression.Constant constant && constant.value() == Expression.Constant.Value.NULL) {
            return NONE;
        }
        if (expression instanceof Expression.Special special
                && special.operands().isEmpty()) {
            // FETCH FIRST ROW ONLY.
            return special.name().equals("fetch first row") ? new RowLimit.Bound.Constant(1) : null;
        }
        return expression instanceof Expression.Literal literal ? constant(literal, text) : null;
    }

    private static boolean isInteger(TypeName type) {
        return INTEGERS.contains(type.name()) && type.arrayDimensions() == 0 && !type.modifiers() && !type.setOf();
    }

    private static RowLimit.@Nullable Bound constant(Expression.Literal literal, byte[] text) {
        long value = literal.kind() == LiteralKind.INTEGER ? integer(literal, text) : -1;
        return value < 0 ? null : new RowLimit.Bound.Constant(value);
    }

    /** The value of a decimal literal; -1 for what is written otherwise or does not fit. */
    static long integer(Expression.Literal literal, byte[] text) {
        String digits = new String(text, literal.start(), literal.end() - literal.start(), StandardCharsets.UTF_8);
        boolean decimal = digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return decimal && digits.length() <= 18 ? Long.parseLong(digits) : -1;
    }

    RowLimit limit() {
        return limit;
    }

    /** Whether a result of one row stays whole. */
    boolean keepsOneRow() {
        boolean limits = limit.limit() instanceof RowLimit.Bound.None
                || (limit.limit() instanceof RowLimit.Bound.Constant constant && constant.rows() > 0);
        return limits && limit.offset() instanceof RowLimit.Bound.None;
    }

    /** What changes in the text for the shards, if anything. */
    void splice(SpliceList splices) {
        if (limit.offset() instanceof RowLimit.Bound.None) {
            return;
        }
        splices.add(new Splice(tailStart, tailEnd, clause() + locking));
    }

    private String clause() {
        RowLimit.Bound rows = limit.limit();
        RowLimit.Bound skipped = limit.offset();
        if (rows instanceof RowLimit.Bound.None) {
            return skipped instanceof RowLimit.Bound.Parameter ? "OFFSET 0 * " + source(skipped) : "";
        }
        if (rows instanceof RowLimit.Bound.Constant first && skipped instanceof RowLimit.Bound.Constant second) {
            return "LIMIT " + (first.rows() + second.rows());
        }
        return "LIMIT " + source(rows) + " + " + source(skipped);
    }

    private static String source(RowLimit.Bound bound) {
        return bound instanceof RowLimit.Bound.Parameter parameter
                ? "($" + parameter.number() + ")::int8"
                : "(" + ((RowLimit.Bound.Constant) bound).rows() + ")::int8";
    }
}

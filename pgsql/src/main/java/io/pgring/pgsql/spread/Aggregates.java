package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.BuiltInFunctions;
import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Aggregates whose value over all rows follows from their values over the rows of each shard. */
final class Aggregates {
    private Aggregates() {}

    /** Whether an aggregate is among expressions, nested queries left out. */
    static boolean areIn(List<? extends Node> nodes) {
        Deque<Node> pending = new ArrayDeque<>(nodes);
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (node instanceof Expression.FunctionCall call
                    && BuiltInFunctions.isAggregate(call.name().name())) {
                return true;
            }
            if (!(node instanceof Select)) {
                node.children().forEach(pending::push);
            }
        }
        return false;
    }

    /** How the values of an aggregate are combined, or null if they can't be. */
    static AggregateColumn.@Nullable Kind kind(Expression expression, Relations relations) {
        if (!(expression instanceof Expression.FunctionCall call) || !isPlain(call)) {
            return null;
        }
        ColumnType type = argumentType(call, relations);
        return switch (call.name().name()) {
            case "count" -> AggregateColumn.Kind.COUNT;
            case "sum" -> type.isExactNumber() ? AggregateColumn.Kind.SUM : null;
            case "avg" -> type.isExactNumber() && call.arguments().filter() == null ? AggregateColumn.Kind.AVG : null;
            case "min" -> type.isOrdered() ? AggregateColumn.Kind.MIN : null;
            case "max" -> type.isOrdered() ? AggregateColumn.Kind.MAX : null;
            case "bool_and", "every" -> AggregateColumn.Kind.BOOL_AND;
            case "bool_or" -> AggregateColumn.Kind.BOOL_OR;
            default -> null;
        };
    }

    private static boolean isPlain(Expression.FunctionCall call) {
        Expression.FunctionCall.Arguments arguments = call.arguments();
        boolean one = arguments.star()
                ? call.name().name().equals("count")
                : arguments.values().size() == 1 && !(arguments.values().get(0) instanceof Expression.NamedArgument);
        return one
                && !arguments.distinct()
                && !arguments.variadic()
                && arguments.orderBy().isEmpty()
                && arguments.withinGroup().isEmpty()
                && call.over() == null;
    }

    /** Of the one argument; BIGINT for {@code count}, BOOLEAN for the aggregates of truth values. */
    static ColumnType argumentType(Expression.FunctionCall call, Relations relations) {
        switch (call.name().name()) {
            case "count" -> {
                return ColumnType.BIGINT;
            }
            case "bool_and", "every", "bool_or" -> {
                return ColumnType.BOOLEAN;
            }
            default -> {
                List<Expression> values = call.arguments().values();
                Column column = values.size() == 1 ? relations.column(values.get(0)) : null;
                return column == null ? ColumnType.OTHER : column.type();
            }
        }
    }

    /** The type of an aggregate's result, where that is plain; else OTHER. */
    static ColumnType type(Expression expression, Relations relations) {
        if (expression instanceof Expression.FunctionCall call
                && call.name().name().equals("count")) {
            return ColumnType.BIGINT;
        }
        AggregateColumn.Kind kind = kind(expression, relations);
        if (kind == null) {
            return ColumnType.OTHER;
        }
        ColumnType argument = argumentType((Expression.FunctionCall) expression, relations);
        return switch (kind) {
            case COUNT -> ColumnType.BIGINT;
            case SUM ->
                argument == ColumnType.SMALLINT || argument == ColumnType.INTEGER
                        ? ColumnType.BIGINT
                        : ColumnType.NUMERIC;
            case AVG -> ColumnType.NUMERIC;
            case MIN, MAX -> argument;
            case BOOL_AND, BOOL_OR -> ColumnType.BOOLEAN;
            case GROUP_KEY -> ColumnType.OTHER;
        };
    }
}

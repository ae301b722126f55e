package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.BuiltInTypes;
import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The conditions of a WHERE clause that each row of a table of its FROM clause must meet by itself, and that are the same wherever
 * they are asked: columns compared with constants and parameters. Of types with words for the present time none is.
 */
final class ShipFilter {
    private final Relations relations;
    private final Relation relation;
    private final IntPredicate usable;

    /** Of what is being looked at. */
    private boolean namesColumn;

    private ShipFilter(Relations relations, Relation relation, IntPredicate usable) {
        this.relations = relations;
        this.relation = relation;
        this.usable = usable;
    }

    /**
     * Those for a table, in the order of the text.
     *
     * @param item what reads the table, in the FROM clause of the block
     * @param relations of that FROM clause
     * @param usable whether a parameter has the same type by the condition alone as by the whole statement
     */
    static List<Expression> of(
            FromItem.TableReference item, QueryBody.Simple block, Relations relations, IntPredicate usable) {
        Expression where = block.where();
        if (where == null || block.from().stream().noneMatch(from -> keeps(from, item))) {
            return List.of();
        }
        ShipFilter filter = new ShipFilter(relations, relations.of(item), usable);
        List<Expression> conjuncts = where instanceof Expression.And and ? and.operands() : List.of(where);
        return conjuncts.stream().filter(filter::isFilter).toList();
    }

    /** Whether each row that an item of FROM gives is made of a row of the table: it is not extended by NULLs in an outer join. */
    private static boolean keeps(FromItem item, FromItem.TableReference table) {
        if (!(item instanceof FromItem.Join join)) {
            return item == table;
        }
        return switch (join.kind()) {
            case CROSS, INNER -> keeps(join.left(), table) || keeps(join.right(), table);
            case LEFT -> keeps(join.left(), table);
            case RIGHT -> keeps(join.right(), table);
            case FULL -> false;
        };
    }

    private boolean isFilter(Expression condition) {
        namesColumn = false;
        return isCondition(condition) && namesColumn;
    }

    private boolean isCondition(Expression condition) {
        if (condition instanceof Expression.And and) {
            return and.operands().stream().allMatch(this::isCondition);
        }
        if (condition instanceof Expression.Or or) {
            return or.operands().stream().allMatch(this::isCondition);
        }
        if (condition instanceof Expression.Not not) {
            return isCondition(not.operand());
        }
        if (condition instanceof Expression.Comparison comparison) {
            String operator = comparison.operator().symbol();
            boolean equality = Set.of("=", "<>").contains(operator);
            return comparison.operator().is(operator)
                    && (equality || Set.of("<", ">", "<=", ">=").contains(operator))
                    && areOperands(List.of(comparison.left(), comparison.right()), equality);
        }
        if (condition instanceof Expression.InList in) {
            List<Expression> operands = new ArrayList<>(in.values());
            operands.add(in.operand());
            return areOperands(operands, true);
        }
        if (condition instanceof Expression.Quantified quantified) {
            return quantified.operator().is("=")
                    && areOperands(List.of(quantified.operand(), quantified.right()), true);
        }
        return condition instanceof Expression.Predicate predicate ? isPredicate(predicate) : isColumn(condition, true);
    }

    private boolean isPredicate(Expression.Predicate predicate) {
        return switch (predicate.name()) {
            case "IS NULL", "IS TRUE", "IS FALSE", "IS UNKNOWN", "LIKE" -> areOperands(predicate.operands(), true);
            case "BETWEEN" -> areOperands(predicate.operands(), false);
            default -> false;
        };
    }

    /** @param equality whether no order is asked for, on which servers might not agree */
    private boolean areOperands(List<Expression> operands, boolean equality) {
        return operands.stream().allMatch(operand -> isOperand(operand, equality));
    }

    private boolean isOperand(Expression operand, boolean equality) {
        return isConstant(operand) || isColumn(operand, equality);
    }

    private boolean isConstant(Expression operand) {
        Expression inner = operand;
        if (inner instanceof Expression.Cast cast && BuiltInTypes.contains(cast.type())) {
            inner = cast.operand();
        }
        if (inner instanceof Expression.Prefix prefix && prefix.operator().is("-")) {
            inner = prefix.operand();
        }
        return inner instanceof Expression.Literal
                || (inner instanceof Expression.Constant constant
                        && constant.value() != Expression.Constant.Value.DEFAULT)
                || (inner instanceof Expression.Parameter parameter && usable.test(parameter.number()));
    }

    private boolean isColumn(Expression operand, boolean equality) {
        Column column = relations.column(operand);
        namesColumn = true;
        return column != null && column.relation() == relation && isComparable(column.type(), equality);
    }

    private static boolean isComparable(ColumnType type, boolean equality) {
        return switch (type) {
            case SMALLINT, INTEGER, BIGINT, NUMERIC, REAL, DOUBLE_PRECISION, BOOLEAN, TEXT_BY_BYTES, BYTEA, UUID ->
                true;
            case TEXT -> equality;
            case DATE, TIME, TIMESTAMP, TIMESTAMPTZ, OTHER -> false;
        };
    }

    /** The parameters in one of these conditions, in the order of the text. */
    static List<Expression.Parameter> parameters(Node condition) {
        List<Expression.Parameter> parameters = new ArrayList<>();
        Deque<Node> pending = new ArrayDeque<>(List.of(condition));
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (node instanceof Expression.Parameter parameter) {
                parameters.add(parameter);
            }
            node.children().forEach(pending::push);
        }
        parameters.sort(Comparator.comparingInt(Node::start));
        return parameters;
    }
}

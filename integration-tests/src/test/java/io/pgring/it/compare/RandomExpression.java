package io.pgring.it.compare;

import io.pgring.it.compare.Fragment.Droppable;
import io.pgring.it.compare.Fragment.Simplifiable;
import io.pgring.it.compare.RandomSource.Reference;
import java.util.List;
import java.util.Set;

/**
 * Makes expressions and conditions up. Numerics all have two decimals, so that equal ones are also written alike; nothing overflows and
 * nothing is divided, since which rows an expression is evaluated for is the planner's choice.
 */
final class RandomExpression {
    private static final List<String> COMPARISONS = List.of("=", "=", "=", "<", ">", "<=", ">=", "<>");
    private static final Fragment TRUE = new Fragment.Words("true");

    private final Dice dice;

    RandomExpression(Dice dice) {
        this.dice = dice;
    }

    /** Any column of the sources; keys come more often. */
    Reference column(List<RandomSource> sources) {
        RandomSource source = dice.pick(sources);
        List<Reference> keys = source.references().stream()
                .filter(one -> source.keys().contains(one.column().name()))
                .toList();
        return !keys.isEmpty() && dice.percent(40) ? dice.pick(keys) : dice.pick(source.references());
    }

    /** An expression of the type of {@code like}, whose values are in its domain more or less. */
    Fragment scalar(List<RandomSource> sources, RandomColumn like, int depth) {
        List<Reference> ofType = ofType(sources, like.type());
        Fragment leaf = ofType.isEmpty() || dice.percent(15)
                ? dice.value(like)
                : new Fragment.Words(dice.pick(ofType).text());
        if (depth == 0 || dice.percent(60)) {
            return leaf;
        }
        return new Simplifiable(
                switch (dice.below(3)) {
                    case 0 ->
                        Fragment.of(
                                "coalesce(",
                                scalar(sources, like, depth - 1),
                                ", ",
                                scalar(sources, like, depth - 1),
                                ")");
                    case 1 ->
                        Fragment.of(
                                "CASE WHEN ",
                                condition(sources, depth - 1),
                                " THEN ",
                                scalar(sources, like, depth - 1),
                                " ELSE ",
                                leaf,
                                " END");
                    default -> ofOneArgument(like.type(), leaf);
                },
                leaf);
    }

    private Fragment ofOneArgument(ParameterType type, Fragment leaf) {
        return switch (type) {
            case INT8, INT4, INT2 -> Fragment.of("(", leaf, " % 7)");
            case NUMERIC -> Fragment.of(dice.pick(List.of("abs(", "- (", "1.00 + (")), leaf, ")");
            case TEXT -> Fragment.of(dice.pick(List.of("lower(", "upper(", "'x' || (")), leaf, ")");
            case BOOL -> Fragment.of("NOT (", leaf, ")");
            case DATE -> Fragment.of("(", leaf, " + 1)");
            case TIMESTAMPTZ, UNKNOWN, INT2_ARRAY, INT4_ARRAY, INT8_ARRAY, TEXT_ARRAY, NUMERIC_ARRAY -> leaf;
        };
    }

    /** A condition on the sources. */
    Fragment condition(List<RandomSource> sources, int depth) {
        int kind = dice.below(depth == 0 ? 9 : 14);
        return switch (kind) {
            case 0, 1, 2 -> comparison(sources);
            case 3 -> Fragment.of(column(sources).text(), dice.percent(50) ? " IS NULL" : " IS NOT NULL");
            case 4, 5 -> membership(sources);
            case 6 -> betweenColumns(sources);
            case 7 -> pattern(sources);
            case 8 -> between(sources);
            case 9 -> new Simplifiable(Fragment.of("NOT (", condition(sources, depth - 1), ")"), TRUE);
            case 10 -> Fragment.of("(", dice.some(3, " OR ", () -> condition(sources, depth - 1)), ")");
            case 11 -> Fragment.of("(", dice.some(3, " AND ", () -> condition(sources, depth - 1)), ")");
            default -> new Simplifiable(subquery(sources, depth - 1), TRUE);
        };
    }

    private Fragment comparison(List<RandomSource> sources) {
        Reference column = column(sources);
        return column.column().type() == ParameterType.BOOL
                ? Fragment.of(column.text())
                : Fragment.of(column.text(), " ", dice.pick(COMPARISONS), " ", dice.value(column.column()));
    }

    private Fragment membership(List<RandomSource> sources) {
        Reference column = column(sources);
        Fragment values = dice.some(4, ", ", () -> dice.value(column.column()));
        return switch (dice.below(3)) {
            case 0 ->
                Fragment.of(
                        column.text(),
                        " = ANY (ARRAY[",
                        values,
                        "]::",
                        column.column().type().sqlName(),
                        "[])");
            case 1 -> Fragment.of(column.text(), " NOT IN (", values, ")");
            default -> Fragment.of(column.text(), " IN (", values, ")");
        };
    }

    private Fragment betweenColumns(List<RandomSource> sources) {
        Reference column = column(sources);
        Reference other = dice.pick(ofType(sources, column.column().type()));
        return Fragment.of(column.text(), " ", dice.pick(COMPARISONS), " ", other.text());
    }

    private Fragment pattern(List<RandomSource> sources) {
        List<Reference> texts = ofType(sources, ParameterType.TEXT);
        return texts.isEmpty()
                ? comparison(sources)
                : Fragment.of(dice.pick(texts).text(), " LIKE '", dice.pick(List.of("%e%", "k1%", "_e_", "D%")), "'");
    }

    private Fragment between(List<RandomSource> sources) {
        Reference column = column(sources);
        return column.column().type() == ParameterType.BOOL
                ? Fragment.of(column.text(), " IS NOT TRUE")
                : Fragment.of(
                        column.text(), " BETWEEN ", dice.value(column.column()), " AND ", dice.value(column.column()));
    }

    private Fragment subquery(List<RandomSource> outer, int depth) {
        RandomTable table = dice.pick(RandomTable.ALL);
        RandomSource inner = table.as(dice.name("q"));
        String from = " FROM " + table.name() + " AS " + inner.alias();
        Fragment where = new Droppable(Fragment.of(" WHERE ", condition(List.of(inner), depth)));
        Reference column = column(List.of(inner));
        List<Reference> comparable = ofType(outer, column.column().type());
        if (comparable.isEmpty()) {
            return Fragment.of("EXISTS (SELECT 1", from, where, ")");
        }
        String outside = dice.pick(comparable).text();
        return switch (dice.below(4)) {
            case 0 ->
                Fragment.of(
                        dice.percent(50) ? "" : "NOT ",
                        "EXISTS (SELECT 1" + from + " WHERE " + column.text() + " = " + outside,
                        new Droppable(Fragment.of(" AND ", condition(List.of(inner), depth))),
                        ")");
            case 1 ->
                Fragment.of(
                        outside, dice.percent(70) ? " IN" : " NOT IN", " (SELECT ", column.text(), from, where, ")");
            case 2 -> Fragment.of("EXISTS (SELECT 1", from, where, ")");
            default ->
                Fragment.of(outside, " ", dice.pick(COMPARISONS), " (SELECT ", extreme(column), from, where, ")");
        };
    }

    private String extreme(Reference column) {
        String function = column.column().type() == ParameterType.BOOL ? "bool_or" : dice.percent(50) ? "max" : "min";
        return function + "(" + column.text() + ")";
    }

    /** An aggregate over the sources. */
    Fragment aggregate(List<RandomSource> sources) {
        Reference column = column(sources);
        Set<ParameterType> numbers = Set.of(ParameterType.INT4, ParameterType.INT8, ParameterType.NUMERIC);
        boolean number = numbers.contains(column.column().type());
        Fragment aggregate = Fragment.of(
                switch (dice.below(number ? 7 : 5)) {
                    case 0 -> "count(*)";
                    case 1 -> "count(" + column.text() + ")";
                    case 2 -> "count(DISTINCT " + column.text() + ")";
                    case 3 -> extreme(column);
                    case 4 -> "string_agg(" + column.text() + "::text, ',' ORDER BY " + column.text() + "::text)";
                    case 5 -> "sum(" + column.text() + ")";
                    default -> "avg(" + column.text() + ")";
                });
        return dice.percent(10)
                ? Fragment.of(aggregate, new Droppable(Fragment.of(" FILTER (WHERE ", condition(sources, 0), ")")))
                : aggregate;
    }

    /** All columns of a type. */
    static List<Reference> ofType(List<RandomSource> sources, ParameterType type) {
        return sources.stream()
                .flatMap(source -> source.references().stream())
                .filter(one -> one.column().type() == type)
                .toList();
    }
}

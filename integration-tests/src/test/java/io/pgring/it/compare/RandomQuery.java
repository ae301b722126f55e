package io.pgring.it.compare;

import io.pgring.it.compare.Fragment.Droppable;
import io.pgring.it.compare.Fragment.Listed;
import io.pgring.it.compare.Fragment.TotalOrder;
import io.pgring.it.compare.RandomSource.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes queries up whose result is determined: where there is a LIMIT, the order is total. */
final class RandomQuery {
    private static final List<String> DIRECTIONS = List.of("", "", " DESC", " NULLS FIRST", " DESC NULLS LAST");
    private static final List<String> SET_OPERATIONS =
            List.of(" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT ", " EXCEPT ALL ", " INTERSECT ALL ");
    private static final int COLUMNS_MAX = 4;

    private final Dice dice;
    private final RandomExpression expressions;

    /**
     * A query.
     *
     * @param columns of its result, those of a nested one have names of their own
     */
    record Made(Fragment text, List<RandomColumn> columns) {}

    RandomQuery(Dice dice) {
        this.dice = dice;
        this.expressions = new RandomExpression(dice);
    }

    RandomExpression expressions() {
        return expressions;
    }

    /** A query of any kind; {@code top} unless it is part of another. */
    Made make(int depth, boolean top) {
        int kind = dice.below(20);
        if (kind < 8) {
            return plain(depth, top);
        }
        if (kind < 12) {
            return grouped(depth, top);
        }
        if (kind < 14) {
            return distinct(depth, top);
        }
        if (kind < 16) {
            return windowed(depth, top);
        }
        if (kind == 16 && top) {
            return new Made(totals(depth), List.of());
        }
        if (kind == 17 && top) {
            return new Made(withCommonTable(depth), List.of());
        }
        return combined(depth, top);
    }

    private Made plain(int depth, boolean top) {
        RandomFrom from = RandomFrom.make(dice, this, depth);
        List<RandomColumn> columns = new ArrayList<>();
        List<Fragment> items = new ArrayList<>();
        for (int i = 0; i <= dice.below(COLUMNS_MAX); i++) {
            RandomColumn like = expressions.column(from.sources()).column();
            item(columns, items, like, expressions.scalar(from.sources(), like, depth), top);
        }
        return new Made(
                Fragment.of(
                        "SELECT ",
                        list(items, top),
                        " FROM ",
                        from.text(),
                        where(from, depth),
                        ordered(from, depth, top)),
                columns);
    }

    /** Names the columns of a nested query, so that others can use them; nested ones can't be dropped. */
    private void item(
            List<RandomColumn> columns, List<Fragment> items, RandomColumn like, Fragment expression, boolean top) {
        String name = dice.name("c");
        columns.add(like.as(name));
        items.add(top && dice.percent(60) ? expression : Fragment.of(expression, " AS ", name));
    }

    private static Fragment list(List<Fragment> items, boolean top) {
        return top
                ? new Listed(", ", items)
                : Fragment.of(IntStream.range(0, items.size())
                        .boxed()
                        .flatMap(i -> Stream.of(i == 0 ? "" : ", ", items.get(i)))
                        .toArray());
    }

    private Fragment where(RandomFrom from, int depth) {
        return dice.sometimes(70, () -> Fragment.of(" WHERE ", expressions.condition(from.sources(), depth)));
    }

    private Fragment ordered(RandomFrom from, int depth, boolean top) {
        boolean hasKeys =
                from.sources().stream().noneMatch(source -> source.keys().isEmpty());
        if (!hasKeys || !dice.percent(50)) {
            return Fragment.NOTHING;
        }
        Fragment first = dice.sometimes(60, () -> {
            RandomColumn like = expressions.column(from.sources()).column();
            Fragment key = expressions.scalar(from.sources(), like, depth);
            // A bare number would be the number of a column.
            return Fragment.of("coalesce(", key, ", NULL)", dice.pick(DIRECTIONS), ", ");
        });
        String keys = from.sources().stream()
                .flatMap(
                        source -> source.keys().stream().map(key -> source.alias() + "." + key + dice.pick(DIRECTIONS)))
                .collect(Collectors.joining(", "));
        return order(Fragment.of(first, keys), top);
    }

    private Fragment order(Fragment keys, boolean top) {
        Fragment order = Fragment.of(" ORDER BY ", keys, limit());
        return new Droppable(top ? new TotalOrder(order) : order);
    }

    private Fragment limit() {
        return Fragment.of(
                dice.sometimes(50, () -> Fragment.of(" LIMIT ", count())),
                dice.sometimes(20, () -> Fragment.of(" OFFSET ", count())));
    }

    private Fragment count() {
        String count = String.valueOf(dice.below(12));
        return dice.percent(30)
                ? new Fragment.Value(count, new Parameter(ParameterType.INT8, count))
                : new Fragment.Words(count);
    }

    /** Groups by columns as they are, not by expressions whose equal values may look different. */
    private Made grouped(int depth, boolean top) {
        RandomFrom from = RandomFrom.make(dice, this, depth);
        List<Reference> groups = Stream.generate(() -> expressions.column(from.sources()))
                .limit(1 + dice.below(2))
                .toList();
        String names = groups.stream().map(Reference::text).distinct().collect(Collectors.joining(", "));
        List<RandomColumn> columns = new ArrayList<>();
        List<Fragment> items = new ArrayList<>();
        groups.forEach(group -> item(columns, items, group.column(), new Fragment.Words(group.text()), top));
        Fragment aggregates = top
                ? new Droppable(Fragment.of(", ", dice.some(3, ", ", () -> expressions.aggregate(from.sources()))))
                : Fragment.of(", count(*) AS ", dice.name("c"));
        Fragment first = dice.sometimes(30, () -> Fragment.of("count(*)", dice.pick(DIRECTIONS), ", "));
        Fragment order = dice.percent(60) ? order(Fragment.of(first, names), top) : Fragment.NOTHING;
        return new Made(
                Fragment.of(
                        "SELECT ",
                        list(items, false),
                        aggregates,
                        " FROM ",
                        from.text(),
                        where(from, depth),
                        " GROUP BY ",
                        names,
                        having(from),
                        order),
                columns);
    }

    private Fragment having(RandomFrom from) {
        return dice.sometimes(30, () -> {
            String count = dice.pick(List.of(
                    "count(*)",
                    "count(DISTINCT " + expressions.column(from.sources()).text() + ")"));
            return Fragment.of(
                    " HAVING ", count, dice.pick(List.of(" > ", " < ", " = ")), String.valueOf(dice.below(5)));
        });
    }

    /** One row. */
    private Fragment totals(int depth) {
        RandomFrom from = RandomFrom.make(dice, this, depth);
        return Fragment.of(
                "SELECT ",
                dice.some(COLUMNS_MAX, ", ", () -> expressions.aggregate(from.sources())),
                " FROM ",
                from.text(),
                where(from, depth),
                having(from));
    }

    private Made distinct(int depth, boolean top) {
        RandomFrom from = RandomFrom.make(dice, this, depth);
        List<RandomColumn> columns = new ArrayList<>();
        List<Fragment> items = new ArrayList<>();
        for (int i = 0; i <= dice.below(2); i++) {
            Reference column = expressions.column(from.sources());
            item(columns, items, column.column(), new Fragment.Words(column.text()), top);
        }
        Fragment order = dice.percent(60) ? order(numbers(items.size()), top) : Fragment.NOTHING;
        return new Made(
                Fragment.of("SELECT DISTINCT ", list(items, false), " FROM ", from.text(), where(from, depth), order),
                columns);
    }

    private Fragment numbers(int count) {
        return new Fragment.Words(IntStream.rangeClosed(1, count)
                .mapToObj(i -> i + dice.pick(DIRECTIONS))
                .collect(Collectors.joining(", ")));
    }

    private Made windowed(int depth, boolean top) {
        RandomTable table = dice.pick(RandomTable.ALL);
        RandomSource source = table.as(dice.name("t"));
        RandomFrom from = new RandomFrom(Fragment.of(table.name(), " AS ", source.alias()), List.of(source));
        String keys =
                source.keys().stream().map(key -> source.alias() + "." + key).collect(Collectors.joining(", "));
        Reference part = expressions.column(List.of(source));
        Fragment partition = dice.sometimes(60, () -> Fragment.of("PARTITION BY ", part.text()));
        String function = dice.pick(List.of(
                "row_number() OVER (%s ORDER BY %k)",
                "count(*) OVER (%s)",
                "rank() OVER (%s ORDER BY " + part.text() + ")",
                "count(" + part.text() + ") OVER (%s ORDER BY %k)",
                "lag(" + part.text() + ") OVER (%s ORDER BY %k DESC)"));
        int at = function.indexOf("%s");
        Fragment window = Fragment.of(
                function.substring(0, at), partition, function.substring(at + 2).replace("%k", keys));
        List<RandomColumn> columns = new ArrayList<>();
        List<Fragment> items = new ArrayList<>();
        item(columns, items, part.column(), new Fragment.Words(part.text()), top);
        return new Made(
                Fragment.of(
                        "SELECT ",
                        list(items, false),
                        ", ",
                        window,
                        " AS ",
                        dice.name("c"),
                        ", " + keys + " FROM ",
                        from.text(),
                        where(from, depth),
                        ordered(from, depth, top)),
                columns);
    }

    /** A set operation; both sides have columns of the same types, without expressions. */
    private Made combined(int depth, boolean top) {
        RandomColumn like = dice.pick(dice.pick(RandomTable.ALL).columns());
        Fragment left = side(like, depth);
        String name = dice.name("c");
        Fragment right = side(like, depth);
        Fragment order = dice.percent(50) ? order(numbers(1), top) : Fragment.NOTHING;
        Fragment both = Fragment.of(left, dice.pick(SET_OPERATIONS), right);
        return new Made(
                top ? Fragment.of(both, order) : Fragment.of("SELECT u.c AS ", name, " FROM (", both, ") AS u(c)"),
                List.of(like.as(name)));
    }

    private Fragment side(RandomColumn like, int depth) {
        RandomFrom from = RandomFrom.make(dice, this, 0);
        List<Reference> fitting = RandomExpression.ofType(from.sources(), like.type());
        return fitting.isEmpty()
                ? Fragment.of("SELECT ", dice.value(like), "::", like.type().sqlName())
                : Fragment.of("SELECT ", dice.pick(fitting).text(), " FROM ", from.text(), where(from, depth));
    }

    private Fragment withCommonTable(int depth) {
        Made common = make(depth, false);
        RandomSource source = new RandomSource(dice.name("w"), common.columns(), List.of());
        RandomTable table = dice.pick(RandomTable.ALL);
        RandomSource other = table.as(dice.name("t"));
        List<RandomSource> both = List.of(source, other);
        Reference column = expressions.column(List.of(source));
        List<Reference> fitting =
                RandomExpression.ofType(List.of(other), column.column().type());
        Fragment join = fitting.isEmpty()
                ? Fragment.of(", ", table.name(), " AS ", other.alias())
                : Fragment.of(
                        " JOIN ",
                        table.name(),
                        " AS ",
                        other.alias(),
                        " ON ",
                        column.text(),
                        " = ",
                        dice.pick(fitting).text());
        return Fragment.of(
                "WITH ",
                source.alias(),
                dice.pick(List.of(" AS (", " AS (", " AS MATERIALIZED (")),
                common.text(),
                ") SELECT ",
                dice.percent(30)
                        ? expressions.aggregate(both)
                        : Fragment.of(expressions.column(both).text()),
                " FROM ",
                source.alias(),
                join,
                dice.sometimes(50, () -> Fragment.of(" WHERE ", expressions.condition(both, depth))));
    }
}

package io.pgring.it.compare;

import io.pgring.it.compare.RandomSource.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * A FROM clause that was made up.
 *
 * @param text what comes behind FROM
 * @param sources what it gives columns of
 */
record RandomFrom(Fragment text, List<RandomSource> sources) {
    private static final List<String> JOINS =
            List.of(" JOIN ", " JOIN ", " JOIN ", " LEFT JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN ");
    private static final List<String> LINKS =
            List.of("id=customer", "customer=id", "country=code", "code=country", "n=id");

    /** One to three tables or subqueries. */
    static RandomFrom make(Dice dice, RandomQuery queries, int depth) {
        RandomFrom from = item(dice, queries, depth);
        for (int more = dice.below(10); more >= 6; more -= 3) {
            from = join(dice, queries, from, item(dice, queries, depth), depth);
        }
        return from;
    }

    private static RandomFrom item(Dice dice, RandomQuery queries, int depth) {
        if (depth > 0 && dice.percent(12)) {
            RandomQuery.Made subquery = queries.make(depth - 1, false);
            String alias = dice.name("s");
            return new RandomFrom(
                    Fragment.of("(", subquery.text(), ") AS ", alias),
                    List.of(new RandomSource(alias, subquery.columns(), List.of())));
        }
        RandomTable table = dice.pick(RandomTable.ALL.subList(0, dice.percent(70) ? 2 : RandomTable.ALL.size()));
        String alias = dice.name("t");
        return new RandomFrom(Fragment.of(table.name(), " AS ", alias), List.of(table.as(alias)));
    }

    private static RandomFrom join(Dice dice, RandomQuery queries, RandomFrom left, RandomFrom right, int depth) {
        List<RandomSource> sources = new ArrayList<>(left.sources());
        sources.addAll(right.sources());
        String equality = equality(dice, left.sources(), right.sources());
        if (equality.isEmpty()) {
            return new RandomFrom(Fragment.of(left.text(), " CROSS JOIN ", right.text()), sources);
        }
        String kind = dice.pick(JOINS);
        // A FULL JOIN wants conditions that can be merged or hashed.
        Fragment more = kind.contains("FULL")
                ? Fragment.NOTHING
                : dice.sometimes(
                        20, () -> Fragment.of(" AND ", queries.expressions().condition(sources, depth)));
        return new RandomFrom(Fragment.of(left.text(), kind, right.text(), " ON " + equality, more), sources);
    }

    private static String equality(Dice dice, List<RandomSource> left, List<RandomSource> right) {
        List<String> likely = new ArrayList<>();
        List<String> possible = new ArrayList<>();
        for (RandomSource source : left) {
            for (Reference one : source.references()) {
                for (Reference other :
                        RandomExpression.ofType(right, one.column().type())) {
                    String pair = one.column().name() + "=" + other.column().name();
                    boolean isKey = source.keys().contains(one.column().name());
                    (LINKS.contains(pair) || isKey ? likely : possible).add(one.text() + " = " + other.text());
                }
            }
        }
        List<String> from = !likely.isEmpty() && dice.percent(80) ? likely : possible;
        return from.isEmpty() ? "" : dice.pick(from);
    }
}

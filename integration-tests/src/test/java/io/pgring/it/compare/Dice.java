package io.pgring.it.compare;

import io.pgring.it.compare.Fragment.Value;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The only source of chance of a random statement, and of the names in it. */
final class Dice {
    private static final int PERCENT = 100;

    private final Random random;
    private int names;

    Dice(long seed) {
        this.random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean percent(int chance) {
        return random.nextInt(PERCENT) < chance;
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Something or nothing, droppable. */
    Fragment sometimes(int percent, Supplier<Fragment> part) {
        return percent(percent) ? new Fragment.Droppable(part.get()) : Fragment.NOTHING;
    }

    /** One to {@code most} of them, droppable down to one. */
    Fragment some(int most, String separator, Supplier<Fragment> item) {
        return new Fragment.Listed(
                separator,
                IntStream.rangeClosed(0, random.nextInt(most))
                        .mapToObj(i -> item.get())
                        .toList());
    }

    /** A name that the statement doesn't have yet. */
    String name(String prefix) {
        names++;
        return prefix + names;
    }

    /** A value of a column, never NULL. */
    Value value(RandomColumn column) {
        String text = pick(column.values());
        return new Value(literal(column.type(), text), new Parameter(column.type(), text));
    }

    private String literal(ParameterType type, String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return switch (type) {
            case INT2, INT4, INT8, NUMERIC -> percent(80) ? text : quoted + "::" + type.sqlName();
            case BOOL -> text;
            case TEXT -> percent(80) ? quoted : quoted + "::text";
            case DATE, TIMESTAMPTZ -> type.sqlName() + " " + quoted;
            case UNKNOWN -> quoted;
            case INT2_ARRAY, INT4_ARRAY, INT8_ARRAY, TEXT_ARRAY, NUMERIC_ARRAY -> quoted + "::" + type.sqlName();
        };
    }
}

package io.pgring.pgsql.spread;

/** LIMIT and OFFSET of a statement. */
public record RowLimit(Bound limit, Bound offset) {
    /** A number of rows. */
    public sealed interface Bound {
        /** The clause is not there. */
        record None() implements Bound {}

        /** The number stands in the statement. */
        record Constant(long rows) implements Bound {}

        /** The number is the value of a parameter, counted from 1. */
        record Parameter(int number) implements Bound {}
    }
}

package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.KeyCast;

/** Where the value of a key is found in one execution of a plan. */
public sealed interface KeySource {

    /**
     * A literal of the text.
     *
     * @param index its place among the literals of the whole text, from 0
     * @param cast the type that it is cast to
     * @param negated whether a minus sign stands before it
     */
    record Literal(int index, KeyCast cast, boolean negated) implements KeySource {}

    /**
     * A literal that is the same in every text of the plan.
     *
     * @param token its token, unsigned
     */
    record Constant(int token) implements KeySource {}

    /** In the value of a parameter. */
    sealed interface InBind extends KeySource {
        /** Of the parameter, from 0. */
        int index();
    }

    /**
     * A parameter.
     *
     * @param index from 0
     * @param cast the type that it is cast to, and has unless declared otherwise
     */
    record Parameter(int index, KeyCast cast) implements InBind {}

    /**
     * The elements of an array in a literal of the text.
     *
     * @param index its place among the literals of the whole text, from 0
     * @param cast the type that the elements are cast to
     */
    record ArrayLiteral(int index, KeyCast cast) implements KeySource {}

    /**
     * The elements of an array parameter.
     *
     * @param index from 0
     * @param cast the type that the elements are cast to, and have unless declared otherwise
     */
    record ArrayParameter(int index, KeyCast cast) implements InBind {}
}

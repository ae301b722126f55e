package io.pgring.proxy.routing;

/** Where the value of a key is found in one execution of a plan. */
public sealed interface KeySource {

    /**
     * A literal of the text.
     *
     * @param index its place among the literals of the whole text, from 0
     * @param castToText it is text whatever its notation
     */
    record Literal(int index, boolean castToText) implements KeySource {}

    /**
     * A literal that is the same in every text of the plan.
     *
     * @param token its token, unsigned
     */
    record Constant(int token) implements KeySource {}

    /**
     * A parameter.
     *
     * @param index from 0
     * @param castToText it is text unless declared otherwise
     */
    record Parameter(int index, boolean castToText) implements KeySource {}
}

package io.pgring.pgsql.tree;

/**
 * SHOW.
 *
 * @param name lower case, as in {@link SetVariable}; {@code transaction_isolation} for TRANSACTION ISOLATION LEVEL; {@code all} for ALL
 */
public record Show(String name, int start, int end) implements Statement {}

package io.pgring.pgsql.tree;

import org.jspecify.annotations.Nullable;

/**
 * CLOSE.
 *
 * @param name null for ALL
 */
public record CloseCursor(@Nullable Name name, int start, int end) implements Statement {}

package io.pgring.pgsql.tree;

import org.jspecify.annotations.Nullable;

/**
 * DEALLOCATE.
 *
 * @param name null for ALL
 */
public record Deallocate(@Nullable Name name, int start, int end) implements Statement {}

package io.pgring.pgsql.tree;

import org.jspecify.annotations.Nullable;

/**
 * UNLISTEN.
 *
 * @param channel null for *
 */
public record Unlisten(@Nullable Name channel, int start, int end) implements Statement {}

package io.pgring.pgsql.tree;

/** LISTEN. */
public record Listen(Name channel, int start, int end) implements Statement {}

package io.pgring.pgsql.tree;

/** No token at all: PostgreSQL answers EmptyQueryResponse. */
public record Empty(int start, int end) implements Statement {}

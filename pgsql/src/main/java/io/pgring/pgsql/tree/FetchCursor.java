package io.pgring.pgsql.tree;

/** FETCH or MOVE. */
public record FetchCursor(Name name, boolean move, int start, int end) implements Statement {}

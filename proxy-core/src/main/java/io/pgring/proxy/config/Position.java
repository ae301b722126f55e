package io.pgring.proxy.config;

/** A place in a text file; line and column count from 1. */
public record Position(int line, int column) {
    /** No place in particular. */
    public static final Position NONE = new Position(0, 0);
}

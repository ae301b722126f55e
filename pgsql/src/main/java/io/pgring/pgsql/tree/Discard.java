package io.pgring.pgsql.tree;

/** DISCARD. */
public record Discard(Target target, int start, int end) implements Statement {
    /** What is thrown away. */
    public enum Target {
        ALL,
        PLANS,
        SEQUENCES,
        TEMP
    }
}

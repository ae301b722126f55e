package io.pgring.pgsql.tree;

import java.util.List;

/**
 * FOR UPDATE and its kin.
 *
 * @param of the aliases named after OF, empty for all
 */
public record Locking(Strength strength, List<QualifiedName> of, OnLocked onLocked, int start, int end)
        implements Node {
    /** How strong, in PostgreSQL's words. */
    public enum Strength {
        UPDATE,
        NO_KEY_UPDATE,
        SHARE,
        KEY_SHARE
    }

    /** What is done about a row that another transaction has locked. */
    public enum OnLocked {
        WAIT,
        SKIP_LOCKED,
        NOWAIT
    }

    public Locking {
        of = List.copyOf(of);
    }

    @Override
    public List<Node> children() {
        return List.of();
    }
}

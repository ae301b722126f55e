package io.pgring.pgsql.tree;

import java.util.List;

/** TRUNCATE. */
public record Truncate(List<QualifiedName> tables, boolean cascade, boolean restartIdentity, int start, int end)
        implements Statement {
    public Truncate {
        tables = List.copyOf(tables);
    }
}

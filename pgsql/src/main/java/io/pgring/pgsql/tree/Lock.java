package io.pgring.pgsql.tree;

import java.util.List;

/** LOCK TABLE. */
public record Lock(List<QualifiedName> tables, int start, int end) implements Statement {
    public Lock {
        tables = List.copyOf(tables);
    }
}

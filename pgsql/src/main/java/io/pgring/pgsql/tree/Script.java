package io.pgring.pgsql.tree;

import java.util.List;

/** The statements of one text, in order. Gaps between semicolons are left out; a text of nothing else is one {@link Empty}. */
public record Script(List<Statement> statements) {
    public Script {
        statements = List.copyOf(statements);
    }
}

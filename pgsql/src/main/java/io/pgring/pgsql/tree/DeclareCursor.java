package io.pgring.pgsql.tree;

import java.util.List;

/** DECLARE name CURSOR FOR query. */
public record DeclareCursor(Name name, boolean hold, boolean scroll, boolean binary, Select query, int start, int end)
        implements Statement {
    @Override
    public List<Node> children() {
        return List.of(query);
    }
}

package io.pgring.pgsql.tree;

import java.util.List;

/**
 * EXPLAIN.
 *
 * @param analyze whether the statement is also run
 */
public record Explain(boolean analyze, Statement statement, int start, int end) implements Statement {
    @Override
    public List<Node> children() {
        return List.of(statement);
    }
}

package io.pgring.pgsql.tree;

import java.util.List;

/**
 * EXPLAIN.
 *
 * @param analyze whether the statement is also run
 * @param text whether the plan comes as text, and not as JSON or the like
 */
public record Explain(boolean analyze, boolean text, Statement statement, int start, int end) implements Statement {
    @Override
    public List<Node> children() {
        return List.of(statement);
    }
}

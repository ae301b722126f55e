package io.pgring.pgsql.tree;

import java.util.List;

/** CALL procedure(arguments). */
public record Call(Expression.FunctionCall procedure, int start, int end) implements Statement {
    @Override
    public List<Node> children() {
        return List.of(procedure);
    }
}

package io.pgring.pgsql.tree;

import java.util.List;

/** EXECUTE name (arguments). */
public record ExecuteStatement(Name name, List<Expression> arguments, int start, int end) implements Statement {
    public ExecuteStatement {
        arguments = List.copyOf(arguments);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(arguments);
    }
}

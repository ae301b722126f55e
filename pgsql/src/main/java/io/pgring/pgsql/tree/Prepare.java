package io.pgring.pgsql.tree;

import java.util.List;

/**
 * PREPARE name AS statement. Parameters of the inner statement are those of EXECUTE, not of the message Bind.
 *
 * @param types declared types of the first parameters
 */
public record Prepare(Name name, List<TypeName> types, Statement statement, int start, int end) implements Statement {
    public Prepare {
        types = List.copyOf(types);
    }

    @Override
    public List<Node> children() {
        return List.of(statement);
    }
}

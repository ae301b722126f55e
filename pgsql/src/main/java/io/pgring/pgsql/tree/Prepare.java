package io.pgring.pgsql.tree;

import java.util.List;

/** PREPARE name AS statement. Parameters of the inner statement are those of EXECUTE, not of the message Bind. */
public record Prepare(Name name, Statement statement, int start, int end) implements Statement {
    @Override
    public List<Node> children() {
        return List.of(statement);
    }
}

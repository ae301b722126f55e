package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * COPY. Exactly one of {@code table} and {@code query} is there.
 *
 * @param query SELECT, INSERT, UPDATE or DELETE in parentheses
 * @param optionsStart byte offset after the source or destination; options run from here to {@code where} or the end
 */
public record Copy(
        @Nullable QualifiedName table,
        List<Name> columns,
        @Nullable Statement query,
        boolean from,
        Endpoint endpoint,
        @Nullable Expression where,
        int optionsStart,
        int start,
        int end)
        implements Statement {
    /** Where the rows come from or go to. */
    public enum Endpoint {
        /** STDIN or STDOUT: the client. */
        CLIENT,
        /** A file of the server. */
        FILE,
        /** A program on the server. */
        PROGRAM
    }

    public Copy {
        columns = List.copyOf(columns);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(query, where);
    }
}

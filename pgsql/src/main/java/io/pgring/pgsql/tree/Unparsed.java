package io.pgring.pgsql.tree;

import java.util.List;

/**
 * A statement that this parser does not understand. It may be valid for PostgreSQL.
 *
 * @param reason what was met
 * @param position byte offset where
 * @param identifiers every identifier in it, keywords included
 * @param strings every string literal in it, decoded
 */
public record Unparsed(String reason, int position, List<Name> identifiers, List<String> strings, int start, int end)
        implements Statement {
    public Unparsed {
        identifiers = List.copyOf(identifiers);
        strings = List.copyOf(strings);
    }
}

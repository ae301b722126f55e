package io.pgring.pgsql.tree;

import java.util.List;

/**
 * A utility or definition statement that is known by its words alone.
 *
 * @param keywords its leading words in lower case, as many as are unquoted identifiers, at most 4: {@code [create, temp, table, t]}
 * @param identifiers every identifier in it, keywords included
 * @param strings every string literal in it, decoded
 */
public record Other(List<String> keywords, List<Name> identifiers, List<String> strings, int start, int end)
        implements Statement {
    public Other {
        keywords = List.copyOf(keywords);
        identifiers = List.copyOf(identifiers);
        strings = List.copyOf(strings);
    }

    /** The first word, which names the command. */
    public String command() {
        return keywords.isEmpty() ? "" : keywords.get(0);
    }
}

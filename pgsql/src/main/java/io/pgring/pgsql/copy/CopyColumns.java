package io.pgring.pgsql.copy;

import java.util.List;

/**
 * The columns that an option names.
 *
 * @param all a star stands for them
 */
public record CopyColumns(List<String> names, boolean all) {
    static final CopyColumns NONE = new CopyColumns(List.of(), false);

    public CopyColumns {
        names = List.copyOf(names);
    }

    /** Whether a column is one of them. */
    public boolean contains(String column) {
        return all || names.contains(column);
    }
}

package io.pgring.it.compare;

import java.util.List;

/**
 * What expressions may take columns of.
 *
 * @param keys columns that no two rows share; empty if that is not known
 */
record RandomSource(String alias, List<RandomColumn> columns, List<String> keys) {
    /** A column of a source, as an expression names it. */
    record Reference(String text, RandomColumn column) {}

    /** All its columns. */
    List<Reference> references() {
        return columns.stream()
                .map(column -> new Reference(alias + "." + column.name(), column))
                .toList();
    }
}

package io.pgring.pgsql.spread;

import io.pgring.pgsql.spread.StoredColumn.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The part of an INSERT that takes rows which come as one parameter: an array of the table's own type. */
final class WrittenRows {
    private WrittenRows() {}

    /**
     * What stands behind the table and its alias.
     *
     * @param columns of the rows
     * @param table schema and name, as SQL
     * @param parameter its number
     */
    static String sql(List<Optional<StoredColumn>> columns, String table, int parameter) {
        List<StoredColumn> given = columns.stream().flatMap(Optional::stream).toList();
        String list = given.stream().map(column -> Names.quoted(column.name())).collect(Collectors.joining(", "));
        String taken =
                given.stream().map(column -> "r." + Names.quoted(column.name())).collect(Collectors.joining(", "));
        boolean overrides = given.stream().anyMatch(column -> column.kind() == Kind.IDENTITY);
        return " (" + list + ")" + (overrides ? " OVERRIDING SYSTEM VALUE" : "") + " SELECT " + taken
                + " FROM pg_catalog.unnest($" + parameter + "::" + table + "[]) AS r ";
    }
}

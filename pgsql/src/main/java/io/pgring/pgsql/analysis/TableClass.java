package io.pgring.pgsql.analysis;

import java.util.List;

/** A table that needs care. */
public sealed interface TableClass {
    String schema();

    String name();

    /**
     * Rows are spread by key.
     *
     * @param columns all columns in table order, for INSERT without a column list and for column aliases
     */
    record Sharded(String schema, String name, String keyColumn, List<String> columns) implements TableClass {
        public Sharded {
            columns = List.copyOf(columns);
        }

        /** {@code schema.name}, for messages. */
        public String qualifiedName() {
            return schema + "." + name;
        }
    }

    /**
     * A view, a table with a trigger and the like, behind which a sharded table hides.
     *
     * @param reason a sentence for a DETAIL field
     */
    record Hiding(String schema, String name, String reason) implements TableClass {}
}

package io.pgring.pgsql.analysis;

import java.util.Collections;
import java.util.List;
import java.util.Set;

/** A table that needs care. */
public sealed interface TableClass {
    String schema();

    String name();

    /**
     * Rows are spread by key. Two tables with keys of one type are co-located: rows with equal keys are on one shard.
     *
     * @param columns all columns in table order, for INSERT without a column list and for column aliases
     * @param types of the columns, in the same order
     * @param drawnColumns whose default the home shard alone may compute: it draws from a sequence, or calls a function that may
     * @param shortensKeys whether a key may be stored without trailing spaces: {@code varchar(n)}
     * @param primaryKey the columns of the primary key, on which all others depend; empty when there is none that holds at every moment
     */
    record Sharded(
            String schema,
            String name,
            String keyColumn,
            List<String> columns,
            List<ColumnType> types,
            Set<String> drawnColumns,
            boolean shortensKeys,
            Set<String> primaryKey)
            implements TableClass {
        public Sharded {
            columns = List.copyOf(columns);
            types = List.copyOf(types);
            drawnColumns = Set.copyOf(drawnColumns);
            primaryKey = Set.copyOf(primaryKey);
            if (columns.size() != types.size()) {
                throw new IllegalArgumentException("as many types as columns are needed");
            }
        }

        /** A table without defaults that matter, and without a primary key. */
        public Sharded(String schema, String name, String keyColumn, List<String> columns, List<ColumnType> types) {
            this(schema, name, keyColumn, columns, types, Set.of(), false, Set.of());
        }

        /** A table of whose columns the names alone are known. */
        public Sharded(String schema, String name, String keyColumn, List<String> columns) {
            this(schema, name, keyColumn, columns, Collections.nCopies(columns.size(), ColumnType.OTHER));
        }

        /** {@code schema.name}, for messages. */
        public String qualifiedName() {
            return schema + "." + name;
        }

        /** The type of a column; {@link ColumnType#OTHER} when there is none of the name. */
        public ColumnType typeOf(String column) {
            int index = columns.indexOf(column);
            return index < 0 ? ColumnType.OTHER : types.get(index);
        }

        /** Whether rows of both with equal keys are surely on one shard. */
        public boolean isColocatedWith(Sharded other) {
            return equals(other) || (keyType() != ColumnType.OTHER && keyType() == other.keyType());
        }

        /** The type of the key column. */
        public ColumnType keyType() {
            return typeOf(keyColumn);
        }
    }

    /** Every shard has a full copy: read anywhere, written everywhere. */
    record Reference(String schema, String name) implements TableClass {}

    /**
     * A view, a table with a trigger and the like, behind which a sharded table hides.
     *
     * @param reason a sentence for a DETAIL field
     * @param gatherable whether it is a view that has its like in the schema {@code pgring_gather} of the home shard
     */
    record Hiding(String schema, String name, String reason, boolean gatherable) implements TableClass {
        /** One that can't be gathered. */
        public Hiding(String schema, String name, String reason) {
            this(schema, name, reason, false);
        }
    }
}

package io.pgring.proxy.topology;

import io.pgring.proxy.config.TableConfiguration;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a server can't keep for a table whose rows are on several of them. A server checks its own rows alone:
 *
 * <ul>
 *   <li>a unique or exclusion constraint needs the key column, compared by equality, so that all rows that may conflict are on one shard;
 *   <li>a foreign key from a sharded table needs the row it points to on the same shard: in a reference table, or in a sharded table whose
 *       key column it joins with its own;
 *   <li>a foreign key from a reference table can't point to a sharded table, nor to a home table, of which the other shards have no copy.
 *       One from a home table to a sharded one is no matter of the sharded table: it hides it, so that the home table is refused;
 *   <li>a table that inherits from another, or is a partition of it, would put one server's rows into a read of that. Partitions of a
 *       sharded table are taken: their rows go with it, their constraints are looked at as its own, and whoever names them is refused;
 *   <li>a column of a reference table whose default is computed, by a sequence or a function that is not immutable, would have another value
 *       on each server.
 * </ul>
 *
 * Blocks: for control threads.
 */
final class ConstraintCheck {
    /** Each listed table with its key column, and what inherits from it. */
    private static final String FAMILY = """
            WITH RECURSIVE listed AS (
                SELECT pg_catalog.to_regclass(pg_catalog.format('%I.%I', t.schema, t.name))::oid AS root, t.key
                FROM ROWS FROM (pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[]))
                    AS t(schema, name, key)
            ), family AS (
                SELECT root AS oid, root, key FROM listed WHERE root IS NOT NULL
                UNION
                SELECT i.inhrelid, f.root, f.key FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid
            )
            """;

    private static final String INDEXES = FAMILY + """
            SELECT f.oid::regclass, i.relname, f.key, x.indisprimary, x.indisexclusion
            FROM family f
            JOIN pg_catalog.pg_index x ON x.indrelid = f.oid AND (x.indisunique OR x.indisexclusion)
            JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
            LEFT JOIN pg_catalog.pg_constraint o ON o.conindid = x.indexrelid AND o.contype = 'x'
            WHERE f.key IS NOT NULL AND NOT EXISTS (
                SELECT FROM pg_catalog.generate_series(0, x.indnkeyatts - 1) AS n
                JOIN pg_catalog.pg_attribute a ON a.attrelid = f.oid AND a.attnum = x.indkey[n] AND a.attname = f.key
                LEFT JOIN pg_catalog.pg_collation l ON l.oid = x.indcollation[n]
                LEFT JOIN pg_catalog.pg_operator e ON e.oid = o.conexclop[n + 1]
                WHERE coalesce(l.collisdeterministic, true) AND coalesce(e.oprname, '=') = '=')
            ORDER BY 1, 2
            """;

    private static final String FOREIGN_KEYS = FAMILY + """
            SELECT c.conrelid::regclass, c.confrelid::regclass, c.conname,
                   h.root IS NOT NULL, h.key, t.root IS NOT NULL, t.key, c.confdeltype IN ('n', 'd'),
                   (SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.n)
                    FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY AS k(attnum, n)
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum),
                   (SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.n)
                    FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY AS k(attnum, n)
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum),
                   (SELECT pg_catalog.format_type(a.atttypid, NULL) FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = c.conrelid AND a.attname = h.key),
                   (SELECT pg_catalog.format_type(a.atttypid, NULL) FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = c.confrelid AND a.attname = t.key)
            FROM pg_catalog.pg_constraint c
            LEFT JOIN family h ON h.oid = c.conrelid
            LEFT JOIN family t ON t.oid = c.confrelid
            WHERE c.contype = 'f' AND c.conparentid = 0 AND (h.root IS NOT NULL OR t.root IS NOT NULL)
            ORDER BY 1, 3
            """;

    private static final String PARENTS = FAMILY + """
            SELECT l.root::regclass, i.inhparent::regclass
            FROM listed l
            JOIN pg_catalog.pg_inherits i ON i.inhrelid = l.root
            WHERE NOT EXISTS (
                SELECT FROM listed p WHERE p.root = i.inhparent AND p.key IS NOT DISTINCT FROM l.key)
            ORDER BY 1, 2
            """;

    private static final String DEFAULTS = FAMILY + """
            SELECT f.oid::regclass, a.attname
            FROM family f
            JOIN pg_catalog.pg_attribute a ON a.attrelid = f.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = f.oid AND d.adnum = a.attnum AND a.attgenerated = ''
            WHERE f.key IS NULL AND (a.attidentity <> ''
                OR d.adbin::text LIKE '%{SQLVALUEFUNCTION %'
                OR EXISTS (
                    SELECT FROM pg_catalog.regexp_matches(d.adbin::text, ':(?:op)?funcid ([0-9]+)', 'g') AS m(match)
                    JOIN pg_catalog.pg_proc p ON p.oid = m.match[1]::oid AND p.provolatile <> 'i'))
            ORDER BY 1, a.attnum
            """;

    private final Connection connection;
    private final List<TableConfiguration> tables;

    /** @param tables the sharded and reference tables */
    ConstraintCheck(Connection connection, List<TableConfiguration> tables) {
        this.connection = connection;
        this.tables = tables;
    }

    /** One end of a foreign key: a table, its key column, that column's type. */
    private record End(
            String table,
            boolean distributed,
            @Nullable String key,
            @Nullable String keyType) {
        boolean isSharded() {
            return key != null;
        }

        boolean isReference() {
            return distributed && key == null;
        }

        String kind() {
            return (isSharded() ? "sharded" : isReference() ? "reference" : "unsharded") + " table " + table;
        }
    }

    /** @param problems is added what is found: table, constraint and what to do */
    void check(List<String> problems) throws SQLException {
        query(INDEXES, row -> {
            String kind =
                    row.getBoolean(4) ? "primary key" : row.getBoolean(5) ? "exclusion constraint" : "unique index";
            problems.add("table " + row.getString(1) + ": " + kind + " " + row.getString(2)
                    + " does not compare the key column " + row.getString(3) + " by equality, so no shard could keep it"
                    + " for the rows of all: add the column to it, or drop it");
        });
        query(FOREIGN_KEYS, row -> checkForeignKey(row, problems));
        query(
                PARENTS,
                row -> problems.add("table " + row.getString(1) + " inherits from " + row.getString(2)
                        + ", a read of which would find one server's rows of it: shard " + row.getString(2)
                        + " by the same column instead, or detach the table from it"));
        query(
                DEFAULTS,
                row -> problems.add("reference table " + row.getString(1) + ": the default of column "
                        + row.getString(2) + " is computed, by each shard for itself: make it a constant, or drop it"));
    }

    private static void checkForeignKey(ResultSet row, List<String> problems) throws SQLException {
        End from = new End(row.getString(1), row.getBoolean(4), row.getString(5), row.getString(11));
        End to = new End(row.getString(2), row.getBoolean(6), row.getString(7), row.getString(12));
        String constraint = "table " + from.table() + ": foreign key " + row.getString(3);
        if (to.isReference() || !from.distributed()) {
            return;
        }
        if (!from.isSharded() || !to.isSharded()) {
            problems.add(constraint + " goes from " + from.kind() + " to " + to.kind()
                    + ", whose rows are not all on one server: drop it, or make " + to.table() + " a reference table");
        } else if (!joinsKeys(from, to, row.getArray(9), row.getArray(10))) {
            problems.add(constraint + " does not join the key columns " + from.table() + "." + from.key() + " and "
                    + to.table() + "." + to.key() + " (of one type), so the row it points to may be on another shard:"
                    + " add them to it, drop it, or make " + to.table() + " a reference table");
        } else if (row.getBoolean(8)) {
            problems.add(constraint + " would set the key column " + from.key()
                    + " to another value without moving the row: use ON DELETE CASCADE, RESTRICT or NO ACTION");
        }
    }

    private static boolean joinsKeys(End from, End to, Array fromColumns, Array toColumns) throws SQLException {
        String[] columns = (String[]) fromColumns.getArray();
        String[] others = (String[]) toColumns.getArray();
        for (int i = 0; i < columns.length; i++) {
            if (columns[i].equals(from.key()) && others[i].equals(to.key())) {
                KeyType type = KeyType.ofTypeName(String.valueOf(from.keyType()));
                return type != null && type == KeyType.ofTypeName(String.valueOf(to.keyType()));
            }
        }
        return false;
    }

    private interface RowUse {
        void use(ResultSet row) throws SQLException;
    }

    private void query(String sql, RowUse use) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(
                    1, array(tables.stream().map(TableConfiguration::schema).toArray()));
            statement.setArray(
                    2, array(tables.stream().map(TableConfiguration::name).toArray()));
            statement.setArray(
                    3, array(tables.stream().map(TableConfiguration::keyColumn).toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    use.use(row);
                }
            }
        }
    }

    private Array array(@Nullable Object[] elements) throws SQLException {
        return connection.createArrayOf("text", elements);
    }
}

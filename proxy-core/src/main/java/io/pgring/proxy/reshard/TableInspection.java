package io.pgring.proxy.reshard;

import io.pgring.proxy.reshard.MovedTable.KeyColumn;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads from a shard what moving the rows of a table follows from. */
final class TableInspection {
    private static final String KEY = """
            SELECT pg_catalog.format('%%I', a.attname), pg_catalog.format_type(a.atttypid, -1)
            FROM pg_catalog.pg_constraint c
            CROSS JOIN LATERAL pg_catalog.unnest(c.conkey) WITH ORDINALITY AS k(attnum, n)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
            WHERE c.contype = 'p' AND NOT c.condeferrable AND c.conrelid = %s::pg_catalog.regclass
            ORDER BY k.n
            """;

    private static final String COLUMNS = """
            SELECT pg_catalog.format('%%I', a.attname), a.attgenerated = ''
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = %s::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;

    private static final String FAMILY = """
            WITH RECURSIVE family AS (
                SELECT %s::pg_catalog.regclass::oid AS oid
                UNION SELECT i.inhrelid FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid
            )
            SELECT pg_catalog.format('%%I.%%I', n.nspname, c.relname)
            FROM family f JOIN pg_catalog.pg_class c ON c.oid = f.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            ORDER BY f.oid
            """;

    /** Schemas of the operators that compare keys, so that their names are found. */
    private static final String OPERATOR_SCHEMAS = """
            SELECT DISTINCT n.nspname
            FROM pg_catalog.pg_index x
            CROSS JOIN LATERAL pg_catalog.unnest(x.indclass::oid[]) AS k(opclass)
            JOIN pg_catalog.pg_opclass c ON c.oid = k.opclass
            JOIN pg_catalog.pg_amop m ON m.amopfamily = c.opcfamily
            JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr
            JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
            WHERE x.indrelid = %s::pg_catalog.regclass AND x.indisprimary AND n.nspname <> 'pg_catalog'
            """;

    private TableInspection() {}

    /** The tables, in their order; the connection finds the operators that they need. */
    static List<MovedTable> read(ShardSession session, List<ShardedTable> tables)
            throws SQLException, MoveRefusedException {
        List<MovedTable> moved = new ArrayList<>();
        for (ShardedTable table : tables) {
            moved.add(read(session, table));
        }
        return moved;
    }

    /**
     * What is there of the tables, for rows to be deleted: what somebody has dropped on the shard has none, and a table without a primary key has an
     * empty one here.
     */
    static List<MovedTable> readRest(ShardSession session, List<ShardedTable> tables) throws SQLException {
        List<MovedTable> rest = new ArrayList<>();
        for (ShardedTable table : tables) {
            if (isThere(session, table)) {
                rest.add(new MovedTable(table, key(session, table), List.of(), List.of(), List.of()));
            }
        }
        return rest;
    }

    /** Lets names of operators be found that are not PostgreSQL's own: those by which keys of users' types are compared. */
    static void findOperators(ShardSession session, List<MovedTable> tables) throws SQLException {
        TreeSet<String> schemas = new TreeSet<>();
        for (MovedTable table : tables) {
            for (List<@Nullable String> row : session.rows(OPERATOR_SCHEMAS.formatted(regclass(table.table())))) {
                schemas.add(Objects.requireNonNull(row.get(0)));
            }
        }
        StringBuilder path = new StringBuilder("pg_catalog");
        schemas.forEach(schema -> path.append(", ").append(GatherNames.quote(schema)));
        session.execute("SET search_path = " + path);
    }

    private static MovedTable read(ShardSession session, ShardedTable table) throws SQLException, MoveRefusedException {
        String name = regclass(table);
        if (!isThere(session, table)) {
            throw new MoveRefusedException("table " + table.qualifiedName() + " is not on shard \""
                    + session.shard().name() + "\"");
        }
        List<KeyColumn> key = key(session, table);
        String keyColumn = GatherNames.quote(table.definition().keyColumn());
        if (key.stream().noneMatch(column -> unquoted(column.name()).equals(unquoted(keyColumn)))) {
            throw new MoveRefusedException("table " + table.qualifiedName()
                    + " has no primary key that includes its key column and is not deferrable");
        }
        List<String> written = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        for (List<@Nullable String> row : session.rows(COLUMNS.formatted(name))) {
            columns.add(text(row, 0));
            if (text(row, 1).equals("t")) {
                written.add(text(row, 0));
            }
        }
        List<String> family = session.rows(FAMILY.formatted(name)).stream()
                .map(row -> text(row, 0))
                .toList();
        return new MovedTable(table, key, written, columns, family);
    }

    private static boolean isThere(ShardSession session, ShardedTable table) throws SQLException {
        return session.value("SELECT pg_catalog.to_regclass(" + regclass(table) + ")") != null;
    }

    private static List<KeyColumn> key(ShardSession session, ShardedTable table) throws SQLException {
        List<KeyColumn> key = new ArrayList<>();
        for (List<@Nullable String> row : session.rows(KEY.formatted(regclass(table)))) {
            key.add(new KeyColumn(text(row, 0), text(row, 1)));
        }
        return key;
    }

    /** As a string constant of a quoted name. */
    static String regclass(ShardedTable table) {
        return ShardSession.literal(GatherNames.quote(
                table.definition().schema(), table.definition().name()));
    }

    private static String unquoted(String identifier) {
        return identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
                : identifier;
    }

    private static String text(List<@Nullable String> row, int column) {
        return Objects.requireNonNull(row.get(column));
    }
}

package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.spread.StoredColumn;
import io.pgring.proxy.config.TableConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a server which tables are sharded or reference tables, as configured, and which views, functions and other objects hide them:
 * one that reads a sharded table sees the rows of its own server alone, and one that writes to a reference table would change one copy
 * alone, so it must not be used unawares. Blocks: for control threads.
 */
final class CatalogLoader {
    private static final String TRIGGERS = """
            SELECT n.nspname, c.relname, p.proname
            FROM pg_catalog.pg_trigger t
            JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal
            """;

    /** What a gathered read of a table or view follows from, beside the columns. */
    private static final String DEFINITIONS = """
            SELECT pg_catalog.format('%I.%I %s %s %s', n.nspname, c.relname, c.relowner, c.relrowsecurity,
                CASE WHEN c.relkind = 'v' THEN pg_catalog.md5(pg_catalog.pg_get_viewdef(c.oid)) END)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname || '.' || c.relname = ANY (?::text[])
            ORDER BY 1
            """;

    private static final String INDEXES = """
            SELECT n.nspname || '.' || i.relname, m.nspname || '.' || c.relname
            FROM pg_catalog.pg_index x
            JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
            JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
            JOIN pg_catalog.pg_namespace m ON m.oid = c.relnamespace
            WHERE m.nspname || '.' || c.relname = ANY (?::text[])
            """;

    private static final String PRIMARY_KEY = """
            SELECT a.attname
            FROM pg_catalog.pg_constraint c
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
            WHERE c.contype = 'p' AND NOT c.condeferrable
              AND c.conrelid = pg_catalog.to_regclass(pg_catalog.format('%I.%I', ?::text, ?::text))
            """;

    private final Connection connection;

    CatalogLoader(Connection connection) {
        this.connection = connection;
    }

    /**
     * Reads the catalog.
     *
     * @param problems is added why a table can't be sharded as configured
     */
    Catalog load(DeclaredTables declared, List<String> problems) throws SQLException {
        List<TableConfiguration> tables = declared.settled();
        List<ShardedTable> sharded = new ArrayList<>();
        List<ReferenceTable> references = new ArrayList<>();
        Map<String, String> pinned = new PinnedTables(connection).reasons(tables);
        for (TableConfiguration table : tables) {
            List<ColumnLoader.Column> columns = new ColumnLoader(connection).load(table.schema(), table.name());
            if (columns.isEmpty()) {
                problems.add("table " + table.qualifiedName() + " does not exist");
            } else if (table.isReference()) {
                references.add(new ReferenceTable(
                        new TableClass.Reference(table.schema(), table.name()), definitionsOf(columns)));
            } else {
                loadSharded(table, columns, primaryKey(table), pinned.get(table.qualifiedName()), sharded, problems);
            }
        }
        Map<String, TableClass.Hiding> hiding = new LinkedHashMap<>();
        Map<String, String> functions = new HashMap<>();
        for (TableConfiguration table : declared.moving()) {
            String reason = "Table \"" + table.qualifiedName() + "\" is on its way to other shards or back.";
            hiding.put(table.qualifiedName(), new TableClass.Hiding(table.schema(), table.name(), reason));
        }
        List<TableConfiguration> all = new ArrayList<>(tables);
        all.addAll(declared.moving());
        Dependents dependents = new Dependents(connection, all);
        Routines routines = Routines.load(connection);
        int known = -1;
        // What depends on a function hides what the function hides, and a function that mentions that does so too.
        while (known < hiding.size() + functions.size()) {
            known = hiding.size() + functions.size();
            routines.hide(functions, hiding.values(), all);
            dependents.load(hiding, functions);
        }
        checkTriggers(functions, tables, problems);
        new ConstraintCheck(connection, tables).check(problems);
        List<String> names = new ArrayList<>(hiding.keySet());
        sharded.forEach(table -> names.add(table.definition().qualifiedName()));
        references.forEach(table -> names.add(table.qualifiedName()));
        return new Catalog(
                sharded,
                references,
                List.copyOf(hiding.values()),
                functions,
                UnsureObjects.load(connection, routines),
                definitions(names),
                indexes(names));
    }

    /** The tables of all indexes of some tables. */
    private Map<String, String> indexes(List<String> tables) throws SQLException {
        Map<String, String> indexes = new HashMap<>();
        try (PreparedStatement statement = prepare(INDEXES)) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    indexes.put(row.getString(1), row.getString(2));
                }
            }
        }
        return indexes;
    }

    private List<String> definitions(List<String> names) throws SQLException {
        List<String> definitions = new ArrayList<>();
        try (PreparedStatement statement = prepare(DEFINITIONS)) {
            statement.setArray(1, connection.createArrayOf("text", names.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    definitions.add(row.getString(1));
                }
            }
        }
        return definitions;
    }

    private static List<String> definitionsOf(List<ColumnLoader.Column> columns) {
        return columns.stream().map(ColumnLoader.Column::definition).toList();
    }

    /** The columns of the primary key, unless it is deferrable. */
    private Set<String> primaryKey(TableConfiguration table) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (PreparedStatement statement = prepare(PRIMARY_KEY, table.schema(), table.name());
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                columns.add(row.getString(1));
            }
        }
        return columns;
    }

    private static void loadSharded(
            TableConfiguration table,
            List<ColumnLoader.Column> columns,
            Set<String> primaryKey,
            @Nullable String pinned,
            List<ShardedTable> sharded,
            List<String> problems) {
        String name = table.qualifiedName();
        String keyColumn = String.valueOf(table.keyColumn());
        ColumnLoader.Column key = columns.stream()
                .filter(column -> column.name().equals(keyColumn))
                .findFirst()
                .orElse(null);
        KeyType keyType = key == null ? null : KeyType.ofTypeName(key.typeName());
        if (key == null) {
            problems.add("table " + name + " has no column " + keyColumn);
        } else if (keyType == null) {
            problems.add("key column " + keyColumn + " of " + name + " has type " + key.typeName()
                    + ", but must be one of text, character varying, smallint, integer, bigint, uuid");
        } else if (!key.deterministic()) {
            problems.add("key column " + keyColumn + " of " + name + " has a nondeterministic collation");
        } else {
            // The modifier of varchar(n) is n + 4.
            boolean limited = keyType == KeyType.TEXT && key.typeModifier() > 0;
            List<StoredColumn> stored =
                    columns.stream().map(ColumnLoader.Column::stored).toList();
            TableClass.Sharded definition = new TableClass.Sharded(
                    table.schema(),
                    table.name(),
                    keyColumn,
                    columns.stream().map(ColumnLoader.Column::name).toList(),
                    columns.stream().map(ColumnLoader.Column::type).toList(),
                    stored.stream()
                            .filter(StoredColumn::isDrawn)
                            .map(StoredColumn::name)
                            .collect(Collectors.toSet()),
                    limited,
                    primaryKey);
            sharded.add(new ShardedTable(
                    definition,
                    keyType,
                    limited ? key.typeModifier() - Integer.BYTES : Integer.MAX_VALUE,
                    columns.stream()
                            .filter(ColumnLoader.Column::generated)
                            .map(ColumnLoader.Column::name)
                            .toList(),
                    stored,
                    definitionsOf(columns),
                    pinned));
        }
    }

    private void checkTriggers(Map<String, String> functions, List<TableConfiguration> tables, List<String> problems)
            throws SQLException {
        try (PreparedStatement statement = prepare(TRIGGERS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String schema = row.getString(1);
                String name = row.getString(2);
                String reason = functions.get(row.getString(3));
                if (reason == null) {
                    continue;
                }
                if (tables.stream().anyMatch(table -> table.qualifiedName().equals(schema + "." + name))) {
                    problems.add("a trigger of " + schema + "." + name + " sees one server only: " + reason);
                }
            }
        }
    }

    private PreparedStatement prepare(String sql, String... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setString(i + 1, parameters[i]);
        }
        return statement;
    }
}

package io.pgring.proxy.topology;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.TableConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables that the configuration file names, and those that were distributed by SQL, as {@link CatalogSchema} keeps them.
 *
 * @param settled tables that can be used
 * @param moving tables that nobody may use, because their rows are on the way to other shards or back
 * @param dropped tables that were distributed by SQL, and that the home shard has no more
 * @param version of those that were distributed by SQL; empty when there can't be any
 */
public record DeclaredTables(
        List<TableConfiguration> settled, List<TableConfiguration> moving, List<Dropped> dropped, String version) {
    /** In one statement, so that the version is that of the rows. */
    private static final String TABLES = """
            SELECT t.schema_name, t.table_name, t.key_column, t.state, v.version, t.attempt,
                   CASE WHEN t.attempt IS NOT NULL THEN
                       pg_catalog.to_regclass(pg_catalog.format('%I.%I', t.schema_name, t.table_name)) IS NOT NULL END
            FROM pgring.tables_version v LEFT JOIN pgring.tables t ON t.state <> 'left'
            ORDER BY 1, 2
            """;

    public DeclaredTables {
        settled = List.copyOf(settled);
        moving = List.copyOf(moving);
        dropped = List.copyOf(dropped);
    }

    /**
     * A table that is gone.
     *
     * @param attempt by which it was distributed
     */
    record Dropped(TableConfiguration table, String attempt) {
        String name() {
            return table.qualifiedName();
        }

        String quotedName() {
            return GatherNames.quote(table.schema(), table.name());
        }
    }

    /** Tables that nobody has declared by SQL. */
    public DeclaredTables(List<TableConfiguration> settled, List<TableConfiguration> moving) {
        this(settled, moving, List.of(), "");
    }

    /** Those that the other shards must have too. */
    DeclaredTables onEveryShard() {
        return new DeclaredTables(settled, List.of());
    }

    /** Those of the configuration file alone. */
    public static DeclaredTables of(Configuration configuration) {
        return new DeclaredTables(configuration.tables(), List.of());
    }

    /** Those that every shard must have, as another server knows them. */
    public static DeclaredTables of(Catalog catalog) {
        List<TableConfiguration> tables = new ArrayList<>();
        catalog.sharded().stream()
                .map(ShardedTable::definition)
                .forEach(table -> tables.add(new TableConfiguration(table.schema(), table.name(), table.keyColumn())));
        catalog.references().stream()
                .map(ReferenceTable::definition)
                .forEach(table -> tables.add(new TableConfiguration(table.schema(), table.name(), null)));
        return new DeclaredTables(tables, List.of());
    }

    /**
     * Reads them from the home shard. The configuration file goes before; tables that have been dropped are left out.
     *
     * @param configured the tables of the configuration file
     */
    public static DeclaredTables read(Connection home, List<TableConfiguration> configured) throws SQLException {
        List<TableConfiguration> settled = new ArrayList<>(configured);
        List<TableConfiguration> moving = new ArrayList<>();
        List<Dropped> dropped = new ArrayList<>();
        String version = "";
        if (exists(home, "pgring.tables_version")) {
            try (PreparedStatement statement = home.prepareStatement(TABLES);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    version = row.getString(5);
                    if (row.getString(1) == null) {
                        continue;
                    }
                    TableConfiguration table =
                            new TableConfiguration(row.getString(1), row.getString(2), row.getString(3));
                    if (!row.getBoolean(7)) {
                        dropped.add(new Dropped(table, row.getString(6)));
                    } else if (configured.stream()
                            .noneMatch(other -> other.qualifiedName().equals(table.qualifiedName()))) {
                        (row.getString(4).equals("settled") ? settled : moving).add(table);
                    }
                }
            }
        }
        return new DeclaredTables(settled, moving, dropped, version);
    }

    /** Reads them from the home shard. */
    public static DeclaredTables read(Configuration configuration, ShardAccess access) throws SQLException {
        try (Connection home = access.open(configuration.shards().get(0), configuration.pool())) {
            return read(home, configuration.tables());
        }
    }

    /** Whether the server has a table. */
    static boolean exists(Connection connection, String qualifiedName) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog.to_regclass(?) IS NOT NULL")) {
            statement.setString(1, qualifiedName);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}

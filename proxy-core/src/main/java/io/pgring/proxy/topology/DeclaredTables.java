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
 */
public record DeclaredTables(List<TableConfiguration> settled, List<TableConfiguration> moving) {
    private static final String TABLES = """
            SELECT schema_name, table_name, key_column, state FROM pgring.tables
            WHERE state <> 'left'
              AND pg_catalog.to_regclass(pg_catalog.format('%I.%I', schema_name, table_name)) IS NOT NULL
            ORDER BY 1, 2
            """;

    public DeclaredTables {
        settled = List.copyOf(settled);
        moving = List.copyOf(moving);
    }

    /** Those of the configuration file alone. */
    public static DeclaredTables of(Configuration configuration) {
        return new DeclaredTables(configuration.tables(), List.of());
    }

    /**
     * Reads them from the home shard. The configuration file goes before; tables that have been dropped are left out.
     *
     * @param configured the tables of the configuration file
     */
    public static DeclaredTables read(Connection home, List<TableConfiguration> configured) throws SQLException {
        List<TableConfiguration> settled = new ArrayList<>(configured);
        List<TableConfiguration> moving = new ArrayList<>();
        if (exists(home, "pgring.tables")) {
            try (PreparedStatement statement = home.prepareStatement(TABLES);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    TableConfiguration table =
                            new TableConfiguration(row.getString(1), row.getString(2), row.getString(3));
                    if (configured.stream()
                            .noneMatch(other -> other.qualifiedName().equals(table.qualifiedName()))) {
                        (row.getString(4).equals("settled") ? settled : moving).add(table);
                    }
                }
            }
        }
        return new DeclaredTables(settled, moving);
    }

    /** Reads them from the home shard; those of the configuration file alone when it can't be reached, and so is of no use. */
    public static DeclaredTables read(Configuration configuration, ShardAccess access) {
        try (Connection home = access.open(configuration.shards().get(0), configuration.pool())) {
            return read(home, configuration.tables());
        } catch (SQLException e) {
            return of(configuration);
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

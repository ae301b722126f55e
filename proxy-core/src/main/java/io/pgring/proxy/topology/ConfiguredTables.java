package io.pgring.proxy.topology;

import io.pgring.proxy.config.TableConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code pgring.configured_tables}: those of the configuration file of the proxy that has started last, for proxies that have no file. */
public final class ConfiguredTables {
    private ConfiguredTables() {}

    /** What the file says that a proxy starts with. */
    public static void write(Connection home, List<TableConfiguration> tables) throws SQLException {
        if (read(home).equals(tables)) {
            return;
        }
        home.setAutoCommit(false);
        try (Statement statement = home.createStatement()) {
            statement.execute("LOCK TABLE pgring.configured_tables IN EXCLUSIVE MODE");
            statement.execute("DELETE FROM pgring.configured_tables");
            insert(home, tables);
            home.commit();
        } catch (SQLException e) {
            home.rollback();
            throw e;
        } finally {
            home.setAutoCommit(true);
        }
    }

    private static void insert(Connection home, List<TableConfiguration> tables) throws SQLException {
        try (PreparedStatement statement =
                home.prepareStatement("INSERT INTO pgring.configured_tables VALUES (?, ?, ?, ?)")) {
            for (int i = 0; i < tables.size(); i++) {
                statement.setInt(1, i);
                statement.setString(2, tables.get(i).schema());
                statement.setString(3, tables.get(i).name());
                statement.setString(4, tables.get(i).keyColumn());
                statement.executeUpdate();
            }
        }
    }

    /** A short text that is the same for files with the same tables, in whatever order. */
    public static String digest(List<TableConfiguration> tables) {
        return GatherNames.sha256(tables.stream()
                .map(table -> table.qualifiedName() + '\n' + (table.isReference() ? "" : table.keyColumn()))
                .sorted()
                .collect(Collectors.joining("\n\n")));
    }

    /** Those of the last one; none when there was none. */
    public static List<TableConfiguration> read(Connection home) throws SQLException {
        List<TableConfiguration> tables = new ArrayList<>();
        if (!DeclaredTables.exists(home, "pgring.configured_tables")) {
            return tables;
        }
        try (Statement statement = home.createStatement();
                ResultSet row = statement.executeQuery("SELECT schema_name, table_name, key_column"
                        + " FROM pgring.configured_tables ORDER BY position")) {
            while (row.next()) {
                tables.add(new TableConfiguration(row.getString(1), row.getString(2), row.getString(3)));
            }
        }
        return tables;
    }
}

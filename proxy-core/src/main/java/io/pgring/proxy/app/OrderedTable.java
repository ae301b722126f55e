package io.pgring.proxy.app;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.distribution.DistributionException;
import io.pgring.proxy.exchange.TableOrder;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.GatherNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The table that a client means. The home shard is asked, in a session with the client's settings: so its search_path counts, and its role
 * must have the rights of the table's owner. The proxy then does the work as its own login.
 *
 * @param notices whether the client wants to hear notices
 */
record OrderedTable(String schema, String name, boolean notices) {
    private static final String MEANT = """
            SELECT n.nspname, c.relname, pg_catalog.pg_has_role(c.relowner, 'USAGE'),
                   pg_catalog.current_setting('client_min_messages')
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
            WHERE c.oid OPERATOR(pg_catalog.=) CAST(CAST(? AS pg_catalog.text) AS pg_catalog.regclass)
            """;

    static OrderedTable find(TableOrder order, Configuration configuration) throws SQLException, DistributionException {
        try (Connection connection = ShardLogin.open(configuration.shards().get(0), configuration.pool())) {
            if (!order.settings().isEmpty()) {
                try (Statement statement = connection.createStatement()) {
                    statement.setEscapeProcessing(false);
                    statement.execute(order.settings());
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(MEANT)) {
                statement.setString(1, order.table());
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        throw new DistributionException(
                                "42P01", "relation \"" + order.table() + "\" does not exist", null);
                    }
                    return checked(row);
                }
            }
        }
    }

    private static OrderedTable checked(ResultSet row) throws SQLException, DistributionException {
        String schema = row.getString(1);
        String name = row.getString(2);
        boolean system = schema.startsWith("pg_")
                || schema.equals("information_schema")
                || schema.equals(CatalogSchema.NAME)
                || GatherNames.isOwn(schema);
        if (system) {
            throw new DistributionException(
                    "42501", "permission denied: \"" + name + "\" is a system catalog or the proxy's own", null);
        }
        if (!row.getBoolean(3)) {
            throw new DistributionException("42501", "must be owner of table " + name, null);
        }
        String level = row.getString(4);
        return new OrderedTable(schema, name, !level.equals("warning") && !level.equals("error"));
    }
}

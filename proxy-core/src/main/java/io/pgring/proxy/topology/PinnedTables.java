package io.pgring.proxy.topology;

import io.pgring.proxy.config.TableConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the tables for whose rows a DELETE and an INSERT do something else than an UPDATE, at themselves or at a partition. Blocks: for
 * control threads.
 */
final class PinnedTables {
    private static final String REASONS = """
            WITH RECURSIVE family AS (
                SELECT c.oid, n.nspname || '.' || c.relname AS name
                FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname || '.' || c.relname = ANY (?::text[])
                UNION
                SELECT i.inhrelid, f.name FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid
            )
            SELECT f.name, 'It has a trigger, "' || t.tgname || '".'
            FROM family f JOIN pg_catalog.pg_trigger t ON t.tgrelid = f.oid AND NOT t.tgisinternal
            JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace AND n.nspname <> 'pgring'
            UNION ALL
            SELECT f.name, 'It has a rule, "' || r.rulename || '".'
            FROM family f JOIN pg_catalog.pg_rewrite r ON r.ev_class = f.oid
            UNION ALL
            SELECT f.name, 'It has row security.'
            FROM family f JOIN pg_catalog.pg_class c ON c.oid = f.oid AND c.relrowsecurity
            UNION ALL
            SELECT f.name, 'The foreign key "' || o.conname || '" of "' || o.conrelid::regclass || '" refers to it.'
            FROM family f JOIN pg_catalog.pg_constraint o ON o.confrelid = f.oid AND o.contype = 'f'
            UNION ALL
            SELECT f.name, 'A table inherits from it.'
            FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid
            JOIN pg_catalog.pg_class c ON c.oid = f.oid AND c.relkind = 'r'
            ORDER BY 1, 2
            """;

    private final Connection connection;

    PinnedTables(Connection connection) {
        this.connection = connection;
    }

    /** Why, by table, {@code schema.name}: a sentence. */
    Map<String, String> reasons(List<TableConfiguration> tables) throws SQLException {
        Map<String, String> reasons = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(REASONS)) {
            Object[] names =
                    tables.stream().map(TableConfiguration::qualifiedName).toArray();
            statement.setArray(1, connection.createArrayOf("text", names));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reasons.putIfAbsent(row.getString(1), row.getString(2));
                }
            }
        }
        return reasons;
    }
}

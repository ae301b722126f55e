package io.pgring.proxy.app;

import io.pgring.hashring.Token;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a look at one shard found.
 *
 * @param server version and encoding; empty when the login failed
 * @param keyTypes type of the key column of each table found, by the table's name
 * @param problems why the proxy can't use the shard; empty when it can
 */
record ShardInspection(ShardConfiguration shard, String server, Map<String, String> keyTypes, List<String> problems) {
    private static final List<String> KEY_TYPES =
            List.of("text", "character varying", "smallint", "integer", "bigint", "uuid");

    /** A key of many lengths of UTF-8, whose token tells whether this server hashes as the ring does. */
    private static final String PROBE = "pgring-\u00e9\u20ac\ud83d\udc18";

    private static final String SERVER =
            "SELECT current_setting('server_version'), current_setting('server_encoding'), pg_is_in_recovery()";

    private static final String TOKEN = "SELECT hashtext(?)::bigint & 4294967295";

    private static final String KEY_COLUMN = """
            SELECT c.relkind IN ('r', 'p'), a.atttypid::regtype::text, coalesce(l.collisdeterministic, true)
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = ? AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_collation l ON l.oid = a.attcollation
            WHERE n.nspname = ? AND c.relname = ?
            """;

    /** Logs in to the shard and looks at all that the proxy depends on. Blocks. */
    static ShardInspection of(ShardConfiguration shard, Configuration configuration) {
        List<String> problems = new ArrayList<>();
        Map<String, String> keyTypes = new LinkedHashMap<>();
        String server = "";
        try (Connection connection = ShardLogin.open(shard, configuration.pool())) {
            server = inspectServer(connection, problems);
            for (TableConfiguration table : configuration.tables()) {
                inspectTable(connection, table, keyTypes, problems);
            }
        } catch (SQLException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
            problems.add(server.isEmpty() ? "can't log in: " + reason : reason);
        }
        return new ShardInspection(shard, server, keyTypes, problems);
    }

    private static String inspectServer(Connection connection, List<String> problems) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SERVER);
                ResultSet row = statement.executeQuery()) {
            row.next();
            String encoding = row.getString(2);
            if (!encoding.equals("UTF8")) {
                problems.add("its encoding is " + encoding + ", but must be UTF8");
            } else if (!hashesAsTheRing(connection)) {
                problems.add("its hashtext() differs from PostgreSQL's on common machines");
            }
            if (row.getBoolean(3)) {
                problems.add("it is a standby, which can't be written to");
            }
            return "PostgreSQL " + row.getString(1).split(" ", 2)[0] + ", " + encoding;
        }
    }

    private static boolean hashesAsTheRing(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TOKEN)) {
            statement.setString(1, PROBE);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1) == Token.toUnsigned(Token.ofText(PROBE));
            }
        }
    }

    private static void inspectTable(
            Connection connection, TableConfiguration table, Map<String, String> keyTypes, List<String> problems)
            throws SQLException {
        String name = table.schema() + "." + table.name();
        try (PreparedStatement statement = connection.prepareStatement(KEY_COLUMN)) {
            statement.setString(1, table.keyColumn());
            statement.setString(2, table.schema());
            statement.setString(3, table.name());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    problems.add("table " + name + " does not exist");
                    return;
                }
                String type = row.getString(2);
                if (!row.getBoolean(1)) {
                    problems.add(name + " is not a table");
                } else if (type == null) {
                    problems.add("table " + name + " has no column " + table.keyColumn());
                } else if (!KEY_TYPES.contains(type)) {
                    problems.add("key column " + table.keyColumn() + " of " + name + " has type " + type
                            + ", but must be one of " + String.join(", ", KEY_TYPES));
                } else if (!row.getBoolean(3)) {
                    problems.add(
                            "key column " + table.keyColumn() + " of " + name + " has a nondeterministic collation");
                } else {
                    keyTypes.put(name, type);
                }
            }
        }
    }
}

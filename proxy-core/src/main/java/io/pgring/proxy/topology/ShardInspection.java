package io.pgring.proxy.topology;

import io.pgring.hashring.Token;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a look at one shard has found.
 *
 * @param shard which
 * @param server version and encoding; empty when the login failed
 * @param catalog the tables; null when they could not be read
 * @param tables those that were declared
 * @param problems why the proxy can't use the shard; empty when it can
 * @param warnings what it can't be used for among others
 */
public record ShardInspection(
        ShardConfiguration shard,
        String server,
        @Nullable Catalog catalog,
        DeclaredTables tables,
        List<String> problems,
        List<String> warnings) {
    /** UTF-8 characters of all lengths, whose token tells whether this server hashes as the ring does. */
    private static final String PROBE = "pgring-\u00e9\u20ac\ud83d\udc18";

    private static final long PROBE_NUMBER = -6_432_006_432L;
    private static final String PROBE_UUID = "00112233-4455-6677-8899-aabbccddeeff";

    private static final String SERVER =
            "SELECT current_setting('server_version'), current_setting('server_encoding'), pg_is_in_recovery(),"
                    + " current_setting('max_prepared_transactions')::integer,"
                    + " current_setting('default_transaction_isolation')";

    private static final String HASHES = """
            SELECT hashtext(?)::bigint & 4294967295,
                   hashint8(?)::bigint & 4294967295,
                   uuid_hash(?::uuid)::bigint & 4294967295
            """;

    /** Whether the login itself has failed, so that nothing is known of the shard. */
    public boolean isUnreachable() {
        return server.isEmpty();
    }

    /**
     * Logs in to the shard and looks at all that the proxy depends on. Blocks.
     *
     * @param tables those that the home shard has declared
     */
    public static ShardInspection of(
            ShardConfiguration shard, DeclaredTables tables, PoolConfiguration pool, ShardAccess access) {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        String server = "";
        Catalog catalog = null;
        try (Connection connection = access.open(shard, pool)) {
            server = inspectServer(connection, problems, warnings);
            // So that all servers print names alike, whatever the search_path of the role is.
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET search_path = ''");
            }
            catalog = catalog(connection, tables, problems);
        } catch (SQLException e) {
            problems.add(server.isEmpty() ? "can't log in: " + reason(e) : reason(e));
        }
        return new ShardInspection(shard, server, catalog, tables, List.copyOf(problems), List.copyOf(warnings));
    }

    /** Looks at the home shard, and so at the tables that it has declared. Blocks. */
    public static ShardInspection ofHome(Configuration configuration, ShardAccess access) {
        ShardConfiguration home = configuration.shards().get(0);
        try {
            return of(home, DeclaredTables.read(configuration, access), configuration.pool(), access);
        } catch (SQLException e) {
            return new ShardInspection(
                    home, "", null, DeclaredTables.of(configuration), List.of("can't log in: " + reason(e)), List.of());
        }
    }

    /** Looks at the home shard, then at all others at once. In the order of the configuration. */
    public static List<ShardInspection> ofAll(Configuration configuration, ShardAccess access, Executor threads) {
        ShardInspection home = ofHome(configuration, access);
        DeclaredTables tables = home.tables().onEveryShard();
        List<CompletableFuture<ShardInspection>> asked = configuration.shards().stream()
                .skip(1)
                .map(shard ->
                        CompletableFuture.supplyAsync(() -> of(shard, tables, configuration.pool(), access), threads))
                .toList();
        List<ShardInspection> all = new ArrayList<>(List.of(home));
        asked.forEach(inspection -> all.add(inspection.join()));
        return all;
    }

    private static String reason(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
    }

    /**
     * Reads the tables of a server.
     *
     * @param connection with an empty search_path
     * @param problems is added why a table can't be on several servers as declared
     */
    public static Catalog catalog(Connection connection, DeclaredTables tables, List<String> problems)
            throws SQLException {
        return new CatalogLoader(connection).load(tables, problems);
    }

    private static String inspectServer(Connection connection, List<String> problems, List<String> warnings)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SERVER);
                ResultSet row = statement.executeQuery()) {
            row.next();
            String encoding = row.getString(2);
            if (!encoding.equals("UTF8")) {
                problems.add("its encoding is " + encoding + ", but must be UTF8");
            } else if (!hashesAsTheRing(connection)) {
                problems.add("its hash functions differ from PostgreSQL's on common machines");
            }
            if (row.getBoolean(3)) {
                problems.add("it is a standby, which can't be written to");
            }
            if (row.getInt(4) == 0) {
                warnings.add("its max_prepared_transactions is 0, so transactions that write on it and on other shards"
                        + " can't be committed");
            }
            if (!row.getString(5).equals("read committed")) {
                problems.add("its default_transaction_isolation is " + row.getString(5)
                        + ", but must be read committed: clients can set it for their own sessions");
            }
            return "PostgreSQL " + row.getString(1).split(" ", 2)[0] + ", " + encoding;
        }
    }

    private static boolean hashesAsTheRing(Connection connection) throws SQLException {
        UUID uuid = UUID.fromString(PROBE_UUID);
        int uuidToken = Token.ofUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        try (PreparedStatement statement = connection.prepareStatement(HASHES)) {
            statement.setString(1, PROBE);
            statement.setLong(2, PROBE_NUMBER);
            statement.setString(3, PROBE_UUID);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1) == Token.toUnsigned(Token.ofText(PROBE))
                        && row.getLong(2) == Token.toUnsigned(Token.ofLong(PROBE_NUMBER))
                        && row.getLong(3) == Token.toUnsigned(uuidToken);
            }
        }
    }
}

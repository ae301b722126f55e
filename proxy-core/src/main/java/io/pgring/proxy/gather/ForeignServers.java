package io.pgring.proxy.gather;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.Shard;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * How the home shard reaches the others: a foreign server and a user mapping for each (manual, postgres_fdw). They are compared with what
 * the catalog of the home shard says, and made anew when they differ.
 *
 * <p>The planner works with the estimates that postgres_fdw makes without asking ({@code use_remote_estimate} off): asking would cost each
 * statement a round trip to each shard for every path it considers.
 */
final class ForeignServers {
    private static final String WRAPPER = "postgres_fdw";

    private static final String SERVERS =
            "SELECT srvname FROM pg_catalog.pg_foreign_server WHERE srvname LIKE 'pgring\\_%'";

    private static final String SAME_SERVER = """
            SELECT srvname FROM pg_catalog.pg_foreign_server
            WHERE srvname = ? AND srvoptions @> ?::text[] AND srvoptions <@ ?::text[]
            """;

    private static final String SAME_MAPPING = """
            SELECT srvname FROM pg_catalog.pg_user_mappings
            WHERE srvname = ? AND usename = current_user AND umoptions @> ?::text[] AND umoptions <@ ?::text[]
            """;

    private final Ddl ddl;
    private final PoolConfiguration pool;
    private final boolean superuser;

    ForeignServers(Ddl ddl, PoolConfiguration pool) throws SQLException {
        this.ddl = ddl;
        this.pool = pool;
        this.superuser =
                ddl.exists("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper");
    }

    /** Makes the servers for these shards and drops all others of the proxy, with their foreign tables. */
    void ensure(List<Shard> others) throws SQLException, GatherException {
        // Where the extension's functions are is of no importance, but it must be somewhere.
        if (!others.isEmpty()
                && !ddl.exists("SELECT extname FROM pg_catalog.pg_extension WHERE extname = ?", WRAPPER)) {
            ddl.execute("CREATE EXTENSION " + WRAPPER + " WITH SCHEMA " + GatherNames.quote(GatherNames.REMOTE));
        }
        Set<String> stale = new HashSet<>(ddl.column(SERVERS));
        for (Shard shard : others) {
            String server = GatherNames.server(shard.name());
            stale.remove(server);
            ensureServer(server, shard.configuration());
            ensureMapping(server, shard);
        }
        for (String server : stale) {
            ddl.execute("DROP SERVER " + GatherNames.quote(server) + " CASCADE");
        }
    }

    private void ensureServer(String server, ShardConfiguration shard) throws SQLException {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("host", shard.host());
        options.put("port", Integer.toString(shard.port()));
        options.put("dbname", shard.database());
        if (!shard.isUnixDomainSocket()) {
            options.put("sslmode", shard.tls().mode().word());
        }
        long seconds = Math.max(2, TimeUnit.MILLISECONDS.toSeconds(pool.connectMillisMax()));
        options.put("connect_timeout", Long.toString(seconds));
        options.put("application_name", "pgring gather");
        // Not async_capable: PostgreSQL 18.0 then fails plans with a subquery over the same server beside an
        // asynchronous scan
        // ("another command is already in progress").
        options.put("async_capable", "false");
        options.put("fetch_size", "1000");
        if (!ddl.exists(SAME_SERVER, server, asStored(options), asStored(options))) {
            ddl.execute("DROP SERVER IF EXISTS " + GatherNames.quote(server) + " CASCADE");
            ddl.execute("CREATE SERVER " + GatherNames.quote(server) + " FOREIGN DATA WRAPPER " + WRAPPER + " "
                    + asClause(options));
        }
    }

    private void ensureMapping(String server, Shard shard) throws SQLException, GatherException {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("user", shard.configuration().user());
        String password = shard.configuration().password();
        if (password != null) {
            options.put("password", password);
        } else if (!superuser) {
            throw new GatherException(
                    "The role of the proxy on the home shard is no superuser, so postgres_fdw wants a password"
                            + " for shard \"" + shard.name() + "\".");
        }
        if (superuser) {
            options.put("password_required", "false");
        }
        if (!ddl.exists(SAME_MAPPING, server, asStored(options), asStored(options))) {
            String quoted = GatherNames.quote(server);
            ddl.execute("DROP USER MAPPING IF EXISTS FOR CURRENT_USER SERVER " + quoted);
            ddl.execute("CREATE USER MAPPING FOR CURRENT_USER SERVER " + quoted + " " + asClause(options));
        }
    }

    private static List<String> asStored(Map<String, String> options) {
        return options.entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .toList();
    }

    private static String asClause(Map<String, String> options) {
        return options.entrySet().stream()
                .map(option -> GatherNames.quote(option.getKey()) + " " + Ddl.literal(option.getValue()))
                .collect(Collectors.joining(", ", "OPTIONS (", ")"));
    }
}

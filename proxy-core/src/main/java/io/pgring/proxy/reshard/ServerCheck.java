package io.pgring.proxy.reshard;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ServerUser;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.DeclaredTables;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.ShardFence;
import io.pgring.proxy.topology.ShardInspection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Whether a server can become a shard beside those that there are; and makes there what belongs to the proxy. */
final class ServerCheck {
    private static final int VERSION_MIN = 14;

    private static final String CATALOG =
            "SELECT count(*) FROM pg_catalog.pg_class c" + " WHERE c.oid = pg_catalog.to_regclass('pgring.topology')";

    private final ShardConfiguration joining;
    private final PoolConfiguration pool;
    private final ServerUser users;
    private final ShardAccess access;

    /** @param configuration as whom clients will be there, and limits of logins */
    ServerCheck(ShardConfiguration joining, Configuration configuration, ShardAccess access) {
        this.joining = joining;
        this.pool = configuration.pool();
        this.users = configuration.clients().serverUser();
        this.access = access;
    }

    /** All of it. */
    void run(Placement placement) throws SQLException, RingChangeException {
        inspect();
        try (Connection connection = access.open(joining, pool)) {
            if (connection.getMetaData().getDatabaseMajorVersion() < VERSION_MIN) {
                throw refused("it is older than PostgreSQL " + VERSION_MIN, null);
            }
            refuseMissingGrant(connection);
            refuseAnotherHome(connection);
            checkOthers(connection, placement);
            prepare(connection, placement);
        }
    }

    private void inspect() throws RingChangeException {
        ShardInspection found = ShardInspection.of(joining, new DeclaredTables(List.of(), List.of()), pool, access);
        if (found.isUnreachable()) {
            throw new RingChangeException(
                    "08001",
                    "shard \"" + joining.name() + "\" can't be reached",
                    capitalized(String.join("; ", found.problems())),
                    "See whether host, port, database, user and password are right, and the server is up.");
        }
        if (!found.problems().isEmpty()) {
            throw refused(String.join("; ", found.problems()), null);
        }
        if (!found.warnings().isEmpty()) {
            throw refused(
                    String.join("; ", found.warnings()),
                    "Set max_prepared_transactions there, and restart the server.");
        }
    }

    private RingChangeException refused(String reason, @Nullable String hint) {
        return new RingChangeException(
                "55000", "server of shard \"" + joining.name() + "\" can't be used", capitalized(reason), hint);
    }

    private static String capitalized(String reason) {
        return reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1) + ".";
    }

    /** Before rows are moved, sessions of proxies that are behind must be ended. */
    private void refuseMissingGrant(Connection connection) throws SQLException, RingChangeException {
        try (Statement statement = connection.createStatement();
                ResultSet grant = statement.executeQuery(ShardFence.MISSING_GRANT)) {
            if (users == ServerUser.CLIENT && grant.next()) {
                throw refused(
                        "role \"" + joining.user() + "\" may not end the sessions of clients, who log in as themselves",
                        grant.getString(1) + "; there, and on all other shards.");
            }
        }
    }

    private void refuseAnotherHome(Connection connection) throws SQLException, RingChangeException {
        if (number(connection, CATALOG) > 0 && number(connection, "SELECT count(*) FROM pgring.topology") > 0) {
            throw refused(
                    "it is the home shard of a ring",
                    "If that ring is no longer in use: DROP SCHEMA pgring CASCADE; in that database.");
        }
    }

    /**
     * Whoever takes a lock there must not be seen here; and a shard that was alone up to now has no part in transactions on several shards
     * yet.
     */
    private void checkOthers(Connection connection, Placement placement) throws SQLException, RingChangeException {
        int key = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        number(connection, "SELECT 1 FROM (SELECT pg_catalog.pg_advisory_lock(1885827689, " + key + ")) AS l");
        for (Shard shard : placement.members()) {
            if (shard.name().equals(joining.name())) {
                continue;
            }
            try (Connection other = access.open(shard.configuration(), pool)) {
                String seen = "SELECT count(*) FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory'"
                        + " AND l.classid = 1885827689 AND l.objid = " + key
                        + " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
                        + " WHERE d.datname = pg_catalog.current_database())";
                if (number(other, seen) > 0) {
                    throw new RingChangeException(
                            "42710",
                            "shard \"" + shard.name() + "\" is that database already",
                            "A shard needs a database of its own.",
                            null);
                }
                prepareForSeveral(shard, other);
            }
        }
    }

    private static void prepareForSeveral(Shard shard, Connection other) throws SQLException, RingChangeException {
        if (number(other, "SELECT pg_catalog.current_setting('max_prepared_transactions')::integer") == 0) {
            throw new RingChangeException(
                    "55000",
                    "shard \"" + shard.name() + "\" can't be one of several",
                    "Its max_prepared_transactions is 0, so transactions that write on it and on other shards can't be"
                            + " committed.",
                    "Set max_prepared_transactions there, and restart the server.");
        }
        CatalogSchema.ensureCommitLog(other);
    }

    /** What may be left there of an earlier time hides no rows, and keeps nobody away. */
    private void prepare(Connection connection, Placement placement) throws SQLException, RingChangeException {
        try {
            CatalogSchema.ensureFence(connection);
            CatalogSchema.ensureOther(connection);
            CatalogSchema.ensureCommitLog(connection);
        } catch (SQLException e) {
            throw refused(
                    "schema pgring can't be made: " + e.getMessage(), "The role of the proxy must be able to make it.");
        }
        if (number(connection, "SELECT lowest FROM pgring.fence") > placement.version()) {
            throw refused(
                    "it has been a shard of another ring",
                    "If it no longer is: DROP SCHEMA pgring CASCADE; in that database.");
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}

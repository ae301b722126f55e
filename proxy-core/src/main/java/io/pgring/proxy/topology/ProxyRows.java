package io.pgring.proxy.topology;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The rows of {@code pgring.proxies} on the home shard, by which proxies know of each other. Its clock is the only one that counts. */
public final class ProxyRows {
    /** A proxy that has said nothing for longer trusts nothing that it knows. */
    public static final int ALIVE_SECONDS = 10;

    private static final String BEAT = """
            WITH beat AS (
                INSERT INTO pgring.proxies (id, known, topology, configured) VALUES (?::uuid, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    known = excluded.known, topology = excluded.topology, configured = excluded.configured,
                    heartbeat = pg_catalog.clock_timestamp()
            )
            SELECT version FROM pgring.tables_version
            """;

    private static final String BEHIND = """
            SELECT count(*) FROM pgring.proxies p
            WHERE p.id <> ?::uuid AND p.known <> (SELECT version FROM pgring.tables_version)
              AND p.heartbeat > pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => ?)
            """;

    private static final String CONFIGURED = """
            SELECT count(DISTINCT p.configured) FROM pgring.proxies p
            WHERE p.heartbeat > pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => ?)
            """;

    private static final String REMOVE = """
            DELETE FROM pgring.proxies
            WHERE id = ?::uuid OR heartbeat < pg_catalog.clock_timestamp() - interval '1 day'
            """;

    private static final String ALL = """
            SELECT id::text, topology, heartbeat > pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => ?)
            FROM pgring.proxies
            """;

    private static final Set<String> MISSING = Set.of("42P01", "42703", "3F000");

    private ProxyRows() {}

    /**
     * A proxy says that it is alive.
     *
     * @param known the version of the tables by which it plans
     * @param topology the version of the topology that it has acknowledged: nothing is under way by an older one
     * @param configured stands for the tables of its configuration file
     * @return the version of the tables now
     */
    public static String beat(Connection home, UUID id, String known, long topology, String configured)
            throws SQLException {
        try {
            return write(home, id, known, topology, configured);
        } catch (SQLException e) {
            if (!MISSING.contains(e.getSQLState())) {
                throw e;
            }
            CatalogSchema.ensureHome(home);
            return write(home, id, known, topology, configured);
        }
    }

    private static String write(Connection home, UUID id, String known, long topology, String configured)
            throws SQLException {
        try (PreparedStatement statement = home.prepareStatement(BEAT)) {
            statement.setString(1, id.toString());
            statement.setString(2, known);
            statement.setLong(3, topology);
            statement.setString(4, configured);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** How many other proxies may plan by other tables than those of now. */
    public static long behind(Connection home, UUID id) throws SQLException {
        try (PreparedStatement statement = home.prepareStatement(BEHIND)) {
            statement.setString(1, id.toString());
            statement.setInt(2, ALIVE_SECONDS);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Whether all proxies that are alive have the same tables in their configuration files. */
    public static boolean areAlike(Connection home) throws SQLException {
        try (PreparedStatement statement = home.prepareStatement(CONFIGURED)) {
            statement.setInt(1, ALIVE_SECONDS);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1) <= 1;
            }
        }
    }

    /**
     * Those that know a version of the topology, and whether there are others.
     *
     * @param acknowledged who knows it, or a later one
     * @param behind who is alive and does not
     */
    public record Acknowledgements(List<UUID> acknowledged, List<UUID> behind) {}

    /** Who has acknowledged a version of the topology. */
    public static Acknowledgements acknowledgements(Connection home, long version) throws SQLException {
        List<UUID> acknowledged = new ArrayList<>();
        List<UUID> behind = new ArrayList<>();
        try (PreparedStatement statement = home.prepareStatement(ALL)) {
            statement.setInt(1, ALIVE_SECONDS);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    UUID id = UUID.fromString(row.getString(1));
                    if (row.getLong(2) >= version) {
                        acknowledged.add(id);
                    } else if (row.getBoolean(3)) {
                        behind.add(id);
                    }
                }
            }
        }
        return new Acknowledgements(acknowledged, behind);
    }

    /** A proxy ends, which plans nothing any more. */
    public static void remove(Connection home, UUID id) throws SQLException {
        try (PreparedStatement statement = home.prepareStatement(REMOVE)) {
            statement.setString(1, id.toString());
            statement.executeUpdate();
        }
    }
}

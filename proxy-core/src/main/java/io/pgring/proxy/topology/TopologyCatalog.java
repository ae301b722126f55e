package io.pgring.proxy.topology;

import io.pgring.hashring.Arc;
import io.pgring.hashring.Arcs;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.hashring.TokenRange;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ShardConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The placement of all rows, as the home shard has it: {@code pgring.topology}, {@code pgring.shards} and {@code pgring.moves}. A change is
 * one transaction there, which ends with {@link #publish}; proxies that listen to {@link #CHANNEL} learn of it at its commit.
 */
public final class TopologyCatalog {
    /** Is notified of every new version. */
    public static final String CHANNEL = "pgring_topology";

    private static final String PUBLISH =
            "UPDATE pgring.topology SET version = version + 1 RETURNING version, pg_catalog.pg_notify('" + CHANNEL
                    + "', version::text)";

    private static final String MOVES = """
            SELECT m.id, m.source, m.target, m.arcs::text, m.state
            FROM pgring.moves m WHERE m.state NOT IN ('DONE', 'ABORTED') ORDER BY m.id
            """;

    private static final String FIRST = """
            INSERT INTO pgring.topology (version, points_per_weight) VALUES (1, ?) ON CONFLICT DO NOTHING
            """;

    private TopologyCatalog() {}

    /**
     * Makes a new version of what the caller has changed in its transaction, which is to be committed at once: other changes wait for it.
     *
     * @return the version
     */
    public static long publish(Connection home) throws SQLException {
        try (Statement statement = home.createStatement();
                ResultSet row = statement.executeQuery(PUBLISH)) {
            if (!row.next()) {
                throw new SQLException("pgring.topology has no row", "55000");
            }
            return row.getLong(1);
        }
    }

    /**
     * The version of the moment.
     *
     * @return 0 when there is none
     */
    public static long version(Connection home) throws SQLException {
        try (Statement statement = home.createStatement();
                ResultSet row = statement.executeQuery("SELECT version FROM pgring.topology")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /**
     * Makes the first version of what the configuration says, if there is none yet.
     *
     * @param home in autocommit mode, with the tables of {@link CatalogSchema}
     */
    public static void begin(Connection home, Configuration configuration) throws SQLException {
        inTransaction(home, () -> {
            try (PreparedStatement first = home.prepareStatement(FIRST)) {
                first.setInt(1, configuration.ring().pointsPerWeight());
                // Who comes second waits here until the first has committed.
                if (first.executeUpdate() == 0) {
                    return false;
                }
            }
            Ring ring = configuration.ring().of(configuration.shards());
            List<String> names = ring.members().stream().map(RingMember::name).toList();
            for (ShardConfiguration shard : configuration.shards()) {
                String arcs = TokenRange.toMultirange(ring.arcsOf(names.indexOf(shard.name())));
                ShardRows.insert(home, shard, arcs, Membership.MEMBER);
            }
            return true;
        });
    }

    /**
     * Reads the placement of the moment.
     *
     * @param home in autocommit mode
     * @param configured the shards of the configuration file, whose addresses and logins go before those of the catalog
     * @return empty when the catalog has none
     */
    public static Optional<Placement> read(Connection home, List<ShardConfiguration> configured) throws SQLException {
        return inTransaction(home, () -> {
            try (Statement statement = home.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
                try (ResultSet row = statement.executeQuery("SELECT version, points_per_weight FROM pgring.topology")) {
                    return row.next()
                            ? Optional.of(placement(home, configured, row.getLong(1), row.getInt(2)))
                            : Optional.empty();
                }
            }
        });
    }

    private static Placement placement(
            Connection home, List<ShardConfiguration> configured, long version, int pointsPerWeight)
            throws SQLException {
        List<ShardRows.Row> rows = ShardRows.read(home, row -> row);
        List<Shard> shards = new ArrayList<>();
        List<RingMember> members = new ArrayList<>();
        List<Membership> memberships = new ArrayList<>();
        Map<String, Integer> positions = new HashMap<>();
        for (ShardRows.Row row : rows) {
            if (row.position() != shards.size()) {
                throw new SQLException("pgring.shards lacks position " + shards.size(), "XX001");
            }
            positions.put(row.shard().name(), row.position());
            shards.add(new Shard(row.position(), reached(row.shard(), configured)));
            memberships.add(row.membership());
            if (row.membership() != Membership.GONE) {
                members.add(new RingMember(row.shard().name(), row.shard().weight()));
            }
        }
        members.sort(Comparator.comparing(RingMember::name));
        Ring ring = Ring.ofArcs(members, pointsPerWeight, arcs(rows, members));
        return new Placement(version, shards, ring, moves(home, positions), memberships);
    }

    /** As the configuration file says, if it does. */
    private static ShardConfiguration reached(ShardConfiguration kept, List<ShardConfiguration> configured) {
        return configured.stream()
                .filter(shard -> shard.name().equals(kept.name()))
                .findFirst()
                .map(shard -> shard.withWeight(kept.weight()))
                .orElse(kept);
    }

    private static List<Arc> arcs(List<ShardRows.Row> rows, List<RingMember> members) {
        List<String> names = members.stream().map(RingMember::name).toList();
        List<Arc> arcs = new ArrayList<>();
        for (ShardRows.Row row : rows) {
            int member = names.indexOf(row.shard().name());
            Arcs.parse(row.arcs()).forEach((from, to) -> arcs.add(new Arc(from, to, member)));
        }
        arcs.sort(Comparator.comparingLong(Arc::from));
        return arcs;
    }

    private static List<Move> moves(Connection home, Map<String, Integer> positions) throws SQLException {
        List<Move> moves = new ArrayList<>();
        try (Statement statement = home.createStatement();
                ResultSet row = statement.executeQuery(MOVES)) {
            while (row.next()) {
                moves.add(new Move(
                        row.getLong(1),
                        position(positions, row.getString(2)),
                        position(positions, row.getString(3)),
                        Arcs.parse(row.getString(4)),
                        phase(row.getString(5))));
            }
        }
        return moves;
    }

    private static int position(Map<String, Integer> positions, String name) throws SQLException {
        Integer position = positions.get(name);
        if (position == null) {
            throw new SQLException("pgring.moves names a shard that is not there: " + name, "XX001");
        }
        return position;
    }

    /** What the road must know of a state of the journal. */
    private static MovePhase phase(String state) throws SQLException {
        return switch (state) {
            case "PLANNED", "CLOSING", "WITHDRAWING" -> MovePhase.STARTED;
            // Rows are being deleted on the target, and hidden there until they are.
            case "HIDDEN", "CAPTURING", "COPYING", "CATCHING_UP", "VERIFYING", "ABORTING" -> MovePhase.HIDDEN;
            case "PAUSED", "DRAINED" -> MovePhase.PAUSED;
            case "FLIPPED", "CLEANING" -> MovePhase.FLIPPED;
            default -> throw new SQLException("unknown state of a move: " + state, "XX001");
        };
    }

    /** What is done within a transaction. */
    private interface Work<T> {
        T run() throws SQLException;
    }

    private static <T> T inTransaction(Connection home, Work<T> work) throws SQLException {
        home.setAutoCommit(false);
        try {
            T result = work.run();
            home.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            home.rollback();
            throw e;
        } finally {
            home.setAutoCommit(true);
        }
    }
}

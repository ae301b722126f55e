package io.pgring.proxy.topology;

import io.pgring.proxy.config.PoolConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until nobody does anything by an older topology. Proxies that are alive say so themselves; those that are not, and so can't, lose their
 * connections to the shards in question, and get no new ones before they know better.
 */
public final class TopologyBarrier {
    private static final long LOOK_MILLIS = 2;

    /** A server that is silent for longer is given up, when there is less time than that. */
    private static final long SILENCE_MILLIS_MIN = 1_000;

    private static final long SILENCE_MILLIS_MAX = 60_000;

    private final Supplier<Topology> topology;
    private final ShardAccess access;
    private final PoolConfiguration pool;

    /** @param pool how long a connection may take */
    public TopologyBarrier(Supplier<Topology> topology, ShardAccess access, PoolConfiguration pool) {
        this.topology = topology;
        this.access = access;
        this.pool = pool;
    }

    /**
     * Waits until all proxies that are alive have acknowledged a version, then ends the sessions of others on some shards, and on the home shard, which
     * may be reading from these for them; and waits for prepared transactions that were there.
     *
     * @param shards from which the others are kept
     * @param most how long; no server is waited for much longer, be it frozen or unreachable: clients may wait meanwhile
     * @return false when the time was up: sessions are ended only when all that are alive have acknowledged it
     */
    public boolean await(long version, List<Shard> shards, Duration most) throws SQLException, InterruptedException {
        long untilNanos = System.nanoTime() + most.toNanos();
        Shard home = topology.get().home();
        Map<Shard, Connection> open = new LinkedHashMap<>();
        try {
            Connection catalog = open(home, untilNanos);
            open.put(home, catalog);
            List<UUID> acknowledged = acknowledged(catalog, version, untilNanos);
            if (acknowledged == null) {
                return false;
            }
            for (Shard shard : shards) {
                if (!open.containsKey(shard)) {
                    open.put(shard, open(shard, untilNanos));
                }
            }
            for (Connection connection : open.values()) {
                while (ShardFence.expel(connection, version, acknowledged) > 0) {
                    if (!sleep(untilNanos)) {
                        return false;
                    }
                }
            }
            for (Map.Entry<Shard, Connection> one : open.entrySet()) {
                if (shards.contains(one.getKey()) && !awaitPrepared(one.getValue(), untilNanos)) {
                    return false;
                }
            }
            return true;
        } finally {
            for (Connection connection : open.values()) {
                connection.close();
            }
        }
    }

    private static @Nullable List<UUID> acknowledged(Connection home, long version, long untilNanos)
            throws SQLException, InterruptedException {
        while (true) {
            ProxyRows.Acknowledgements found = ProxyRows.acknowledgements(home, version);
            if (found.behind().isEmpty()) {
                return found.acknowledged();
            }
            if (!sleep(untilNanos)) {
                return null;
            }
        }
    }

    private Connection open(Shard shard, long untilNanos) throws SQLException {
        long left = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
        long silence = Math.max(SILENCE_MILLIS_MIN, Math.min(SILENCE_MILLIS_MAX, left));
        long connect = Math.min(pool.connectMillisMax(), silence);
        Connection connection = access.open(shard.configuration(), pool.withConnectMillisMax(connect));
        try {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(silence));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean awaitPrepared(Connection connection, long untilNanos)
            throws SQLException, InterruptedException {
        Set<String> before = prepared(connection);
        while (!before.isEmpty()) {
            if (!sleep(untilNanos)) {
                return false;
            }
            before.retainAll(prepared(connection));
        }
        return true;
    }

    private static Set<String> prepared(Connection connection) throws SQLException {
        Set<String> gids = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(GlobalTransaction.PREPARED);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                gids.add(row.getString(1));
            }
        }
        return gids;
    }

    /** @return false when the time is up */
    private static boolean sleep(long untilNanos) throws InterruptedException {
        if (untilNanos - System.nanoTime() <= 0) {
            return false;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        return true;
    }
}

package io.pgring.proxy.admin;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The rows of the shards, counted when somebody asks, but at most once in {@value #FRESH_MILLIS} ms and once at a time for each
 * shard. Whoever asks gets the last numbers when new ones take too long. For any thread.
 */
final class RowCounts {
    private static final int COUNTED_AT_A_TIME_MAX = 2;
    private static final long FRESH_MILLIS = 2_000;
    private static final long CONNECT_MILLIS_MAX = 2_000;
    private static final long COUNT_MILLIS_MAX = 2_000;
    private static final int NETWORK_MILLIS_MAX = 3_000;
    private static final long ANSWER_MILLIS_MAX = 2_500;

    private final ShardAccess access;
    private final PoolConfiguration pool;
    private final Executor blocking;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /**
     * @param access opens connections
     * @param pool how connections are opened, but for a shorter time limit
     * @param blocking runs what blocks, few at a time: shards that don't answer must not keep all of its threads busy
     */
    RowCounts(ShardAccess access, PoolConfiguration pool, Executor blocking) {
        this.access = access;
        this.pool = impatient(pool);
        this.blocking = new FewAtATime(blocking, COUNTED_AT_A_TIME_MAX);
    }

    private static PoolConfiguration impatient(PoolConfiguration pool) {
        return new PoolConfiguration(
                pool.connectionsPerShardMax(),
                pool.queueLengthMax(),
                pool.queueWaitMillisMax(),
                Math.min(CONNECT_MILLIS_MAX, pool.connectMillisMax()),
                pool.idleMillisMax(),
                pool.lifetimeMillisMax(),
                pool.healthCheckMillis(),
                pool.preparedStatementsMax());
    }

    /**
     * The rows of each table on one shard, in less than 3 seconds; unknown ones if they were never counted.
     *
     * @param placement of now: what was counted while rows were moved is not what there is afterwards
     */
    CompletableFuture<List<TableRows>> of(Shard shard, List<ShardedTable> tables, Placement placement) {
        if (tables.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return entries.computeIfAbsent(shard.name(), name -> new Entry()).ask(shard, tables, placement);
    }

    private List<TableRows> count(Shard shard, List<ShardedTable> tables) {
        try (Connection connection = access.open(shard.configuration(), pool)) {
            connection.setNetworkTimeout(Runnable::run, NETWORK_MILLIS_MAX);
            return new RowCounter(connection, COUNT_MILLIS_MAX).count(tables);
        } catch (SQLException e) {
            return TableRows.unknown(tables);
        }
    }

    /** What is known of one shard. */
    private final class Entry {
        private List<TableRows> last = List.of();
        private List<ShardedTable> lastTables = List.of();
        private long lastNanos;
        private CompletableFuture<List<TableRows>> counting = CompletableFuture.completedFuture(List.of());
        private long placementVersion;

        synchronized CompletableFuture<List<TableRows>> ask(
                Shard shard, List<ShardedTable> tables, Placement placement) {
            boolean known = !last.isEmpty() && lastTables.equals(tables);
            boolean placed = placementVersion == placement.version();
            boolean still = placed && placement.moves().isEmpty();
            long age = System.nanoTime() - lastNanos;
            if (known && still && counting.isDone() && age < TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS)) {
                return CompletableFuture.completedFuture(last);
            }
            List<TableRows> otherwise =
                    known ? last.stream().map(TableRows::stale).toList() : TableRows.unknown(tables);
            if (counting.isDone() || !placed) {
                placementVersion = placement.version();
                counting = start(shard, tables);
            }
            return counting.copy().completeOnTimeout(otherwise, ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS);
        }

        private CompletableFuture<List<TableRows>> start(Shard shard, List<ShardedTable> tables) {
            try {
                return CompletableFuture.supplyAsync(() -> keep(count(shard, tables), tables), blocking)
                        .exceptionally(failure -> TableRows.unknown(tables));
            } catch (RejectedExecutionException e) {
                return CompletableFuture.completedFuture(TableRows.unknown(tables));
            }
        }

        private synchronized List<TableRows> keep(List<TableRows> rows, List<ShardedTable> tables) {
            last = rows;
            lastTables = tables;
            lastNanos = System.nanoTime();
            return rows;
        }
    }
}

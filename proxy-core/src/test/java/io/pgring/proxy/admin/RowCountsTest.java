package io.pgring.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.topology.KeyType;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RowCountsTest {
    private static final List<ShardedTable> TABLES = List.of(new ShardedTable(
            new TableClass.Sharded("public", "kv", "key", List.of("key", "value")), KeyType.TEXT, Integer.MAX_VALUE));
    private static final Placement STILL = placement(0);
    private static final List<TableRows> UNKNOWN = List.of(new TableRows("public.kv", null, false));

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<Long> attempts = new ArrayList<>();
    private final RowCounts counts = new RowCounts(
            (shard, pool) -> {
                attempts.add(pool.connectMillisMax());
                throw new SQLException("down");
            },
            PoolConfiguration.DEFAULT,
            threads::add);

    private static Shard shard(int index) {
        String name = "shard-" + index;
        return new Shard(
                index,
                new ShardConfiguration(
                        name, "127.0.0.1", 5432, "postgres", "postgres", null, ShardTls.of(TlsMode.DISABLE), 1));
    }

    private static Placement placement(long version) {
        return new Placement(version, List.of(shard(0)), Ring.of(List.of(RingMember.of("shard-0"))), List.of());
    }

    @Test
    void asksAShardOnceForAllWhoAsk() {
        CompletableFuture<List<TableRows>> first = counts.of(shard(0), TABLES, STILL);
        CompletableFuture<List<TableRows>> second = counts.of(shard(0), TABLES, STILL);
        assertThat(threads).hasSize(1);
        threads.remove().run();

        assertThat(first).isCompletedWithValue(UNKNOWN);
        assertThat(second).isCompletedWithValue(UNKNOWN);
        assertThat(counts.of(shard(0), TABLES, STILL)).isCompletedWithValue(UNKNOWN);
        assertThat(attempts).containsExactly(2_000L);
    }

    @Test
    void countsAnewWhenRowsHaveMoved() {
        counts.of(shard(0), TABLES, placement(1));
        threads.remove().run();
        counts.of(shard(0), TABLES, placement(1));
        assertThat(threads).isEmpty();

        counts.of(shard(0), TABLES, placement(2));
        assertThat(threads).hasSize(1);
        counts.of(shard(0), TABLES, placement(2));
        assertThat(threads).hasSize(1);
        counts.of(shard(0), TABLES, placement(3));
        assertThat(threads).hasSize(2);
    }

    @Test
    void keepsFewThreadsBusy() {
        List<CompletableFuture<List<TableRows>>> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(counts.of(shard(i), TABLES, STILL));
        }
        assertThat(threads).hasSize(2);
        threads.remove().run();

        assertThat(asked).filteredOn(CompletableFuture::isDone).hasSize(4);
    }

    @Test
    void asksNobodyWhenThereAreNoTables() {
        assertThat(counts.of(shard(0), List.of(), STILL)).isCompletedWithValue(List.of());
        assertThat(threads).isEmpty();
    }
}

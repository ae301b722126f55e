package io.pgring.bench;

import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.KeyType;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Shards that nobody connects to, with the sharded table {@code kv (key text primary key, value text)}. */
final class KeyValueTopology {
    private KeyValueTopology() {}

    /** A topology of {@code shard-0}, {@code shard-1}, ... with equal weights and the default ring. */
    static Topology ofShards(int count) {
        List<Shard> shards = IntStream.range(0, count)
                .mapToObj(index -> new Shard(index, configuration("shard-" + index)))
                .toList();
        TableClass.Sharded table = new TableClass.Sharded("public", "kv", "key", List.of("key", "value"));
        Catalog catalog =
                new Catalog(List.of(new ShardedTable(table, KeyType.TEXT, Integer.MAX_VALUE)), List.of(), Map.of());
        return new Topology(1, shards, ringOf(count), catalog);
    }

    /** The ring of that topology alone. */
    static Ring ringOf(int count) {
        return Ring.of(IntStream.range(0, count)
                .mapToObj(index -> RingMember.of("shard-" + index))
                .toList());
    }

    private static ShardConfiguration configuration(String name) {
        return new ShardConfiguration(
                name,
                "127.0.0.1",
                ShardConfiguration.DEFAULT_PORT,
                "postgres",
                "postgres",
                null,
                ShardTls.of(TlsMode.DISABLE),
                1);
    }
}

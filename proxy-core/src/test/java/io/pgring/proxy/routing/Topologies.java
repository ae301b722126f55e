package io.pgring.proxy.routing;

import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.hashring.Token;
import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.spread.StoredColumn;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.Gathering;
import io.pgring.proxy.topology.KeyType;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Topologies without servers: tables kv (text), orders (bigint), devices (uuid) and short (varchar(3)). */
final class Topologies {
    private Topologies() {}

    static Topology ofShards(int count) {
        List<Shard> shards = IntStream.range(0, count)
                .mapToObj(i -> new Shard(
                        i,
                        new ShardConfiguration(
                                "shard-" + i,
                                "127.0.0.1",
                                5432 + i,
                                "postgres",
                                "postgres",
                                null,
                                ShardTls.of(TlsMode.PREFER),
                                1)))
                .toList();
        Ring ring = Ring.of(
                shards.stream().map(shard -> RingMember.of(shard.name())).toList());
        List<ShardedTable> tables = List.of(
                table("kv", "key", KeyType.TEXT, Integer.MAX_VALUE),
                table("orders", "id", KeyType.INTEGER, Integer.MAX_VALUE),
                table("devices", "id", KeyType.UUID, Integer.MAX_VALUE),
                table("short", "code", KeyType.TEXT, 3));
        TableClass.Hiding view = new TableClass.Hiding("public", "all_kv", "The view reads kv.");
        return new Topology(
                1,
                shards,
                ring,
                new Catalog(tables, List.of(view), Map.of("count_kv", "It reads kv.")),
                new Gathering(null, Map.of(), Set.of()));
    }

    private static ShardedTable table(String name, String key, KeyType type, int keyLengthMax) {
        ColumnType keyColumn = switch (type) {
            case TEXT -> ColumnType.TEXT;
            case INTEGER -> ColumnType.BIGINT;
            case UUID -> ColumnType.UUID;
        };
        List<String> columns = List.of(key, "value");
        List<ColumnType> types = List.of(keyColumn, ColumnType.TEXT);
        List<StoredColumn> stored = List.of(
                new StoredColumn(key, type.name().toLowerCase(Locale.ROOT), null, StoredColumn.Kind.PLAIN),
                new StoredColumn("value", "text", null, StoredColumn.Kind.PLAIN));
        TableClass.Sharded definition = new TableClass.Sharded("public", name, key, columns, types);
        return new ShardedTable(definition, type, keyLengthMax, List.of(), stored, columns, null);
    }

    static int shardOfText(Topology topology, String key) {
        return topology.shardOf(Token.ofText(key));
    }
}

package io.pgring.proxy.routing;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the rows of one COPY, INSERT or UPDATE go, by the topology of its begin. Not thread-safe. */
public final class CopyPlacement {
    private final Topology topology;
    private final PlannedStatement.Keyed keyed;
    private final KeyTokens tokens = new KeyTokens();

    private final String what;

    /** @param what the command */
    CopyPlacement(Topology topology, ShardedTable table, String what) {
        this.topology = topology;
        this.what = what;
        this.keyed = new PlannedStatement.Keyed(table, List.of(), true, true, null, null, null);
    }

    /** The table that gets the rows. */
    public ShardedTable table() {
        return keyed.table();
    }

    /** The shards, by index. */
    public List<Shard> shards() {
        return topology.shards();
    }

    /**
     * The index of the shard of a row; below 0 when there is none, which {@link #refusal} explains.
     *
     * @param key the value of the key column, its readable bytes, in the text format or the binary one; null for NULL. Borrowed.
     */
    public int shardOf(@Nullable ByteBuf key, boolean binary) {
        if (key == null) {
            return (int) KeyTokens.NULL;
        }
        long token = tokens.ofCopied(keyed, key, binary);
        return token < 0 ? (int) token : topology.shardOf((int) token);
    }

    /** Why a row with this key has no shard. */
    public ErrorResponse refusal(@Nullable ByteBuf key) {
        return key == null
                ? Refusals.keyIsNull(keyed.table())
                : Refusals.keyType(keyed.table(), "a value of the " + what);
    }
}

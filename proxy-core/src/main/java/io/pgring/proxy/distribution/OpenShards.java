package io.pgring.proxy.distribution;

import io.pgring.proxy.gather.Ddl;
import io.pgring.proxy.topology.Shard;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Transactions on the shards other than the home shard, all of them open until all are committed or this is closed. */
final class OpenShards implements AutoCloseable {
    private final Map<Shard, Ddl> open = new LinkedHashMap<>();

    OpenShards(Shards shards) throws SQLException {
        try {
            for (Shard shard : shards.others()) {
                open.put(shard, shards.open(shard));
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    /** What to do on a shard. */
    interface Work {
        void on(Shard shard, Ddl ddl) throws SQLException, DistributionException;
    }

    void each(Work work) throws SQLException, DistributionException {
        for (Map.Entry<Shard, Ddl> one : open.entrySet()) {
            work.on(one.getKey(), one.getValue());
        }
    }

    void commit() throws SQLException {
        for (Ddl ddl : open.values()) {
            ddl.commit();
        }
    }

    void beginAgain() throws SQLException {
        for (Ddl ddl : open.values()) {
            ddl.beginAgain();
        }
    }

    @Override
    public void close() throws SQLException {
        SQLException failure = null;
        for (Ddl ddl : open.values()) {
            try {
                ddl.close();
            } catch (SQLException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}

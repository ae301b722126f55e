package io.pgring.it.spread;

import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** A lock on a table of one shard, behind the proxy: what needs its rows stands still there until it is lifted. */
final class Blockade implements AutoCloseable {
    private static final String GID = "blockade";

    private final Servers servers;
    private final int shard;
    private final Connection owner;
    private boolean prepared;

    Blockade(Servers servers, int shard) throws SQLException {
        this(servers, shard, "events");
    }

    Blockade(Servers servers, int shard, String table) throws SQLException {
        this.servers = servers;
        this.shard = shard;
        this.owner = servers.connect(shard);
        owner.setAutoCommit(false);
        Sql.execute(owner, "LOCK TABLE " + table);
    }

    /** From now on the lock is held through a stop and start of the server. The server must run again before it is lifted. */
    void outliveServer() throws SQLException {
        Sql.execute(owner, "PREPARE TRANSACTION '" + GID + "'");
        prepared = true;
    }

    /** Waits until so many statements stand still. */
    void awaitBlocked(int count) {
        Eventually.holds("statements stand still", () -> waiting() >= count);
    }

    /** Waits until nobody waits for the lock any more. */
    void awaitNobody() {
        Eventually.holds("nobody stands still", () -> waiting() == 0);
    }

    private int waiting() throws SQLException {
        return Integer.parseInt(servers.value(shard, "SELECT count(*) FROM pg_locks WHERE NOT granted"));
    }

    @Override
    public void close() throws SQLException {
        owner.close();
        if (prepared) {
            try (Connection another = servers.connect(shard)) {
                Sql.execute(another, "ROLLBACK PREPARED '" + GID + "'");
            }
        }
    }
}

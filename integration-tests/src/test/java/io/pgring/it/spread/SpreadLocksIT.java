package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Locks on rows of several shards keep others from all of them, and end with the transaction. */
@ExtendWith(SharedCluster.class)
class SpreadLocksIT {
    private static final int ROWS = 60;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Cluster cluster;
    private final EventRows rows;
    private RawClient holder;
    private RawClient other;

    SpreadLocksIT(Cluster cluster) {
        this.cluster = cluster;
        this.rows = new EventRows(cluster);
    }

    @BeforeEach
    void fill() throws Exception {
        rows.fill(ROWS, "'old'");
        holder = RawClient.connect(cluster.port());
        other = RawClient.connect(cluster.port());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        holder.close();
        other.close();
        Idleness.comes(cluster);
    }

    private void locks(RawClient client, String sql, int count) throws IOException {
        assertThat(client.answer(sql)).as(sql).contains("C SELECT " + count);
    }

    @Test
    void nobodyElseGetsTheRowsUntilTheTransactionEnds() throws Exception {
        holder.answer("BEGIN");
        locks(holder, "SELECT id FROM events ORDER BY id FOR UPDATE", ROWS);
        locks(other, "SELECT id FROM events FOR UPDATE SKIP LOCKED", 0);
        for (int id = 1; id <= ROWS; id++) {
            assertThat(other.answer("SELECT id FROM events WHERE id = " + id + " FOR KEY SHARE NOWAIT"))
                    .anyMatch(line -> line.contains(LOCK_NOT_AVAILABLE));
        }
        holder.answer("UPDATE events SET note = 'new'");
        holder.answer("COMMIT");
        locks(other, "SELECT id FROM events WHERE note = 'new' FOR UPDATE NOWAIT", ROWS);
    }

    @Test
    void workersOfAQueueGetDifferentRows() throws Exception {
        holder.answer("BEGIN");
        other.answer("BEGIN");
        locks(holder, "SELECT id FROM events WHERE id % 3 = 0 FOR UPDATE SKIP LOCKED", ROWS / 3);
        locks(other, "SELECT id FROM events FOR UPDATE SKIP LOCKED", ROWS - ROWS / 3);
        other.answer("DELETE FROM events WHERE id % 3 <> 0");
        other.answer("COMMIT");
        holder.answer("ROLLBACK");
        locks(other, "SELECT id FROM events FOR SHARE NOWAIT", ROWS / 3);
    }

    @Test
    void outsideOfATransactionTheLocksEndWithTheStatement() throws Exception {
        locks(holder, "SELECT id FROM events FOR UPDATE", ROWS);
        locks(other, "SELECT id FROM events FOR UPDATE NOWAIT", ROWS);
    }

    @Test
    void rollbackToASavepointGivesUpTheLocksSince() throws Exception {
        holder.answer("BEGIN");
        holder.answer("SAVEPOINT a");
        locks(holder, "SELECT id FROM events FOR UPDATE", ROWS);
        holder.answer("ROLLBACK TO a");
        locks(other, "SELECT id FROM events FOR UPDATE NOWAIT", ROWS);
        holder.answer("COMMIT");
    }
}

package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.config.PoolConfiguration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** More statements than server connections: they wait in order, not for ever, and not too many of them. */
@ExtendWith(SharedCluster.class)
class QueueIT {
    private final Cluster cluster;

    QueueIT(Cluster cluster) {
        this.cluster = cluster;
    }

    private Cluster narrow(int queueLengthMax, long queueWaitMillisMax) throws Exception {
        return Cluster.start(plan -> plan.beside(cluster)
                .threads(1)
                .pool(new PoolConfiguration(
                        1, queueLengthMax, queueWaitMillisMax, 15_000, 600_000, 3_600_000, 5_000, 200)));
    }

    @Test
    void whoWaitsTooLongIsToldAndStays() throws Exception {
        String read = "SELECT value FROM kv WHERE key = '" + cluster.keyOn(1, "queue") + "'";
        try (Cluster narrow = narrow(10_000, 1_000);
                RawClient owner = RawClient.connect(narrow.port());
                RawClient waiting = RawClient.connect(narrow.port())) {
            Idleness.comesWithConnections(narrow);
            owner.query("BEGIN");
            assertThat(owner.answer(read)).endsWith("C SELECT 0", "Z IN_TRANSACTION");
            assertRefused(waiting.query(read), "Z IDLE");
            waiting.query("BEGIN");
            assertRefused(waiting.query(read), "Z FAILED");
            waiting.query("ROLLBACK");
            owner.query("COMMIT");
            assertThat(waiting.answer(read)).endsWith("C SELECT 0", "Z IDLE");
        }
    }

    @Test
    void whoFindsTheQueueFullIsToldAtOnce() throws Exception {
        String read = "SELECT value FROM kv WHERE key = '" + cluster.keyOn(1, "queue") + "'";
        try (Cluster narrow = narrow(1, 120_000);
                RawClient owner = RawClient.connect(narrow.port());
                RawClient waiting = RawClient.connect(narrow.port());
                RawClient turnedAway = RawClient.connect(narrow.port())) {
            owner.query("BEGIN");
            owner.query(read);
            waiting.send(Query.of(read));
            Eventually.holds(
                    "one waits", () -> narrow.http().get("/stats").body().contains("\"waiting\":1"));
            assertRefused(turnedAway.query(read), "Z IDLE");
            owner.query("COMMIT");
            assertThat(waiting.readToReady()).last().extracting(Reply::text).isEqualTo("Z IDLE");
            assertThat(turnedAway.answer(read)).endsWith("C SELECT 0", "Z IDLE");
        }
    }

    private static void assertRefused(List<Reply> replies, String status) {
        assertThat(replies).hasSize(2);
        assertThat(replies.get(0).sqlState()).isEqualTo("53300");
        assertThat(replies.get(0).error().fields().severity()).isEqualTo("ERROR");
        assertThat(replies.get(0).error().fields().hint()).isNotBlank();
        assertThat(replies.get(1).text()).isEqualTo(status);
    }
}

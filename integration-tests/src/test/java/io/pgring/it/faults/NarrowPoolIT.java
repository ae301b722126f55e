package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One server connection per shard: nobody waits for himself, and those who wait for each other are told. */
@ExtendWith(SharedCluster.class)
class NarrowPoolIT {
    private static final int[] NONE = {};
    private static final int LONG_MILLIS = 120_000;

    private final Cluster cluster;

    NarrowPoolIT(Cluster cluster) {
        this.cluster = cluster;
    }

    private Cluster narrow(long queueWaitMillisMax) throws Exception {
        return Cluster.start(plan -> plan.on(cluster.servers())
                .threads(1)
                .pool(new PoolConfiguration(1, 10_000, queueWaitMillisMax, 15_000, 600_000, 3_600_000, 5_000, 200)));
    }

    private String key(int shard) {
        return cluster.keyOn(shard, "narrow");
    }

    private String read(int shard) {
        return "SELECT value FROM kv WHERE key = '" + key(shard) + "'";
    }

    private String update(int shard) {
        return "UPDATE kv SET value = 'x' WHERE key = '" + key(shard) + "'";
    }

    @Test
    void aPortalThatIsSuspendedHoldsUpItsOwnClientAlone() throws Exception {
        try (Cluster narrow = narrow(LONG_MILLIS);
                RawClient client = RawClient.connect(narrow.port())) {
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                client.query("INSERT INTO kv VALUES ('" + key(shard) + "', '') ON CONFLICT (key) DO NOTHING");
            }
            for (FrontendMessage next :
                    List.of(Query.of(read(1)), Query.of("SELECT count(*) FROM kv"), Query.of(update(2)))) {
                suspend(client);
                client.send(next);
                assertFull(client.readToReady(), "can become free");
                assertThat(client.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
            }
            client.query("BEGIN");
            client.query(update(0));
            client.query("ROLLBACK");
            suspend(client);
            client.send(new Close(Target.PORTAL, "p"), new Sync());
            client.readToReady();
            assertThat(client.answer(read(1))).endsWith("C SELECT 1", "Z IN_TRANSACTION");
            client.query("ROLLBACK");
        }
    }

    private static void suspend(RawClient client) throws IOException {
        client.query("BEGIN");
        byte[] all = "SELECT key FROM kv".getBytes(StandardCharsets.UTF_8);
        client.send(
                new Parse("", all, NONE),
                new Bind("p", "", NONE, new byte[0][], NONE),
                new Execute("p", 1),
                new Sync());
        assertThat(client.readToReady().stream().map(Reply::text)).endsWith("s ", "Z IN_TRANSACTION");
    }

    @Test
    void transactionsThatWaitForEachOtherAreTold() throws Exception {
        try (Cluster narrow = narrow(300);
                RawClient one = RawClient.connect(narrow.port());
                RawClient other = RawClient.connect(narrow.port())) {
            one.query("BEGIN");
            one.query(update(1));
            other.query("BEGIN");
            other.query(update(2));
            one.send(Query.of(update(2)));
            other.send(Query.of(update(1)));

            assertFull(one.readToReady(), "became free in time");
            assertFull(other.readToReady(), "became free in time");

            assertThat(one.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
            assertThat(other.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
            assertThat(one.answer(update(2))).last().isEqualTo("Z IDLE");
        }
    }

    private static void assertFull(List<Reply> replies, String message) {
        assertThat(replies).last().extracting(Reply::text).isEqualTo("Z FAILED");
        Reply error = replies.get(replies.size() - 2);
        assertThat(error.sqlState()).as(error.text()).isEqualTo("53300");
        assertThat(error.text()).contains(message);
        assertThat(error.error().fields().hint()).contains("pool.connectionsPerShardMax");
    }
}

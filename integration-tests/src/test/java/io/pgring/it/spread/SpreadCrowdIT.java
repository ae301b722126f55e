package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.config.PoolConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A crowd of clients on two connections to each shard: nobody waits for ever, and everyone reads his own rows. */
@ExtendWith(SharedCluster.class)
class SpreadCrowdIT {
    private static final int CLIENTS = 64;
    private static final int ROUNDS = 40;
    private static final int CONNECTIONS = 2;
    private static final long SEED = Long.getLong("pgring.it.seed", new Random().nextLong());

    private final Cluster cluster;
    private final EventRows rows;

    SpreadCrowdIT(Cluster cluster) {
        this.cluster = cluster;
        this.rows = new EventRows(cluster);
    }

    private Cluster narrow() throws Exception {
        return Cluster.start(plan -> plan.beside(cluster)
                .table("events", "id", "")
                .threads(1)
                .pool(new PoolConfiguration(CONNECTIONS, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 200)));
    }

    @Test
    void eachOfManyClientsReadsAllOfItsOwnRows() throws Exception {
        int written = 0;
        try (Cluster narrow = narrow()) {
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            try {
                List<Future<Integer>> clients = new ArrayList<>();
                for (int i = 1; i <= CLIENTS; i++) {
                    int number = i;
                    clients.add(threads.submit(() -> work(narrow, number)));
                }
                for (Future<Integer> client : clients) {
                    written += client.get();
                }
            } finally {
                threads.shutdownNow();
            }
            Idleness.comes(narrow);
        }
        assertThat(rows.count("true")).as("seed %s", SEED).isEqualTo(written);
        assertThat(rows.count("note NOT LIKE 'n' || id || ':%'")).isZero();
    }

    private static int work(Cluster narrow, int number) throws Exception {
        try (SpreadWorkload client = new SpreadWorkload(narrow, number, SEED)) {
            for (int round = 0; round < ROUNDS; round++) {
                client.round();
            }
            return client.rows();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("client " + number + " of seed " + SEED, e);
        }
    }

    @Test
    void aSlowReaderOfManyRowsHoldsUpNobodyElse() throws Exception {
        int count = 60_000;
        rows.fill(count, "repeat('x', 1000)");
        try (Cluster narrow = narrow();
                RawClient slow = RawClient.open(narrow.port(), 16_384);
                RawClient quick = RawClient.connect(narrow.port())) {
            slow.send(RawClient.startup(Map.of()));
            slow.readToReady();
            slow.send(Query.of("SELECT id, note FROM events ORDER BY id"));
            assertThat(slow.read().is(BackendType.ROW_DESCRIPTION)).isTrue();

            for (int i = 1; i <= 100; i++) {
                assertThat(quick.value("SELECT length(note) FROM events WHERE id = " + i))
                        .isEqualTo("1000");
                assertThat(quick.value("SELECT sum(id) FROM events WHERE id <= " + i))
                        .isEqualTo(Integer.toString(i * (i + 1) / 2));
            }

            for (int id = 1; id <= count; id++) {
                Reply row = slow.read();
                assertThat(row.is(BackendType.DATA_ROW)).as("%s", row).isTrue();
                assertThat(row.value()).isEqualTo(Integer.toString(id));
            }
            assertThat(slow.readToReady()).extracting(Reply::text).containsExactly("C SELECT " + count, "Z IDLE");
            Idleness.comes(cluster);
        }
    }
}

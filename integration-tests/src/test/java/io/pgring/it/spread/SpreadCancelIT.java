package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.NoiseClients;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.Query;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A cancelled statement on several shards has done nothing on any of them, and nobody else feels the cancel. */
@ExtendWith(SharedCluster.class)
class SpreadCancelIT {
    private static final int ROWS = 100;
    private static final int LAST = 2;
    private static final int ROUNDS = 100;

    private final Cluster cluster;
    private final EventRows rows;

    SpreadCancelIT(Cluster cluster) {
        this.cluster = cluster;
        this.rows = new EventRows(cluster);
    }

    @BeforeEach
    void fill() throws Exception {
        rows.fill(ROWS, "'old ' || id");
    }

    @ParameterizedTest
    @CsvSource({
        "SCATTER, true", "SCATTER, false", "GATHER, true", "GATHER, false",
        "SPLIT, true", "SPLIT, false", "UPDATE, true", "UPDATE, false"
    })
    void aCancelledStatementHasDoneNothing(SpreadDeed deed, boolean simple) throws Exception {
        try (NoiseClients noise = new NoiseClients(cluster);
                RawClient client = RawClient.connect(cluster.port())) {
            try (Blockade blockade = new Blockade(cluster.servers(), LAST)) {
                deed.begin(client, simple);
                blockade.awaitBlocked(1);

                RawClient.cancel(cluster.port(), client.key());

                assertCancelled(client.readToReady());
                blockade.awaitNobody();
            }
            assertThat(client.value("SELECT count(*) FROM events")).isEqualTo(Integer.toString(ROWS));
            assertThat(rows.count("note = 'new'")).isZero();
            assertThat(noise.complaints()).isEmpty();
        }
        Idleness.comes(cluster);
    }

    @ParameterizedTest
    @EnumSource(names = {"SCATTER", "SPLIT", "UPDATE"})
    void aTransactionWithACancelledStatementHasFailedOnAllShards(SpreadDeed deed) throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query("UPDATE events SET note = 'new'");
            try (Blockade blockade = new Blockade(cluster.servers(), 0, "kv")) {
                client.send(Query.of(
                        deed == SpreadDeed.SCATTER
                                ? "SELECT count(*) FROM kv"
                                : deed == SpreadDeed.SPLIT
                                        ? "INSERT INTO kv VALUES ('a', 'new'), ('b', 'new'), ('c', 'new'), ('d', 'new')"
                                        : "UPDATE kv SET value = 'new'"));
                blockade.awaitBlocked(1);
                RawClient.cancel(cluster.port(), client.key());
                List<Reply> replies = client.readToReady();
                assertThat(replies)
                        .anyMatch(reply -> reply.is(BackendType.ERROR_RESPONSE)
                                && reply.sqlState().equals("57014"));
                assertThat(replies).last().extracting(Reply::text).isEqualTo("Z FAILED");
                blockade.awaitNobody();
            }
            assertThat(client.answer("SELECT count(*) FROM events"))
                    .first()
                    .asString()
                    .startsWith("E ERROR 25P02");
            assertThat(client.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
            assertThat(client.value("SELECT count(*) FROM events WHERE note = 'new'"))
                    .isEqualTo("0");
        }
        Idleness.comes(cluster);
    }

    /** The shards may have said all when the cancel comes: then the client gets all rows, or the error, and never some of the rows. */
    @Test
    void aCancelledReadGivesAllRowsOrAnError() throws Exception {
        int count = 20_000;
        rows.fill(count, "repeat('x', 100)");
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (int round = 0; round < ROUNDS; round++) {
                client.send(
                        Query.of("SELECT id, note FROM events WHERE id > " + (count - 200 * round) + " ORDER BY id"));
                for (int read = 0; read < round % 5; read++) {
                    client.read();
                }
                RawClient.cancel(cluster.port(), client.key());
                assertAllOrError(client.readToReady(), 200 * round, round);
            }
        }
        Idleness.comes(cluster);
    }

    private static void assertAllOrError(List<Reply> replies, int count, int round) {
        boolean failed = replies.stream().anyMatch(reply -> reply.is(BackendType.ERROR_RESPONSE));
        if (failed) {
            assertThat(replies).noneMatch(reply -> reply.is(BackendType.COMMAND_COMPLETE));
        } else {
            assertThat(replies).as("round %s", round).extracting(Reply::text).contains("C SELECT " + count);
        }
        assertThat(replies).last().extracting(Reply::text).isEqualTo("Z IDLE");
    }

    /** All rows are with the proxy, and the client reads them slowly: what is cancelled then must not look complete. */
    @Test
    void aCancelWhileTheLastRowsWaitForTheClientIsAnErrorOrLeavesThemAll() throws Exception {
        int count = 3_000;
        rows.fill(count, "repeat('x', 1000)");
        for (int round = 0; round < 10; round++) {
            try (RawClient slow = RawClient.open(cluster.port(), 4_096)) {
                slow.send(RawClient.startup(java.util.Map.of()));
                slow.readToReady();
                slow.send(Query.of("SELECT id, note FROM events ORDER BY id"));
                slow.read();
                cluster.servers().value(0, "SELECT pg_sleep(0.2)");
                RawClient.cancel(cluster.port(), slow.key());
                List<Reply> replies = slow.readToReady();
                long got = replies.stream()
                        .filter(reply -> reply.is(BackendType.DATA_ROW))
                        .count();
                boolean failed = replies.stream().anyMatch(reply -> reply.is(BackendType.ERROR_RESPONSE));
                assertThat(failed || got == count)
                        .as("%s rows and no error", got)
                        .isTrue();
            }
        }
        Idleness.comes(cluster);
    }

    @Test
    void aLateCancelHitsNobodyElse() throws Exception {
        try (RawClient fickle = RawClient.connect(cluster.port());
                RawClient innocent = RawClient.connect(cluster.port())) {
            for (int round = 0; round < ROUNDS; round++) {
                SpreadDeed deed = round % 4 < 2 ? SpreadDeed.SCATTER : SpreadDeed.UPDATE;
                deed.begin(fickle, round % 2 == 0);
                if (round % 3 == 0) {
                    fickle.readToReady();
                }
                try (RawClient other = RawClient.open(cluster.port())) {
                    other.send(new CancelRequest(
                            fickle.key().processId(), fickle.key().secretKey()));
                    if (round % 3 != 0) {
                        fickle.readToReady();
                    }
                    innocent.send(Query.of("SELECT id FROM events ORDER BY id"));
                    assertThat(innocent.readToReady())
                            .as("round %s", round)
                            .noneMatch(reply -> reply.is(BackendType.ERROR_RESPONSE));
                    other.readToEnd();
                }
            }
        }
        Idleness.comes(cluster);
    }

    private static void assertCancelled(List<Reply> replies) {
        assertThat(replies)
                .filteredOn(reply -> reply.is(BackendType.ERROR_RESPONSE))
                .singleElement()
                .extracting(Reply::sqlState)
                .isEqualTo("57014");
        assertThat(replies).noneMatch(reply -> reply.is(BackendType.COMMAND_COMPLETE));
        assertThat(replies).last().extracting(Reply::text).isEqualTo("Z IDLE");
    }
}

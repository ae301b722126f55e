package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients vanish in the middle of a statement on several shards: nothing of it stays, on no shard, and all connections come back. */
@ExtendWith(SharedCluster.class)
class SpreadClientGoneIT {
    private static final int ROWS = 100;
    private static final int[] NONE = {};

    private final Cluster cluster;
    private final EventRows rows;

    SpreadClientGoneIT(Cluster cluster) {
        this.cluster = cluster;
        this.rows = new EventRows(cluster);
    }

    @BeforeEach
    void fill() throws Exception {
        rows.fill(ROWS, "'old ' || id");
    }

    private static void vanish(RawClient client, boolean reset) throws IOException {
        if (reset) {
            client.abort();
        } else {
            client.close();
        }
    }

    private void assertNothingHasHappened() throws Exception {
        Idleness.comes(cluster);
        assertThat(rows.count("note = 'new'")).isZero();
        assertThat(rows.count("true")).isEqualTo(ROWS);
    }

    @ParameterizedTest
    @CsvSource({
        "SCATTER, true", "SCATTER, false", "GATHER, true", "GATHER, false",
        "SPLIT, true", "SPLIT, false", "UPDATE, true", "UPDATE, false"
    })
    void inTheMiddleOfAStatement(SpreadDeed deed, boolean simple) throws Exception {
        try (Blockade blockade = new Blockade(cluster.servers(), 2)) {
            RawClient client = RawClient.connect(cluster.port());
            deed.begin(client, simple);
            blockade.awaitBlocked(1);
            vanish(client, simple);
            blockade.awaitNobody();
        }
        assertNothingHasHappened();
    }

    @ParameterizedTest
    @EnumSource(names = {"SPLIT", "UPDATE"})
    void inATransactionOnSeveralShards(SpreadDeed deed) throws Exception {
        RawClient client = RawClient.connect(cluster.port());
        client.query("BEGIN");
        client.query("SAVEPOINT a");
        assertThat(client.answer(deed.sql())).last().isEqualTo("Z IN_TRANSACTION");
        vanish(client, true);
        assertNothingHasHappened();
    }

    /** It has been executed everywhere, and would commit at the Sync. */
    @ParameterizedTest
    @EnumSource(names = {"SPLIT", "UPDATE"})
    void beforeTheSyncThatWouldCommit(SpreadDeed deed) throws Exception {
        RawClient client = RawClient.connect(cluster.port());
        client.send(parse(deed.sql()), bind(), new Execute("", 0), new Flush());
        for (byte type = 0; type != BackendType.COMMAND_COMPLETE; ) {
            type = client.read().type();
        }
        vanish(client, false);
        assertNothingHasHappened();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inTheMiddleOfItsRows(boolean reset) throws Exception {
        rows.fill(50_000, "repeat('x', 1000)");
        RawClient client = RawClient.open(cluster.port(), 16_384);
        client.send(RawClient.startup(Map.of()));
        client.readToReady();
        client.send(Query.of(SpreadDeed.SCATTER.sql()));
        client.read();
        client.read();
        vanish(client, reset);
        Idleness.comes(cluster);
    }

    /** A portal that has given some of its rows holds connections to all shards. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withASuspendedPortal(boolean inTransaction) throws Exception {
        RawClient client = RawClient.connect(cluster.port());
        if (inTransaction) {
            client.query("BEGIN");
        }
        client.send(parse(SpreadDeed.SCATTER.sql()), bind(), new Execute("", 5), new Flush());
        for (byte type = 0; type != BackendType.PORTAL_SUSPENDED; ) {
            type = client.read().type();
        }
        vanish(client, false);
        assertNothingHasHappened();
    }

    /** A client that waits for its connection to the second shard has one to the first. */
    @Test
    void inTheQueue() throws Exception {
        try (Blockade blockade = new Blockade(cluster.servers(), 1)) {
            RawClient[] clients = new RawClient[40];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = RawClient.connect(cluster.port());
                clients[i].send(Query.of((i % 2 == 0 ? SpreadDeed.SCATTER : SpreadDeed.UPDATE).sql()));
            }
            blockade.awaitBlocked(2);
            for (RawClient client : clients) {
                vanish(client, false);
            }
            blockade.awaitNobody();
        }
        assertNothingHasHappened();
        try (RawClient next = RawClient.connect(cluster.port())) {
            assertThat(next.value("SELECT count(*) FROM events")).isEqualTo(Integer.toString(ROWS));
        }
    }

    /** The client says farewell while the shards are still at work. */
    @Test
    void afterCommitWasSent() throws Exception {
        RawClient client = RawClient.connect(cluster.port());
        client.query("BEGIN");
        client.query(SpreadDeed.UPDATE.sql());
        client.send(Query.of("COMMIT"));
        client.close();
        Idleness.comes(cluster);
        long changed = rows.count("note = 'new'");
        assertThat(changed == 0 || changed == ROWS)
                .as("%s rows of %s", changed, ROWS)
                .isTrue();
    }

    private static Parse parse(String sql) {
        return new Parse("", sql.getBytes(StandardCharsets.UTF_8), NONE);
    }

    private static Bind bind() {
        return new Bind("", "", NONE, new byte[0][], NONE);
    }
}

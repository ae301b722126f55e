package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.Timeouts;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.net.Transport;
import io.pgring.proxy.tls.TlsContexts;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a CancelRequest leaves. What it needs from threads is kept here and never run, so that each one can be counted. */
class CancelTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Runnable> cancels = new ArrayList<>();
    private final ServerConnection server = connection();

    private static TopologyView view(Shard shard) {
        Ring ring = Ring.of(List.of(RingMember.of(shard.name())));
        return new TopologyView(new Topology(1, List.of(shard), ring, new Catalog(List.of(), List.of(), Map.of())));
    }

    private ServerConnection connection() {
        Shard shard = new Shard(
                0,
                new ShardConfiguration(
                        "shard-0", "127.0.0.1", 1, "postgres", "postgres", null, ShardTls.of(TlsMode.DISABLE), 1));
        ServerConnector connector =
                new ServerConnector(Transport.NIO, cancels::add, 1_000, () -> Timeouts.DEFAULT, TlsContexts.none());
        ShardPool pool = new ShardPool(
                new ShardRoom(shard, PoolConfiguration.DEFAULT, 1),
                () -> ServerCredentials.configured(shard.configuration()),
                null,
                new ShardPool.Parts(
                        new FlushQueue(channel.eventLoop()),
                        new ShardMetrics(),
                        connector,
                        view(shard),
                        UUID.randomUUID()));
        ServerSession session = new ServerSession(channel, new BackendKeyData(7, new byte[4]), Map.of(), false);
        ServerConnection connection = new ServerConnection(session, pool, 10);
        channel.pipeline().addLast(connection);
        return connection;
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void answer(String tag) {
        ByteBuf messages = Unpooled.buffer();
        new CommandComplete(tag).encode(messages);
        new ReadyForQuery(TransactionStatus.IN_TRANSACTION).encode(messages);
        channel.writeInbound(messages);
    }

    @Test
    void aStatementIsCancelledAtOnce() {
        OwnRequest.query(server, "SELECT 1", error -> {});
        server.cancel();

        assertThat(cancels).hasSize(1);
        assertThat(server.isBeingCancelled()).isTrue();
    }

    /** If the BEGIN were cancelled, the statement behind it would run all the same, outside of any transaction. */
    @Test
    void aBeginIsNotCancelledBeforeItsStatement() {
        List<ErrorResponse> errors = new ArrayList<>();
        OwnRequest.begin(server, "BEGIN", errors::add);
        OwnRequest.query(server, "INSERT INTO events VALUES (1)", error -> {});
        server.cancel();
        server.cancel();
        assertThat(cancels).isEmpty();

        answer("BEGIN");

        assertThat(cancels).hasSize(1);
        assertThat(errors).containsOnlyNulls();
    }

    /** Else the server, which has both, would wait for locks on behalf of nobody. */
    @Test
    void aConnectionIsClosedWhenTheCancelBehindItsBeginHasLeft() {
        OwnRequest.begin(server, "BEGIN", error -> {});
        OwnRequest.query(server, "INSERT INTO events VALUES (1)", error -> {});
        server.abort();
        assertThat(cancels).isEmpty();
        assertThat(channel.isOpen()).isTrue();

        answer("BEGIN");

        assertThat(cancels).hasSize(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aBeginWithoutACancelLeavesNoneBehind() {
        OwnRequest.begin(server, "BEGIN", error -> {});
        answer("BEGIN");

        assertThat(cancels).isEmpty();
        server.cancel();
        assertThat(cancels).hasSize(1);
    }
}

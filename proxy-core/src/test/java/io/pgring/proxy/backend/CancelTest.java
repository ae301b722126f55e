package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a CancelRequest leaves. What it needs from threads is kept here and never run, so that each one can be counted. */
class CancelTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Runnable> cancels = new ArrayList<>();
    private final ServerConnection server = EmbeddedServer.on(channel, cancels::add);

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

package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.pgring.pgwire.backend.ErrorResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a connection that the server has closed. */
class ServerConnectionTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ServerConnection server = EmbeddedServer.on(channel, Runnable::run);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** A client that waited for the socket then would wait for ever: nobody would tell it. */
    @Test
    void whoeverWritesBetweenTheEndAndItsAnnouncementLearnsOfIt() {
        List<ErrorResponse> errors = new ArrayList<>();
        List<Boolean> writable = new ArrayList<>();
        channel.closeFuture().addListener(unannounced -> {
            writable.add(server.isWritable());
            OwnRequest.query(server, "SELECT 1", errors::add);
        });
        channel.close();

        assertThat(writable).containsExactly(true);
        assertThat(errors)
                .singleElement()
                .satisfies(error -> assertThat(error.sqlState()).isEqualTo("08006"));
    }

    @Test
    void whoeverWritesAfterwardsLearnsOfItToo() {
        List<ErrorResponse> errors = new ArrayList<>();
        channel.close();
        assertThat(server.isWritable()).isTrue();

        OwnRequest.query(server, "SELECT 1", errors::add);
        assertThat(errors).isEmpty();
        channel.runPendingTasks();

        assertThat(errors).hasSize(1);
    }
}

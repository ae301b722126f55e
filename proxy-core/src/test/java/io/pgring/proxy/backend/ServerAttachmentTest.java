package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerAttachmentTest {
    private static final long MILLIS_MAX = 15_000;
    private static final long NO_TASK = -1;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> outcomes = new ArrayList<>();

    @BeforeEach
    void begin() {
        channel.freezeTime();
        Shard shard = new Shard(
                0,
                new ShardConfiguration(
                        "shard-0", "127.0.0.1", 1, "postgres", "postgres", null, ShardTls.of(TlsMode.DISABLE), 1));
        ServerAttachment.begin(channel, shard, new UUID(1, 2), 7, MILLIS_MAX, new ServerAttachment.Outcome() {
            @Override
            public void onAttached(boolean fenced, long lowest) {
                outcomes.add("attached " + fenced + " " + lowest);
            }

            @Override
            public void onOutdated() {
                outcomes.add("outdated");
            }

            @Override
            public void onFailed(ErrorResponse cause) {
                outcomes.add(cause.sqlState());
            }
        });
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void answer(BackendMessage... messages) {
        ByteBuf answer = Unpooled.buffer();
        for (BackendMessage message : messages) {
            message.encode(answer);
        }
        new ReadyForQuery(TransactionStatus.IDLE).encode(answer);
        channel.writeInbound(answer);
    }

    @Test
    void anAnswerLeavesNothingBehind() {
        answer(
                new CommandComplete("SET"),
                DataRow.ofText(""),
                new CommandComplete("SELECT 1"),
                DataRow.ofText("6"),
                new CommandComplete("SELECT 1"));

        assertThat(outcomes).containsExactly("attached true 6");
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.pipeline().get(ServerAttachment.class)).isNull();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TASK);
    }

    @Test
    void aServerWithoutAFenceAcceptsAll() {
        answer(ErrorResponse.error("42883", "function pgring.attach(uuid, integer) does not exist"));

        assertThat(outcomes).containsExactly("attached false 0");
    }

    @Test
    void anAnswerThatSaysNothingOfTheLowestVersionIsNone() {
        answer(DataRow.ofText(""), new CommandComplete("SELECT 1"));

        assertThat(outcomes).containsExactly("08006");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anOldVersionEndsTheConnectionAndLeavesNothingBehind() {
        answer(ErrorResponse.error("55000", "version 7 of the topology is too old"));

        assertThat(outcomes).containsExactly("outdated");
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TASK);
    }

    @Test
    void aServerThatIsSilentIsLost() {
        channel.advanceTimeBy(MILLIS_MAX, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();

        assertThat(outcomes).containsExactly("08006");
        assertThat(channel.isOpen()).isFalse();
    }
}

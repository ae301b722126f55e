package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerAttachmentTest {
    private static final long MILLIS_MAX = 15_000;
    private static final long NO_TASK = -1;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> outcomes = new ArrayList<>();
    private final List<Set<String>> ended = new ArrayList<>();
    private CompletableFuture<Boolean> whetherEnded = new CompletableFuture<>();

    @BeforeEach
    void begin() {
        channel.freezeTime();
        Shard shard = new Shard(
                0,
                new ShardConfiguration(
                        "shard-0", "127.0.0.1", 1, "postgres", "postgres", null, ShardTls.of(TlsMode.DISABLE), 1));
        LeftParts leftParts = (at, parts) -> {
            ended.add(parts);
            return whetherEnded;
        };
        Attachments attachments = new Attachments(new UUID(1, 2), leftParts);
        attachments.begin(channel, shard, 7, MILLIS_MAX, new ServerAttachment.Outcome() {
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
                outcomes.add(cause.sqlState() + " " + cause.fields().detail());
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

    /** To the attach. */
    private void accept() {
        answer(
                new CommandComplete("SET"),
                DataRow.ofText(""),
                new CommandComplete("SELECT 1"),
                DataRow.ofText("6"),
                new CommandComplete("SELECT 1"));
    }

    private void answerParts(String... names) {
        answer(Stream.of(names).map(DataRow::ofText).toArray(BackendMessage[]::new));
    }

    /** How often the server has been asked. */
    private int questions() {
        channel.runPendingTasks();
        int questions = channel.outboundMessages().size();
        channel.outboundMessages().forEach(ReferenceCountUtil::release);
        channel.outboundMessages().clear();
        return questions;
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** They are still there after a second. */
    private void insist(String... names) {
        accept();
        answerParts(names);
        for (int look = 0; look < 50; look++) {
            pass(20);
            answerParts(names);
        }
    }

    @Test
    void anAnswerLeavesNothingBehind() {
        accept();
        assertThat(outcomes).isEmpty();
        answerParts();

        assertThat(outcomes).containsExactly("attached true 6");
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.pipeline().get(ServerAttachment.class)).isNull();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TASK);
    }

    @Test
    void partsOfCommitsThatGoOnAreWaitedFor() {
        accept();
        answerParts("pgring:1", "pgring:2");
        assertThat(questions()).isEqualTo(1);
        pass(20);
        answerParts("pgring:2", "pgring:3");
        pass(20);
        assertThat(questions()).isEqualTo(2);
        assertThat(outcomes).isEmpty();
        answerParts("pgring:3", "pgring:4");

        assertThat(outcomes).containsExactly("attached true 6");
        assertThat(ended).isEmpty();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TASK);
    }

    @Test
    void partsThatWereLeftAreEndedFirst() {
        insist("pgring:1", "pgring:2");
        assertThat(ended).containsExactly(Set.of("pgring:1", "pgring:2"));
        assertThat(outcomes).isEmpty();
        whetherEnded.complete(true);
        channel.runPendingTasks();

        assertThat(outcomes).containsExactly("attached true 6");
        assertThat(channel.pipeline().get(ServerAttachment.class)).isNull();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TASK);
    }

    @Test
    void partsThatCouldNotBeEndedAreLookedAtAgain() {
        insist("pgring:1");
        questions();
        whetherEnded.complete(false);
        channel.runPendingTasks();
        pass(200);
        assertThat(questions()).isEqualTo(1);
        whetherEnded = CompletableFuture.failedFuture(new IllegalStateException("no thread"));
        answerParts("pgring:1");
        channel.runPendingTasks();
        pass(200);
        assertThat(questions()).isEqualTo(1);
        pass(MILLIS_MAX);

        assertThat(ended).hasSize(2);
        assertThat(outcomes).containsExactly("08006 Committed transactions are not finished on it yet.");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aServerThatEndsTheSessionInTheMeantimeIsLost() {
        insist("pgring:1");
        ByteBuf farewell = Unpooled.buffer();
        ErrorResponse.error("57P01", "terminating connection").encode(farewell);
        channel.writeInbound(farewell);
        whetherEnded.complete(true);
        channel.runPendingTasks();

        assertThat(outcomes).containsExactly("08006 The server says: terminating connection.");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aServerWithoutAFenceAcceptsAll() {
        answer(ErrorResponse.error("42883", "function pgring.attach(uuid, integer) does not exist"));
        answerParts("pgring:1");
        pass(20);
        answerParts();

        assertThat(outcomes).containsExactly("attached false 0");
    }

    @Test
    void anAnswerThatSaysNothingOfTheLowestVersionIsNone() {
        answer(new CommandComplete("SELECT 0"));

        assertThat(outcomes)
                .containsExactly("08006 The server gave no valid answer: pgring.lowest() has returned nothing.");
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

        assertThat(outcomes).containsExactly("08006 The server has not answered in time.");
        assertThat(channel.isOpen()).isFalse();
    }
}

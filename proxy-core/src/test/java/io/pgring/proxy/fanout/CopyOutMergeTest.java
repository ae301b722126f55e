package io.pgring.proxy.fanout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgsql.copy.CopyCommand;
import io.pgring.proxy.merge.RowSink;
import io.pgring.proxy.merge.RowSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CopyOutMergeTest {
    private static final String HEADER = "PGCOPY\n\u00ff\r\n\0" + "\0".repeat(8);
    private static final String TRAILER = "\u00ff\u00ff";

    /** Copy data of one shard, each text a message; a null stands for what is still to come. */
    private static final class Shard implements RowSource {
        private final Deque<String> messages = new ArrayDeque<>();
        private boolean complete = true;

        Shard(String... data) {
            messages.addAll(Arrays.asList(data));
        }

        Shard incomplete() {
            complete = false;
            return this;
        }

        void complete(String... more) {
            messages.addAll(Arrays.asList(more));
            complete = true;
        }

        @Override
        public @Nullable ByteBuf head() {
            String next = messages.peek();
            return next == null ? null : Unpooled.copiedBuffer(next, ISO_8859_1);
        }

        @Override
        public void next() {
            messages.remove();
        }

        @Override
        public boolean isEnded() {
            return complete && messages.isEmpty();
        }
    }

    /** The bytes that the client gets. */
    private static final class Client implements RowSink {
        private final StringBuilder bytes = new StringBuilder();
        private int room = Integer.MAX_VALUE;

        @Override
        public void row(ByteBuf body, int columns) {
            bytes.append(body.toString(ISO_8859_1));
            room--;
        }

        @Override
        public boolean isWritable() {
            return room > 0;
        }
    }

    private static String merged(String options, Shard... shards) {
        CopyOutMerge merge = new CopyOutMerge(List.of(shards), command(options));
        Client client = new Client();
        merge.advance(client, Long.MAX_VALUE);
        assertThat(merge.isDone()).isTrue();
        return client.bytes.toString();
    }

    private static CopyCommand command(String options) {
        return CopyCommand.read(("COPY kv TO STDOUT " + options).getBytes(ISO_8859_1));
    }

    @Test
    void linesFollowEachOtherByShard() {
        assertThat(merged("", new Shard("a\n", "b\n"), new Shard(), new Shard("c\n")))
                .isEqualTo("a\nb\nc\n");
    }

    @Test
    void columnNamesComeOnce() {
        String csv = "(FORMAT csv, HEADER)";
        assertThat(merged(csv, new Shard("k\n"), new Shard("k\n", "a\n"), new Shard("k\n", "k\n")))
                .isEqualTo("k\na\nk\n");
        assertThat(merged("(HEADER)", new Shard("k\n"), new Shard("k\n"))).isEqualTo("k\n");
    }

    @Test
    void theBinaryFormatHasOneHeaderAndOneTrailer() {
        String row = "\0\1\0\0\0\2\u00ff\u00ff";
        String expected = HEADER + row + row + row + TRAILER;
        assertThat(merged(
                        "(FORMAT binary)",
                        new Shard(HEADER + row, row, TRAILER),
                        new Shard(HEADER + TRAILER),
                        new Shard(HEADER + row, TRAILER)))
                .isEqualTo(expected);
        assertThat(merged("BINARY", new Shard(HEADER + TRAILER), new Shard(HEADER + row, row, row, TRAILER)))
                .isEqualTo(expected);
        assertThat(merged("BINARY", new Shard(HEADER + TRAILER), new Shard(HEADER + TRAILER)))
                .isEqualTo(HEADER + TRAILER);
    }

    @Test
    void aShardThatIsLateIsWaitedFor() {
        Shard first = new Shard("a\n").incomplete();
        CopyOutMerge merge = new CopyOutMerge(List.of(first, new Shard("c\n")), command(""));
        Client client = new Client();
        merge.advance(client, Long.MAX_VALUE);
        assertThat(client.bytes.toString()).isEqualTo("a\n");
        assertThat(merge.awaited()).isSameAs(first);
        first.complete("b\n");
        merge.advance(client, Long.MAX_VALUE);
        assertThat(client.bytes.toString()).isEqualTo("a\nb\nc\n");
        assertThat(merge.isDone()).isTrue();
    }

    @Test
    void aClientThatIsSlowIsWaitedFor() {
        CopyOutMerge merge = new CopyOutMerge(List.of(new Shard("a\n", "b\n"), new Shard("c\n")), command(""));
        Client client = new Client();
        client.room = 1;
        merge.advance(client, Long.MAX_VALUE);
        assertThat(client.bytes.toString()).isEqualTo("a\n");
        client.room = 2;
        merge.advance(client, Long.MAX_VALUE);
        assertThat(client.bytes.toString()).isEqualTo("a\nb\nc\n");
        assertThat(merge.rows()).isEqualTo(3);
    }
}

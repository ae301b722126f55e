package io.pgring.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.BindComplete;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.ParseComplete;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import org.junit.jupiter.api.Test;

class ReplyReaderTest {
    private static final int MESSAGE_BYTES_MAX = 100;

    private final ReplyReader reader = new ReplyReader(MESSAGE_BYTES_MAX);

    /** Reads the messages in two pieces, split at every byte. */
    private KeyValueReply read(BackendMessage... messages) {
        ByteBuf all = Unpooled.buffer();
        for (BackendMessage message : messages) {
            message.encode(all);
        }
        new ReadyForQuery(TransactionStatus.IDLE).encode(all);
        KeyValueReply last = null;
        for (int split = 0; split <= all.readableBytes(); split++) {
            ByteBuf first = all.copy(0, split);
            ByteBuf second = all.copy(split, all.readableBytes() - split);
            reader.begin();
            reader.read(first);
            assertThat(reader.isReady()).isEqualTo(split == all.readableBytes());
            reader.read(second);
            assertThat(reader.isReady()).isTrue();
            assertThat(first.refCnt()).isZero();
            assertThat(second.refCnt()).isZero();
            KeyValueReply reply = reader.reply("shard-0");
            assertThat(last == null || last.equals(reply)).isTrue();
            last = reply;
        }
        if (last == null) {
            throw new AssertionError();
        }
        return last;
    }

    @Test
    void readsARow() {
        assertThat(read(
                        new ParseComplete(),
                        new BindComplete(),
                        DataRow.ofText("\u00e9"),
                        new CommandComplete("SELECT 1")))
                .isEqualTo(new KeyValueReply.Row("shard-0", "\u00e9"));
        assertThat(reader.isParsed()).isTrue();
    }

    @Test
    void readsNull() {
        assertThat(read(new BindComplete(), DataRow.ofText((String) null), new CommandComplete("SELECT 1")))
                .isEqualTo(new KeyValueReply.Row("shard-0", null));
        assertThat(reader.isParsed()).isFalse();
    }

    @Test
    void readsThatThereIsNoRow() {
        assertThat(read(new BindComplete(), new CommandComplete("SELECT 0")))
                .isEqualTo(new KeyValueReply.NoRow("shard-0"));
    }

    @Test
    void readsTheFirstError() {
        ErrorResponse error = ErrorResponse.error("22P02", "invalid");

        assertThat(read(
                        NoticeResponse.warning("01000", "beware"),
                        error,
                        ErrorResponse.error("25P02", "current transaction is aborted")))
                .isEqualTo(new KeyValueReply.Failed("shard-0", error));
    }

    @Test
    void throwsARowAwayThatIsTooLarge() {
        ByteBuf all = Unpooled.buffer();
        DataRow.ofText("x".repeat(10_000)).encode(all);
        new ReadyForQuery(TransactionStatus.IDLE).encode(all);
        reader.begin();
        for (int i = 0; i < all.readableBytes(); i += 50) {
            reader.read(all.copy(i, Math.min(50, all.readableBytes() - i)));
        }

        assertThat(reader.isReady()).isTrue();
        assertThat(reader.error())
                .isNotNull()
                .satisfies(error -> assertThat(error.sqlState()).isEqualTo("54000"));
    }
}

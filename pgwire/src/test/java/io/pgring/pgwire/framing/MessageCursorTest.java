package io.pgring.pgwire.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.Wire;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCursorTest {
    private final MessageCursor cursor = new MessageCursor(MessageLimits.FRONTEND);

    @Test
    void looksAtAMessageWithoutConsumingIt() {
        ByteBuf in = Wire.buffer(Wire.bytes("'Q' 0000000d 'SELECT 1' 00 'S' 00000004"));
        int start = in.readerIndex();

        assertThat(cursor.next(in)).isTrue();
        assertThat(cursor.next(in)).isTrue();

        assertThat(in.readerIndex()).isEqualTo(start);
        assertThat(cursor.type()).isEqualTo((byte) 'Q');
        assertThat(cursor.bodyLength()).isEqualTo(9);
        assertThat(cursor.length()).isEqualTo(14);
        assertThat(cursor.isWhole(in)).isTrue();
        assertThat(cursor.inside()).isFalse();
    }

    @Test
    void stepsFromMessageToMessage() {
        ByteBuf in = Wire.buffer(Wire.bytes("'Q' 0000000d 'SELECT 1' 00 'S' 00000004"));

        cursor.next(in);
        cursor.advance(in);
        assertThat(cursor.next(in)).isTrue();
        assertThat(cursor.type()).isEqualTo((byte) 'S');
        cursor.advance(in);

        assertThat(in.isReadable()).isFalse();
        assertThat(cursor.next(in)).isFalse();
        assertThat(cursor.remaining()).isZero();
    }

    @Test
    void consumesWhatIsThereOfALongMessage() {
        ByteBuf in = Wire.buffer(Wire.bytes("'d' 0000000a 'abc'"));

        assertThat(cursor.next(in)).isTrue();
        assertThat(cursor.isWhole(in)).isFalse();
        cursor.advance(in);
        assertThat(cursor.inside()).isTrue();
        assertThat(cursor.remaining()).isEqualTo(3);
        assertThat(cursor.type()).isEqualTo((byte) 'd');
        assertThat(cursor.length()).isEqualTo(11);

        in.writeBytes(Wire.bytes("'d'"));
        cursor.advanceInside(in);
        assertThat(cursor.remaining()).isEqualTo(2);
        in.writeBytes(Wire.bytes("'ef' 'H'"));
        cursor.advanceInside(in);
        assertThat(cursor.inside()).isFalse();
        assertThat(in.readableBytes()).isEqualTo(1);
    }

    @Test
    void mustNotLookOrStepInsideAMessage() {
        ByteBuf in = Wire.buffer(Wire.bytes("'d' 0000000a 'abc'"));
        assertThatThrownBy(() -> cursor.advance(in)).isInstanceOf(IllegalStateException.class);

        cursor.next(in);
        cursor.advance(in);

        assertThatThrownBy(() -> cursor.next(in)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cursor.advance(in)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Q' 00000003",
                "'Q' 00000000",
                "'Q' ffffffff",
                "'Q' 80000000",
                "'Q' 7fffffff",
                "'Q' 3fffffff",
                "'S' 00002711",
                "'p' 00010000"
            })
    void refusesALengthThatCanNotBe(String wire) {
        assertThatThrownBy(() -> cursor.next(Wire.buffer(Wire.bytes(wire))))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.fatal()).isTrue())
                .hasMessage("invalid message length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'Q' 3ffffffe", "'B' 3ffffffe", "'S' 00002710", "'p' 0000ffff", "'d' 00000004"})
    void takesALengthUpToTheLimit(String wire) {
        assertThat(cursor.next(Wire.buffer(Wire.bytes(wire)))).isTrue();
    }

    @Test
    void takesAMessageOfAGigabyteInPieces() {
        ByteBuf in = Wire.buffer(Wire.bytes("'d' 3ffffffe"));
        cursor.next(in);
        assertThat(cursor.length()).isEqualTo(0x3fffffff);
        cursor.advance(in);
        ByteBuf piece = Unpooled.buffer(1 << 20);
        long consumed = 5;
        while (cursor.inside()) {
            piece.setIndex(0, 1 << 20);
            cursor.advanceInside(piece);
            consumed += piece.readerIndex();
        }
        assertThat(consumed).isEqualTo(0x3fffffff);
    }

    @Test
    void refusesATypeThatDoesNotExist() {
        assertThatThrownBy(() -> cursor.next(Wire.buffer(Wire.bytes("00 00000004"))))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage("invalid frontend message type 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"psql.backend", "pgbench.backend"})
    void findsTheSameMessagesInAStreamSplitAtEveryByte(String capture) {
        byte[] stream = Wire.capture(capture);
        List<String> whole = trace(stream, stream.length);
        assertThat(whole).hasSizeGreaterThan(20);
        for (int split = 1; split < stream.length; split++) {
            assertThat(trace(stream, split)).isEqualTo(whole);
        }
    }

    /** What a cursor sees of a stream that comes in two pieces. */
    private static List<String> trace(byte[] stream, int split) {
        MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
        List<String> messages = new ArrayList<>();
        ByteBuf in = Unpooled.buffer(stream.length);
        int[] ends = {split, stream.length};
        for (int end : ends) {
            in.writeBytes(stream, in.writerIndex(), end - in.writerIndex());
            if (cursor.inside()) {
                cursor.advanceInside(in);
            }
            while (!cursor.inside() && cursor.next(in)) {
                messages.add((char) cursor.type() + ":" + cursor.bodyLength());
                cursor.advance(in);
            }
        }
        assertThat(in.isReadable()).isFalse();
        assertThat(cursor.inside()).isFalse();
        return messages;
    }

    @Test
    void allocatesNothing() {
        ByteBuf in = Unpooled.wrappedBuffer(Wire.capture("pgbench.backend"));
        MessageCursor backend = new MessageCursor(MessageLimits.BACKEND);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(backend, in);
        long before = threads.getCurrentThreadAllocatedBytes();
        long messages = run(backend, in);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(messages).isGreaterThan(20_000);
        assertThat(allocated).isLessThan(messages);
    }

    private static long run(MessageCursor cursor, ByteBuf in) {
        long messages = 0;
        for (int round = 0; round < 1_000; round++) {
            in.readerIndex(0);
            while (cursor.next(in)) {
                messages++;
                cursor.advance(in);
            }
        }
        return messages;
    }
}

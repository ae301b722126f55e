package io.pgring.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.framing.StartupDecoder;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.PasswordMessage;
import io.pgring.pgwire.frontend.SASLInitialResponse;
import io.pgring.pgwire.frontend.SASLResponse;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random bytes, valid streams with a few bytes changed, and lengths and counts that lie: whatever comes, the answer is a result
 * or a {@link ProtocolViolation}; nothing hangs, nothing leaks, and no more memory is taken than the bytes that are there
 * justify.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileBytesTest {
    private static final long SEED = 20_261_122;
    private static final int ROUNDS = 60_000;

    /** What decoding may allocate besides its result: readers, lists, the violation. */
    private static final int ALLOCATED_BYTES_BASE = 16_384;

    /** A field of an ErrorResponse takes two bytes on the wire and an object with a string here. */
    private static final int ALLOCATED_BYTES_PER_BYTE = 128;

    private static final String FRONTEND_TYPES = "BCDEFHPQSXcdf";
    private static final String BACKEND_TYPES = "123ACDEGHIKNRSTVWZcdnstv";
    private static final List<String> CAPTURES =
            List.of("psql.frontend", "pgbench.frontend", "psql.backend", "pgbench.backend");
    private static final byte[] TELLING_BYTES = {0, 1, 2, 3, 4, 5, 8, 0x16, 0x7f, -1, -2, -128, 'S', 'P', 'Q', 'B'};

    /** Counts what it gave out, exactly; Netty's own leak detector, off here, would allocate at every access. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final BindView view = new BindView();

    @AfterEach
    void nothingLeaked() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void everyDecoderSurvivesRandomBodies() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = randomBody(random);
            byte frontendType = (byte) FRONTEND_TYPES.charAt(random.nextInt(FRONTEND_TYPES.length()));
            byte backendType = (byte) BACKEND_TYPES.charAt(random.nextInt(BACKEND_TYPES.length()));
            String description = "random bodies, seed " + SEED + ", round " + round;
            feed(
                    body,
                    description + ", frontend " + (char) frontendType,
                    in -> FrontendMessage.decode(frontendType, in));
            feed(body, description + ", backend " + (char) backendType, in -> BackendMessage.decode(backendType, in));
            feedOthers(body, random, description);
        }
    }

    private void feedOthers(byte[] body, Random random, String description) {
        feed(body, description + ", BindView", view::wrap);
        int missing = random.nextInt(4) == 0 ? random.nextInt(1 << 30) : random.nextInt(20);
        feed(body, description + ", BindView prefix", in -> readPrefix(in, body.length + missing));
        feed(body, description + ", PasswordMessage", PasswordMessage::decode);
        feed(body, description + ", SASLInitialResponse", SASLInitialResponse::decode);
        feed(body, description + ", SASLResponse", SASLResponse::decode);
        feed(body, description + ", StartupDecoder", in -> new StartupDecoder().decode(in));
    }

    private void readPrefix(ByteBuf in, int bodyLength) {
        if (!view.wrapPrefix(in, bodyLength)) {
            return;
        }
        view.requireMatchingFormats();
        for (int i = 0; i < view.parameterCount(); i++) {
            view.parameterFormat(i);
            if (view.parameterAvailable(i) && view.parameterLength(i) > 0) {
                in.getByte(view.parameterStart(i));
                in.getByte(view.parameterStart(i) + view.parameterLength(i) - 1);
            }
        }
    }

    @Test
    void mutatedStreamsAreReadToTheirEndOrRefused() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS / 20; round++) {
            String capture = CAPTURES.get(random.nextInt(CAPTURES.size()));
            byte[] stream = mutated(Wire.capture(capture), random);
            boolean frontend = capture.endsWith(".frontend");
            String description = "mutated " + capture + ", seed " + SEED + ", round " + round;
            feed(stream, description, in -> readStream(in, frontend, random));
        }
    }

    /** Reads a stream as a session would; each message either becomes a record or is refused by itself. */
    private void readStream(ByteBuf in, boolean frontend, Random random) {
        if (frontend) {
            new StartupDecoder().decode(in);
        }
        MessageCursor cursor = new MessageCursor(frontend ? MessageLimits.FRONTEND : MessageLimits.BACKEND);
        while (cursor.next(in)) {
            if (cursor.isWhole(in) && random.nextInt(8) > 0) {
                ByteBuf body = in.slice(in.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength());
                try {
                    decode(cursor.type(), body, frontend);
                } catch (ProtocolViolation violation) {
                    if (violation.fatal()) {
                        throw violation;
                    }
                }
            }
            int before = in.readableBytes();
            cursor.advance(in);
            if (in.readableBytes() >= before || (cursor.inside() && in.isReadable())) {
                throw new AssertionError("the cursor stands still");
            }
            if (cursor.inside()) {
                return;
            }
        }
    }

    private void decode(byte type, ByteBuf body, boolean frontend) {
        if (!frontend) {
            BackendMessage.decode(type, body);
        } else if (type == FrontendType.PASSWORD_MESSAGE) {
            SASLInitialResponse.decode(body);
        } else {
            FrontendMessage.decode(type, body);
            if (type == FrontendType.BIND) {
                view.wrap(body);
            }
        }
    }

    /** Gives the bytes to a reader, in direct or heap memory, and checks what it did. */
    private void feed(byte[] bytes, String description, Consumer<ByteBuf> reader) {
        ByteBuf in = bytes.length % 2 == 0 ? allocator.directBuffer(bytes.length) : allocator.heapBuffer(bytes.length);
        try {
            in.writeBytes(bytes);
            long allocatedMax = ALLOCATED_BYTES_BASE + (long) ALLOCATED_BYTES_PER_BYTE * bytes.length;
            long allocated = allocatedBy(reader, in, description);
            for (int again = 0; allocated > allocatedMax && again < 3; again++) {
                // The first run of some code allocates its classes as well.
                allocated = allocatedBy(reader, in.setIndex(0, bytes.length), description);
            }
            assertThat(allocated).as(description).isLessThanOrEqualTo(allocatedMax);
            assertThat(in.refCnt()).as(description).isEqualTo(1);
        } finally {
            view.clear();
            in.release();
        }
    }

    private long allocatedBy(Consumer<ByteBuf> reader, ByteBuf in, String description) {
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            reader.accept(in);
        } catch (ProtocolViolation expected) {
            // As it should be.
        } catch (RuntimeException | Error e) {
            throw new AssertionError(description, e);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static byte[] randomBody(Random random) {
        byte[] body = new byte[random.nextInt(random.nextInt(50) == 0 ? 2_000 : 60)];
        boolean telling = random.nextBoolean();
        for (int i = 0; i < body.length; i++) {
            body[i] = telling ? tellingByte(random) : (byte) random.nextInt();
        }
        return body;
    }

    private static byte tellingByte(Random random) {
        return TELLING_BYTES[random.nextInt(random.nextInt(3) == 0 ? TELLING_BYTES.length : 3)];
    }

    private static byte[] mutated(byte[] stream, Random random) {
        byte[] result = stream.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = random.nextInt(result.length);
            switch (random.nextInt(4)) {
                case 0 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> result[at] = tellingByte(random);
                case 2 -> result = Arrays.copyOf(result, Math.max(at, 1));
                default -> {
                    int from = random.nextInt(result.length);
                    int length = Math.min(random.nextInt(40), result.length - Math.max(at, from));
                    System.arraycopy(result, from, result, at, length);
                }
            }
        }
        return result;
    }
}

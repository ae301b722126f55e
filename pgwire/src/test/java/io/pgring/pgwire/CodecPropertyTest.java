package io.pgring.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.FrontendMessage;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A codec is strict only if each message has one form: whatever body it takes, it writes back byte for byte. */
class CodecPropertyTest {
    private static final long SEED = 20_261_122;
    private static final int ROUNDS = 100_000;

    /** Bytes of which valid bodies are likely to be made; all of them ASCII, as texts for people are read leniently. */
    private static final byte[] ALPHABET = {0, 0, 0, 0, 1, 2, 'S', 'P', 'I', 'T', 'E', 'a'};

    @Test
    void everyFrontendBodyThatIsTakenIsWrittenBack() {
        checkAll("BCDEFHPQSXcdf", FrontendMessage::decode, FrontendMessage::encode);
    }

    @Test
    void everyBackendBodyThatIsTakenIsWrittenBack() {
        checkAll("123ACDEGHIKNRSTVWZcdnstv", BackendMessage::decode, BackendMessage::encode);
    }

    private interface Decoding<M> {
        M decode(byte type, ByteBuf body);
    }

    private interface Encoding<M> {
        void encode(M message, ByteBuf out);
    }

    private static <M> void checkAll(String types, Decoding<M> decoding, Encoding<M> encoding) {
        Random random = new Random(SEED);
        Set<Character> taken = new TreeSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            char type = types.charAt(round % types.length());
            byte[] body = randomBody(random);
            M message = orNull(in -> decoding.decode((byte) type, in), body);
            if (message != null) {
                taken.add(type);
                byte[] expected = framed(type, body);
                assertThat(Wire.encoded(out -> encoding.encode(message, out)))
                        .as("seed %d round %d: %s", SEED, round, message)
                        .isEqualTo(expected);
            }
        }
        // Of a type whose bodies were all refused the rounds would say nothing. (No random body is an 'R' or a 'K' by
        // chance.)
        assertThat(taken).hasSizeGreaterThanOrEqualTo(types.length() - 2);
    }

    @Test
    void theViewTakesTheSameBindsAsTheRecord() {
        Random random = new Random(SEED);
        BindView view = new BindView();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = randomBody(random);
            Bind bind = orNull(Bind::decode, body);
            Object viewed = orNull(
                    in -> {
                        view.wrap(in);
                        view.requireMatchingFormats();
                        return view;
                    },
                    body);
            assertThat(viewed == null).as("seed %d round %d", SEED, round).isEqualTo(bind == null);
        }
    }

    private static <M> @Nullable M orNull(Function<ByteBuf, M> decode, byte[] body) {
        try {
            return decode.apply(Unpooled.wrappedBuffer(body));
        } catch (ProtocolViolation violation) {
            return null;
        }
    }

    private static byte[] framed(char type, byte[] body) {
        return Wire.encoded(out -> out.writeByte(type).writeInt(body.length + 4).writeBytes(body));
    }

    private static byte[] randomBody(Random random) {
        byte[] body = new byte[random.nextInt(14)];
        for (int i = 0; i < body.length; i++) {
            body[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return body;
    }
}

package io.pgring.pgwire.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.Wire;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.GSSENCRequest;
import io.pgring.pgwire.frontend.SSLRequest;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.pgwire.frontend.StartupPacket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartupDecoderTest {
    private final StartupDecoder decoder = new StartupDecoder();

    static Stream<Arguments> packets() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("user", "j\u00fcrgen");
        parameters.put("database", "shop");
        parameters.put("_pq_.test", "on");
        parameters.put("application_name", "");
        return Stream.of(
                Arguments.of(new SSLRequest(), "00000008 04d2162f"),
                Arguments.of(new GSSENCRequest(), "00000008 04d21630"),
                Arguments.of(new CancelRequest(4242, new byte[] {1, 2, 3, 4}), "00000010 04d2162e 00001092 01020304"),
                Arguments.of(
                        new CancelRequest(-1, new byte[] {1, 2, 3, 4, 5, 6}),
                        "00000012 04d2162e ffffffff 010203040506"),
                Arguments.of(new StartupMessage(3, 0, Map.of()), "00000009 00030000 00"),
                Arguments.of(
                        new StartupMessage(3, 9999, parameters),
                        "00000043 0003270f 'user' 00 'j\u00fcrgen' 00 'database' 00 'shop' 00 '_pq_.test' 00 'on' 00"
                                + " 'application_name' 00 00 00"));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void isExactOnTheWire(StartupPacket packet, String wire) {
        assertThat(Wire.encoded(packet::encode)).isEqualTo(Wire.bytes(wire));
        ByteBuf in = Wire.buffer(Wire.bytes(wire)).writeByte('p');
        assertThat(decoder.decode(in)).isEqualTo(packet).hasSameHashCodeAs(packet);
        assertThat(in.readableBytes()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void waitsForTheWholePacketWhereverItIsSplit(StartupPacket packet, String wire) {
        byte[] bytes = Wire.bytes(wire);
        ByteBuf in = Unpooled.buffer();
        for (int i = 0; i < bytes.length - 1; i++) {
            in.writeByte(bytes[i]);
            assertThat(decoder.decode(in)).isNull();
            assertThat(in.readerIndex()).isZero();
        }
        in.writeByte(bytes[bytes.length - 1]);
        assertThat(decoder.decode(in)).isEqualTo(packet);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void refusesALengthThatDoesNotFitThePacket(StartupPacket packet, String wire) {
        boolean keyHasAnyLength = packet instanceof CancelRequest request && request.secretKey().length > 4;
        byte[] bytes = Wire.bytes(wire);
        for (int length = 8; length < bytes.length && !keyHasAnyLength; length++) {
            ByteBuf in = Unpooled.buffer().writeBytes(bytes).setInt(0, length);
            assertRefused(in, "08P01");
        }
        if (!(packet instanceof CancelRequest)) {
            assertRefused(Unpooled.buffer().writeBytes(bytes).writeByte(0).setInt(0, bytes.length + 1), "08P01");
        }
    }

    private void assertRefused(ByteBuf in, String sqlState) {
        int readerIndex = in.readerIndex();
        assertThatThrownBy(() -> decoder.decode(in)).isInstanceOfSatisfying(ProtocolViolation.class, violation -> {
            assertThat(violation.sqlState()).isEqualTo(sqlState);
            assertThat(violation.fatal()).isTrue();
        });
        assertThat(in.readerIndex()).isEqualTo(readerIndex);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000007", "00000000", "ffffffff", "80000000", "00002711", "7fffffff", "47455420"})
    void refusesALengthOnSight(String wire) {
        assertThatThrownBy(() -> decoder.decode(Wire.buffer(Wire.bytes(wire))))
                .hasMessage("invalid length of startup packet");
    }

    @Test
    void takesTenThousandBytes() {
        StartupMessage message = new StartupMessage(3, 2, Map.of("user", "u".repeat(10_000 - 8 - 5 - 1 - 1)));
        ByteBuf in = Wire.buffer(Wire.encoded(message::encode));
        assertThat(in.readableBytes()).isEqualTo(10_000);
        assertThat(decoder.decode(in)).isEqualTo(message);
    }

    @Test
    void tellsATlsHandshakeFromAPacket() {
        ByteBuf hello = Wire.buffer(Wire.bytes("16"));
        assertThat(StartupDecoder.isTlsHandshake(hello)).isTrue();
        assertThat(StartupDecoder.isTlsHandshake(Unpooled.EMPTY_BUFFER)).isFalse();
        assertThatThrownBy(() -> decoder.decode(hello))
                .hasMessage("received a TLS handshake instead of a startup packet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000009 00020000 00", "00000009 00040000 00", "00000008 04d21631"})
    void refusesAnotherMajorVersion(String wire) {
        assertRefused(Wire.buffer(Wire.bytes(wire)), "0A000");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 257})
    void refusesACancelKeyOfTheWrongLength(int keyBytes) {
        ByteBuf in = Unpooled.buffer()
                .writeInt(12 + keyBytes)
                .writeInt(CancelRequest.CODE)
                .writeInt(1)
                .writeZero(keyBytes);
        assertRefused(in, "08P01");
    }

    @Test
    void keepsTheLastValueOfAParameterSentTwice() {
        ByteBuf in = Wire.buffer(Wire.bytes("0000001c 00030000 'user' 00 'a' 00 'x' 00 'y' 00 'user' 00 'bb' 00 00"));
        StartupMessage message = (StartupMessage) Objects.requireNonNull(decoder.decode(in));
        assertThat(message.parameters()).containsExactly(Map.entry("user", "bb"), Map.entry("x", "y"));
    }

    @Test
    void refusesNamesThatAreNotUtf8ExceptThatOfTheApplication() {
        assertRefused(Wire.buffer(Wire.bytes("00000010 00030000 'user' 00 ff 00 00")), "22021");
        ByteBuf in = Wire.buffer(Wire.bytes("0000001c 00030000 'application_name' 00 ff 00 00"));
        StartupMessage message = (StartupMessage) Objects.requireNonNull(decoder.decode(in));
        assertThat(message.parameters()).containsEntry("application_name", "\ufffd");
    }

    @Test
    void readsWhatLibpqSends() {
        StartupMessage message =
                (StartupMessage) Objects.requireNonNull(decoder.decode(Wire.buffer(Wire.capture("psql.frontend"))));
        assertThat(message.user()).isEqualTo("postgres");
        assertThat(message.database()).isEqualTo("postgres");
        String options = Objects.requireNonNull(message.parameters().get("options"));
        assertThat(StartupOptions.parse(options))
                .containsExactly(Map.entry("geqo", "off"), Map.entry("work_mem", "8MB"));
    }
}

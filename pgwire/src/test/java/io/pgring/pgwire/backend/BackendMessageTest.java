package io.pgring.pgwire.backend;

import static io.pgring.pgwire.codec.CodecContract.assertExact;
import static io.pgring.pgwire.codec.CodecContract.assertRefused;
import static io.pgring.pgwire.codec.CodecContract.assertStrict;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.Wire;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendMessageTest {
    /** A message, its bytes, and whether its end is known only from the length. */
    record Case(BackendMessage message, String wire, boolean open) {
        BackendMessage decode(ByteBuf body) {
            return BackendMessage.decode(Wire.bytes(wire)[0], body);
        }

        @Override
        public String toString() {
            return message.getClass().getSimpleName() + " " + wire;
        }
    }

    static Stream<Case> messages() {
        return Stream.concat(
                authentication(),
                Stream.concat(
                        results(),
                        Stream.of(
                                of(new BindComplete(), "'2' 00000004"),
                                of(new CloseComplete(), "'3' 00000004"),
                                of(new CopyDone(), "'c' 00000004"),
                                of(new EmptyQueryResponse(), "'I' 00000004"),
                                of(new NoData(), "'n' 00000004"),
                                of(new ParseComplete(), "'1' 00000004"),
                                of(new PortalSuspended(), "'s' 00000004"))));
    }

    private static Stream<Case> authentication() {
        return Stream.of(
                of(new AuthenticationOk(), "'R' 00000008 00000000"),
                of(new AuthenticationCleartextPassword(), "'R' 00000008 00000003"),
                of(new AuthenticationMD5Password(new byte[] {1, 2, 3, -1}), "'R' 0000000c 00000005 010203ff"),
                of(
                        new AuthenticationSASL(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")),
                        "'R' 0000002a 0000000a 'SCRAM-SHA-256-PLUS' 00 'SCRAM-SHA-256' 00 00"),
                open(new AuthenticationSASLContinue("r=x".getBytes(UTF_8)), "'R' 0000000b 0000000b 'r=x'"),
                open(new AuthenticationSASLFinal("v=x".getBytes(UTF_8)), "'R' 0000000b 0000000c 'v=x'"),
                open(new BackendKeyData(4242, new byte[] {1, 2, 3, 4}), "'K' 0000000c 00001092 01020304"),
                open(new BackendKeyData(-1, new byte[6]), "'K' 0000000e ffffffff 000000000000"),
                of(
                        new NegotiateProtocolVersion(196610, List.of("_pq_.a", "_pq_.b")),
                        "'v' 0000001a 00030002 00000002 '_pq_.a' 00 '_pq_.b' 00"),
                of(new NegotiateProtocolVersion(196608, List.of()), "'v' 0000000c 00030000 00000000"),
                of(new ParameterStatus("TimeZone", "Etc/UTC"), "'S' 00000015 'TimeZone' 00 'Etc/UTC' 00"),
                of(new ParameterStatus("application_name", ""), "'S' 00000016 'application_name' 00 00"),
                of(new ReadyForQuery(TransactionStatus.IDLE), "'Z' 00000005 'I'"),
                of(new ReadyForQuery(TransactionStatus.IN_TRANSACTION), "'Z' 00000005 'T'"),
                of(new ReadyForQuery(TransactionStatus.FAILED), "'Z' 00000005 'E'"));
    }

    private static Stream<Case> results() {
        return Stream.of(
                of(new CommandComplete("INSERT 0 1"), "'C' 0000000f 'INSERT 0 1' 00"),
                of(new CopyInResponse((byte) 0, new int[] {0, 0}), "'G' 0000000b 00 0002 0000 0000"),
                of(new CopyOutResponse((byte) 1, new int[] {1}), "'H' 00000009 01 0001 0001"),
                of(new CopyBothResponse((byte) 0, new int[] {}), "'W' 00000007 00 0000"),
                open(new CopyData(new byte[] {'a', 0, 'b'}), "'d' 00000007 'a' 00 'b'"),
                of(DataRow.ofText("Alice", null, ""), "'D' 00000017 0003 00000005 'Alice' ffffffff 00000000"),
                of(new DataRow(new byte[0][]), "'D' 00000006 0000"),
                of(
                        ErrorResponse.error("22012", "division by zero"),
                        "'E' 0000002c 'SERROR' 00 'VERROR' 00 'C22012' 00 'Mdivision by zero' 00 00"),
                of(
                        NoticeResponse.warning("25001", "there is already a transaction in progress"),
                        "'N' 0000004a 'SWARNING' 00 'VWARNING' 00 'C25001' 00"
                                + " 'Mthere is already a transaction in progress' 00 00"),
                of(new FunctionCallResponse(new byte[] {7}), "'V' 00000009 00000001 07"),
                of(new FunctionCallResponse(null), "'V' 00000008 ffffffff"),
                of(new NotificationResponse(77, "c", "payload"), "'A' 00000012 0000004d 'c' 00 'payload' 00"),
                of(new ParameterDescription(new int[] {25, 20}), "'t' 0000000e 0002 00000019 00000014"),
                of(new RowDescription(List.of()), "'T' 00000006 0000"),
                of(
                        new RowDescription(List.of(
                                new RowDescription.Field("key", 16385, 1, 25, -1, -1, 0),
                                new RowDescription.Field("\u20ac", -2, -7, 23, 4, -1, 1))),
                        "'T' 00000032 0002 'key' 00 00004001 0001 00000019 ffff ffffffff 0000"
                                + " '\u20ac' 00 fffffffe fff9 00000017 0004 ffffffff 0001"));
    }

    private static Case of(BackendMessage message, String wire) {
        return new Case(message, wire, false);
    }

    private static Case open(BackendMessage message, String wire) {
        return new Case(message, wire, true);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isExactOnTheWire(Case c) {
        assertExact(c.message, c.message::encode, c::decode, c.wire);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void refusesABodyThatIsTooShortOrTooLong(Case c) {
        if (!c.open) {
            assertStrict(c::decode, c.wire);
        }
    }

    @Test
    void refusesACancelKeyOfTheWrongLength() {
        assertRefused(BackendKeyData::decode, new byte[4 + 3]);
        assertRefused(BackendKeyData::decode, new byte[4 + 257]);
        assertThat(BackendKeyData.decode(Wire.buffer(new byte[4 + 256])).secretKey())
                .hasSize(256);
        assertThatThrownBy(() -> new BackendKeyData(1, new byte[3])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAnUnknownTransactionStatus() {
        assertRefused(ReadyForQuery::decode, new byte[] {'X'});
    }

    @Test
    void refusesAnUnknownType() {
        assertThatThrownBy(() -> BackendMessage.decode((byte) 0x80, Unpooled.EMPTY_BUFFER))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage("invalid backend message type 128");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 6, 7, 8, 9, 99})
    void saysWhichAuthenticationIsNotSupported(int code) {
        ByteBuf body = Unpooled.buffer().writeInt(code);
        assertThatThrownBy(() -> Authentication.decode(body))
                .hasMessageMatching("server asks for authentication by .*, which is not supported")
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.sqlState()).isEqualTo("0A000"));
    }

    @Test
    void refusesCountsThatTheBodyCanNotHold() {
        assertRefused(RowDescription::decode, Wire.bytes("ffff 00"));
        assertRefused(DataRow::decode, Wire.bytes("ffff ffffffff"));
        assertRefused(ParameterDescription::decode, Wire.bytes("ffff 00000000"));
        assertRefused(CopyInResponse::decode, Wire.bytes("00 ffff 0000"));
        assertRefused(NegotiateProtocolVersion::decode, Wire.bytes("00030000 7fffffff 00"));
        assertRefused(NegotiateProtocolVersion::decode, Wire.bytes("00030000 ffffffff 00"));
        assertRefused(DataRow::decode, Wire.bytes("0001 7fffffff"));
        assertRefused(DataRow::decode, Wire.bytes("0001 fffffffe"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 7", "INSERT 0 7", "INSERT 16385 7", "COPY 7", "MERGE 7", "FETCH 7", "MOVE 7"})
    void findsTheRowsOfACommand(String tag) {
        assertThat(new CommandComplete(tag).rows()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "BEGIN", "CREATE TABLE", "SELECT ", "SELECT x7", "SELECT 9999999999999999999"})
    void findsNoRowsWhereATagHasNone(String tag) {
        assertThat(new CommandComplete(tag).rows()).isEqualTo(-1);
    }
}

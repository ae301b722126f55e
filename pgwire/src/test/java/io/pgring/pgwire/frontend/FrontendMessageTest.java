package io.pgring.pgwire.frontend;

import static io.pgring.pgwire.codec.CodecContract.assertExact;
import static io.pgring.pgwire.codec.CodecContract.assertRefused;
import static io.pgring.pgwire.codec.CodecContract.assertStrict;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.Wire;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrontendMessageTest {
    private static final int[] NONE = {};

    /** A message, its bytes, its decoder when the type does not tell, and whether its end is known from inside. */
    record Case(
            FrontendMessage message, String wire, Function<ByteBuf, ? extends FrontendMessage> decode, boolean open) {
        @Override
        public String toString() {
            return message.getClass().getSimpleName() + " " + wire;
        }
    }

    static Stream<Case> messages() {
        return Stream.of(
                of(Query.of("SELECT 1"), "'Q' 0000000d 'SELECT 1' 00"),
                of(Query.of(""), "'Q' 00000005 00"),
                of(new Query("'\u00e4'".getBytes(ISO_8859_1)), "'Q' 00000008 27e427 00"),
                of(new Parse("", "SELECT $1".getBytes(UTF_8), NONE), "'P' 00000011 00 'SELECT $1' 00 0000"),
                of(
                        new Parse("S_1", "BEGIN".getBytes(UTF_8), new int[] {23, 0, -1}),
                        "'P' 0000001c 'S_1' 00 'BEGIN' 00 0003 00000017 00000000 ffffffff"),
                of(new Bind("", "", NONE, new byte[0][], NONE), "'B' 0000000c 00 00 0000 0000 0000"),
                of(
                        new Bind("C_2", "S_1", new int[] {0, 1}, new byte[][] {{'4', '2'}, null}, new int[] {1}),
                        "'B' 00000022 'C_2' 00 'S_1' 00 0002 0000 0001 0002 00000002 '42' ffffffff 0001 0001"),
                of(
                        new Bind("", "s", new int[] {1}, new byte[][] {{}, {0, 0, 0, 7}}, NONE),
                        "'B' 0000001b 00 's' 00 0001 0001 0002 00000000 00000004 00000007 0000"),
                of(new Describe(Target.STATEMENT, "S_1"), "'D' 00000009 'S' 'S_1' 00"),
                of(new Describe(Target.PORTAL, ""), "'D' 00000006 'P' 00"),
                of(new Close(Target.STATEMENT, "schl\u00fcssel"), "'C' 00000010 'S' 'schl\u00fcssel' 00"),
                of(new Close(Target.PORTAL, "p"), "'C' 00000007 'P' 'p' 00"),
                of(new Execute("", 0), "'E' 00000009 00 00000000"),
                of(new Execute("C_2", 50), "'E' 0000000c 'C_2' 00 00000032"),
                of(new Flush(), "'H' 00000004"),
                of(new Sync(), "'S' 00000004"),
                of(new Terminate(), "'X' 00000004"),
                of(new CopyDone(), "'c' 00000004"),
                of(new CopyFail("gave up"), "'f' 0000000c 'gave up' 00"),
                open(new CopyData("1\tx\n".getBytes(UTF_8)), "'d' 00000008 '1' 09 'x' 0a", CopyData::decode),
                open(new CopyData(new byte[0]), "'d' 00000004", CopyData::decode),
                of(
                        new FunctionCall(954, new int[] {1}, new byte[][] {{0, 0, 0, 1}, null}, 1),
                        "'F' 0000001c 000003ba 0001 0001 0002 00000004 00000001 ffffffff 0001"),
                of(new FunctionCall(-2, NONE, new byte[0][], 0), "'F' 0000000e fffffffe 0000 0000 0000"),
                closed(PasswordMessage.of("secret"), "'p' 0000000b 'secret' 00", PasswordMessage::decode),
                closed(
                        new SASLInitialResponse("SCRAM-SHA-256", "n,,n=,r=x".getBytes(UTF_8)),
                        "'p' 0000001f 'SCRAM-SHA-256' 00 00000009 'n,,n=,r=x'",
                        SASLInitialResponse::decode),
                closed(
                        new SASLInitialResponse("EXTERNAL", null),
                        "'p' 00000011 'EXTERNAL' 00 ffffffff",
                        SASLInitialResponse::decode),
                open(new SASLResponse("c=biws".getBytes(UTF_8)), "'p' 0000000a 'c=biws'", SASLResponse::decode));
    }

    private static Case of(FrontendMessage message, String wire) {
        byte type = Wire.bytes(wire)[0];
        return closed(message, wire, body -> FrontendMessage.decode(type, body));
    }

    private static Case closed(
            FrontendMessage message, String wire, Function<ByteBuf, ? extends FrontendMessage> decode) {
        return new Case(message, wire, decode, false);
    }

    private static Case open(
            FrontendMessage message, String wire, Function<ByteBuf, ? extends FrontendMessage> decode) {
        return new Case(message, wire, decode, true);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isExactOnTheWire(Case c) {
        assertExact(c.message, c.message::encode, c.decode::apply, c.wire);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void refusesABodyThatIsTooShortOrTooLong(Case c) {
        if (!c.open) {
            assertStrict(c.decode, c.wire);
        }
    }

    @Test
    void refusesASubtypeThatIsNeitherStatementNorPortal() {
        assertThatThrownBy(() -> Describe.decode(Wire.buffer(Wire.bytes("'X' 'a' 00"))))
                .hasMessage("invalid DESCRIBE message subtype 88");
        assertThatThrownBy(() -> Close.decode(Wire.buffer(Wire.bytes("00 'a' 00"))))
                .hasMessage("invalid CLOSE message subtype 0");
    }

    @Test
    void refusesFormatsThatDoNotMatchTheValues() {
        byte[] bind = Wire.bytes("00 00 0002 0000 0000 0001 ffffffff 0000");
        assertThatThrownBy(() -> Bind.decode(Wire.buffer(bind)))
                .hasMessage("bind message has 2 parameter formats but 1 parameters");
        byte[] call = Wire.bytes("00000001 0002 0000 0000 0001 ffffffff 0000");
        assertThatThrownBy(() -> FunctionCall.decode(Wire.buffer(call)))
                .hasMessage("function call message contains 2 argument formats but 1 arguments");
    }

    @Test
    void refusesANegativeLengthOtherThanThatOfNull() {
        assertRefused(Bind::decode, Wire.bytes("00 00 0000 0001 fffffffe 0000"));
        assertRefused(FunctionCall::decode, Wire.bytes("00000001 0000 0001 80000000 0000"));
        assertRefused(SASLInitialResponse::decode, Wire.bytes("'X' 00 fffffffe"));
    }

    @Test
    void refusesANameThatIsNotUtf8ButKeepsTheTextOfAQueryAsItIs() {
        assertThatThrownBy(() -> Execute.decode(Wire.buffer(Wire.bytes("ff 00 00000000"))))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.sqlState()).isEqualTo("22021"));
        assertThat(Parse.decode(Wire.buffer(Wire.bytes("00 fe 00 0000"))).query())
                .containsExactly(0xfe);
    }

    @Test
    void leavesNothingBehindWhenAMessageCanNotBeCarried() {
        ByteBuf out = Unpooled.buffer().writeByte(1);
        assertThatThrownBy(() -> new Parse("a\0b", new byte[0], NONE).encode(out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Query(new byte[] {'a', 0}).encode(out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Parse("a", new byte[0], new int[65_536]).encode(out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(out.writerIndex()).isEqualTo(1);
    }

    @Test
    void carriesAsManyParametersAsTheProtocolAllows() {
        byte[][] parameters = new byte[65_535][];
        Bind bind = new Bind("", "", NONE, parameters, new int[65_535]);
        ByteBuf body = Wire.buffer(Wire.encoded(bind::encode)).skipBytes(5);
        assertThat(Bind.decode(body)).isEqualTo(bind);
    }

    @Test
    void hasNoPasswordMessageAfterAuthentication() {
        assertThatThrownBy(() -> FrontendMessage.decode((byte) 'p', Unpooled.EMPTY_BUFFER))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.fatal()).isTrue())
                .hasMessage("invalid frontend message type 112");
    }

    @Test
    void readsTextsAsUtf8() {
        assertThat(Query.of("SELECT '\u20ac'").sql()).isEqualTo("SELECT '\u20ac'");
        assertThat(PasswordMessage.of("p\u00e4ss").text()).isEqualTo("p\u00e4ss");
    }
}

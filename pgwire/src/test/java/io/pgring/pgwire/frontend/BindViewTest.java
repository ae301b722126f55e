package io.pgring.pgwire.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.Wire;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BindViewTest {
    private static final String BODY = "'C_2' 00 'S_1' 00 0002 0000 0001 0002 00000002 '42' ffffffff 0001 0001";

    private final BindView view = new BindView();

    @Test
    void readsABindInPlace() {
        ByteBuf body = Wire.buffer(Wire.bytes(BODY));
        view.wrap(body);

        assertThat(view.portal()).isEqualTo("C_2");
        assertThat(view.portalStart()).isEqualTo(body.readerIndex());
        assertThat(view.portalLength()).isEqualTo(3);
        assertThat(view.portalIsUnnamed()).isFalse();
        assertThat(view.statement()).isEqualTo("S_1");
        assertThat(view.statementStart()).isEqualTo(body.readerIndex() + 4);
        assertThat(view.statementLength()).isEqualTo(3);
        assertThat(view.statementIsUnnamed()).isFalse();
        assertThat(view.parameterCount()).isEqualTo(2);
        assertThat(view.parameterFormat(0)).isZero();
        assertThat(view.parameterFormat(1)).isEqualTo(1);
        assertThat(view.parameterAvailable(0)).isTrue();
        assertThat(text(body, 0)).isEqualTo("42");
        assertThat(view.parameterAvailable(1)).isTrue();
        assertThat(view.parameterLength(1)).isEqualTo(-1);
        assertThat(view.resultFormatCount()).isEqualTo(1);
        assertThat(view.resultFormat(0)).isEqualTo(1);
        assertThat(body.refCnt()).isEqualTo(1);
    }

    private String text(ByteBuf body, int i) {
        return body.toString(view.parameterStart(i), view.parameterLength(i), StandardCharsets.UTF_8);
    }

    @Test
    void readsTheSmallestBind() {
        view.wrap(Wire.buffer(Wire.bytes("00 00 0000 0000 0000")));

        assertThat(view.portalIsUnnamed()).isTrue();
        assertThat(view.statementIsUnnamed()).isTrue();
        assertThat(view.portal()).isEmpty();
        assertThat(view.parameterCount()).isZero();
        assertThat(view.resultFormatCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0000,0,0",
        "0001 0000,0,0",
        "0001 0001,1,1",
        "0002 0001 0000,1,0",
        "0002 0000 0001,0,1",
        "0001 0007,7,7",
        "0001 ffff,-1,-1"
    })
    void spreadsNoneOneOrManyFormats(String formats, int first, int second) {
        view.wrap(Wire.buffer(Wire.bytes("00 00" + formats + "0002 ffffffff ffffffff 0000")));

        assertThat(view.parameterFormat(0)).isEqualTo(first);
        assertThat(view.parameterFormat(1)).isEqualTo(second);
    }

    @Test
    void refusesABodyThatIsTooShortOrTooLongAndIsThenEmpty() {
        byte[] whole = Wire.bytes(BODY);
        for (int length = 0; length <= whole.length + 1; length++) {
            if (length == whole.length) {
                continue;
            }
            ByteBuf body = Wire.buffer(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> view.wrap(body))
                    .as("%d bytes", length)
                    .isInstanceOfSatisfying(
                            ProtocolViolation.class,
                            violation -> assertThat(violation.fatal()).isFalse());
            assertThat(view.parameterCount()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "00 00 0000 0001 fffffffe 0000,insufficient data left in message",
                "00 00 0000 0001 80000000 0000,insufficient data left in message",
                "00 00 0000 0001 7fffffff 0000,insufficient data left in message",
                "00 00 0000 ffff ffffffff 0000,insufficient data left in message",
                "00 00 ffff 0000,insufficient data left in message",
                "00 00 0000 0000 0001,insufficient data left in message",
                "00 00 0000 0000 0000 00,invalid message format",
                "'abc',invalid string in message",
                "'abc' 00 'd',invalid string in message"
            })
    void refusesInThePostgresWords(String body, String message) {
        assertThatThrownBy(() -> view.wrap(Wire.buffer(Wire.bytes(body)))).hasMessage(message);
    }

    @Test
    void refusesFormatsThatDoNotMatchWhenAskedToLook() {
        view.wrap(Wire.buffer(Wire.bytes("00 's' 00 0002 0000 0000 0001 ffffffff 0000")));

        assertThat(view.statement()).isEqualTo("s");
        assertThatThrownBy(view::requireMatchingFormats)
                .hasMessage("bind message has 2 parameter formats but 1 parameters");
    }

    @Test
    void refusesANameThatIsNotUtf8WhenAskedForIt() {
        view.wrap(Wire.buffer(Wire.bytes("ff 00 fe 00 0000 0000 0000")));

        assertThatThrownBy(view::portal).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(view::statement).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void readsThePrefixOfALongBind() {
        byte[] head = Wire.bytes("00 's' 00 0000 0003 00000002 '42' 3b9aca00 'many bytes'");
        ByteBuf prefix = Wire.buffer(head);
        int bodyLength = head.length - 10 + 1_000_000_000 + 4 + 2;

        assertThat(view.wrapPrefix(prefix, bodyLength)).isTrue();
        assertThat(view.statement()).isEqualTo("s");
        assertThat(view.parameterCount()).isEqualTo(3);
        assertThat(view.parameterAvailable(0)).isTrue();
        assertThat(text(prefix, 0)).isEqualTo("42");
        assertThat(view.parameterAvailable(1)).isFalse();
        assertThat(view.parameterLength(1)).isEqualTo(1_000_000_000);
        assertThat(view.parameterAvailable(2)).isFalse();
        assertThatThrownBy(() -> view.parameterLength(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(view.resultFormatCount()).isEqualTo(-1);
    }

    @Test
    void refusesAPrefixThatCanNotGrowIntoTheBody() {
        byte[] head = Wire.bytes("00 's' 00 0000 0003 00000002 '42' 3b9aca00 'many bytes'");
        assertThatThrownBy(() -> view.wrapPrefix(Wire.buffer(head), 1_000_000_000))
                .isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> view.wrapPrefix(Wire.buffer(head), head.length - 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsEveryPrefix() {
        byte[] whole = Wire.bytes(BODY);
        int head = Wire.bytes("'C_2' 00 'S_1' 00 0002 0000 0001 0002").length;
        for (int length = 0; length <= whole.length; length++) {
            ByteBuf prefix = Wire.buffer(Arrays.copyOf(whole, length));
            assertThat(view.wrapPrefix(prefix, whole.length)).isEqualTo(length >= head);
            if (length >= head) {
                assertThat(view.statement()).isEqualTo("S_1");
                assertThat(view.parameterAvailable(0)).isEqualTo(length >= head + 6);
                assertThat(view.parameterAvailable(1)).isEqualTo(length >= head + 10);
                assertThat(view.resultFormatCount()).isEqualTo(length == whole.length ? 1 : -1);
            }
        }
    }

    @Test
    void canBeUsedAgainAndLetsGo() {
        view.wrap(Wire.buffer(Wire.bytes(BODY)));
        view.wrap(Wire.buffer(Wire.bytes("00 00 0000 0001 00000000 0000")));
        assertThat(view.parameterCount()).isEqualTo(1);
        assertThat(view.parameterLength(0)).isZero();
        assertThatThrownBy(() -> view.parameterLength(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.parameterFormat(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.resultFormat(0)).isInstanceOf(IndexOutOfBoundsException.class);
        view.clear();
        assertThat(view.parameterCount()).isZero();
        assertThat(view.resultFormatCount()).isEqualTo(-1);
        assertThat(view.portal()).isEmpty();
    }

    @Test
    void readsAsManyParametersAsTheProtocolAllows() {
        byte[][] parameters = new byte[65_535][];
        parameters[65_534] = new byte[] {'z'};
        Bind bind = new Bind("", "", new int[0], parameters, new int[0]);
        ByteBuf body = Wire.buffer(Wire.encoded(bind::encode)).skipBytes(5);
        view.wrap(body);
        assertThat(view.parameterCount()).isEqualTo(65_535);
        assertThat(text(body, 65_534)).isEqualTo("z");
    }

    @Test
    void allocatesNothing() {
        ByteBuf body = Unpooled.wrappedBuffer(Wire.bytes(BODY));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(body);
        long before = threads.getCurrentThreadAllocatedBytes();
        long rounds = run(body);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(rounds);
    }

    private long run(ByteBuf body) {
        long rounds = 0;
        long sum = 0;
        for (; rounds < 20_000; rounds++) {
            view.wrap(body);
            sum += view.parameterStart(0) + view.parameterLength(0) + view.parameterFormat(1);
        }
        assertThat(sum).isPositive();
        return rounds;
    }
}

package io.pgring.proxy.merge.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumericTest {
    static Stream<List<String>> numerics() {
        return Golden.lines("numerics").stream();
    }

    static Stream<List<String>> quotients() {
        return Golden.lines("quotients").stream();
    }

    @ParameterizedTest
    @MethodSource("numerics")
    void isReadAndWrittenAsTheServerDoesIt(List<String> golden) {
        String text = golden.get(0);
        String hex = golden.get(1);
        Numeric ofText = WireValue.text(text).numeric(Format.TEXT);
        Numeric ofBinary = WireValue.hex(hex).numeric(Format.BINARY);
        assertThat(ofBinary).isEqualTo(ofText);
        assertThat(ByteBufUtil.hexDump(encoded(ofText, Format.BINARY))).isEqualTo(hex);
        assertThat(encoded(ofBinary, Format.TEXT).toString(UTF_8)).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("quotients")
    void isDividedAsTheServerDoesIt(List<String> golden) {
        Numeric dividend = text(golden.get(0));
        long divisor = Long.parseLong(golden.get(1));
        assertThat(dividend.dividedBy(divisor)).hasToString(golden.get(2));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2.50, 3.50",
        "1.000, -1, 0.000",
        "NaN, 1, NaN",
        "1, NaN, NaN",
        "Infinity, NaN, NaN",
        "NaN, -Infinity, NaN",
        "Infinity, -Infinity, NaN",
        "-Infinity, Infinity, NaN",
        "Infinity, Infinity, Infinity",
        "-Infinity, -Infinity, -Infinity",
        "Infinity, -5, Infinity",
        "-5, -Infinity, -Infinity",
    })
    void isAddedAsTheServerDoesIt(String left, String right, String sum) {
        assertThat(text(left).plus(text(right))).hasToString(sum);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "1.2.3", "1e5", "+1", " 1", "1 ", "0x10", "1-", "nan", "1,5", "$1"})
    void aTextThatTheServerDoesNotSendIsNoNumber(String text) {
        assertThatThrownBy(() -> text(text)).isInstanceOf(MergeFailure.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00000000000000",
                "0001000000000000",
                "00010000000000000001ff",
                "00010000000000002710",
                "0000000010000000",
                "0001ffff000000000001",
                "ffff000000000000",
            })
    void bytesThatTheServerDoesNotSendAreNoNumber(String hex) {
        assertThatThrownBy(() -> WireValue.hex(hex).numeric(Format.BINARY)).isInstanceOf(MergeFailure.class);
    }

    @Test
    void aSumBeyondTheTypeIsAnError() {
        Numeric large = text("9".repeat(131_072));
        assertThatThrownBy(() -> large.plus(large))
                .isInstanceOfSatisfying(
                        MergeFailure.class,
                        failure -> assertThat(failure.sqlState()).isEqualTo("22003"))
                .hasMessage("value overflows numeric format");
    }

    private static Numeric text(String text) {
        return WireValue.text(text).numeric(Format.TEXT);
    }

    private static ByteBuf encoded(Numeric number, int format) {
        ByteBuf out = Unpooled.buffer();
        number.encode(format, out);
        return out;
    }
}

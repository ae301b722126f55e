package io.pgring.proxy.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyRowSplitterTest {
    private static final CopyKeyColumn SECOND = new CopyKeyColumn("key", 1, 2);
    private static final String BINARY_HEADER = "5047434f50590aff0d0a00" + "00000000" + "00000000";

    private static RecordingRows text(String data) {
        return Splitting.whole(CopyFormat.Text.DEFAULT, SECOND, data.getBytes(UTF_8));
    }

    private static RecordingRows csv(String data) {
        return Splitting.whole(CopyFormat.Csv.DEFAULT, SECOND, data.getBytes(UTF_8));
    }

    private static RecordingRows binary(String digits) {
        return Splitting.whole(new CopyFormat.Binary(), SECOND, HexFormat.of().parseHex(digits));
    }

    @Test
    void aRowKeepsItsBytesAndItsKeyIsDecoded() {
        RecordingRows rows = text("x\\ty\ta\\tb\n1\t\\N\nz\t");
        assertThat(rows.rows()).containsExactly("x\\ty\ta\\tb\n", "1\t\\N\n", "z\t");
        assertThat(rows.keys()).containsExactly("a\tb", "NULL", "");
    }

    @Test
    void quotedLinesOfCsvAreOneRow() {
        RecordingRows rows = csv("\"a\nb\",\"c\r\n\"\"d\"\"\"\r\ne,\r\n");
        assertThat(rows.rows()).containsExactly("\"a\nb\",\"c\r\n\"\"d\"\"\"\r\n", "e,\r\n");
        assertThat(rows.keys()).containsExactly("c\r\n\"d\"", "NULL");
    }

    @Test
    void theHeaderAndTheEndMarkerAreReportedApart() {
        CopyFormat format = new CopyFormat.Text((byte) '|', "", true);
        RecordingRows rows = Splitting.whole(format, SECOND, "a|b\n1|2\n\\.\nwhatever\n".getBytes(UTF_8));
        assertThat(rows.headers()).containsExactly("a|b\n");
        assertThat(rows.rows()).containsExactly("1|2\n");
        assertThat(rows.markers()).containsExactly("\\.\n");
    }

    @Test
    void aServerOfVersion18TakesTheEndMarkerInCsvForData() {
        CopyFormat format = new CopyFormat.Csv((byte) ',', "", (byte) '"', (byte) '"', false, false);
        RecordingRows rows = Splitting.whole(format, new CopyKeyColumn("key", 0, 1), "\\.\na\n".getBytes(UTF_8));
        assertThat(rows.keys()).containsExactly("\\.", "a");
        assertThat(rows.markers()).isEmpty();
    }

    @Test
    void noDataIsNoRows() {
        assertThat(text("").rows()).isEmpty();
        assertThat(csv("").rows()).isEmpty();
        assertThat(binary(BINARY_HEADER).rows()).isEmpty();
    }

    @Test
    void binaryKeysAreTheBytesOfTheField() {
        RecordingRows rows = binary(BINARY_HEADER + "0002 ffffffff 00000001 61".replace(" ", "") + "0002" + "00000000"
                + "ffffffff" + "ffff");
        assertThat(rows.keyDigits()).containsExactly("61", "N");
        assertThat(rows.markers()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'a\tb\nc\n', 2, 'missing data for column \"key\"'",
        "'a\tb\nc\td\r\n', 2, 'literal carriage return found in data'",
        "'a\tb\r\nc\td\n', 2, 'literal newline found in data'",
        "'a\tb\rc\td\n', 2, 'literal newline found in data'",
        "'a\tb\r\nc\td\re', 2, 'literal carriage return found in data'",
        "'a\tb\nc\\.\n', 2, 'end-of-copy marker is not alone on its line'",
    })
    void malformedTextIsReportedWithItsRow(String data, long row, String message) {
        assertThatThrownBy(() -> text(data))
                .isInstanceOfSatisfying(CopyFailure.class, failure -> {
                    assertThat(failure.sqlState()).isEqualTo("22P04");
                    assertThat(failure.row()).isEqualTo(row);
                })
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'a,b\nc\n', 2, 'missing data for column \"key\"'",
        "'a,b\nc,\"d\n', 2, 'unterminated CSV quoted field'",
        "'a,b\nc,d\r\n', 2, 'unquoted carriage return found in data'",
        "'a,b\r\nc,d\n', 2, 'unquoted newline found in data'",
    })
    void malformedCsvIsReportedWithItsRow(String data, long row, String message) {
        assertThatThrownBy(() -> csv(data))
                .isInstanceOfSatisfying(CopyFailure.class, failure -> {
                    assertThat(failure.sqlState()).isEqualTo("22P04");
                    assertThat(failure.row()).isEqualTo(row);
                })
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 0, COPY file signature not recognized",
        "5047434f50590aff0d0a0100000000, 00000000, 0, COPY file signature not recognized",
        "5047434f50590aff0d0a0000010000, 00000000, 0, invalid COPY file header (WITH OIDS)",
        "5047434f50590aff0d0a0000020000, 00000000, 0, unrecognized critical flags in COPY file header",
        "5047434f50590aff0d0a0000000000, ffffffff, 0, invalid COPY file header (missing length)",
        "5047434f50590aff0d0a0000000000, 00000000 0003, 1, 'row field count is 3, expected 2'",
        "5047434f50590aff0d0a0000000000, 00000000 fffe, 1, 'row field count is -2, expected 2'",
        "5047434f50590aff0d0a0000000000, 00000000 0002 fffffffe, 1, invalid field size",
        "5047434f50590aff0d0a0000000000, 00000000 0002 00000001, 1, unexpected EOF in COPY data",
        "5047434f50590aff0d0a0000000000, 00000000 00, 1, unexpected EOF in COPY data",
        "5047434f50590aff0d0a0000000000, 00000000 ffff 00, 2, received copy data after EOF marker",
    })
    void malformedBinaryDataIsReportedWithItsRow(String header, String rest, long row, String message) {
        assertThatThrownBy(() -> binary(header + rest.replace(" ", "")))
                .isInstanceOfSatisfying(CopyFailure.class, failure -> {
                    assertThat(failure.sqlState()).isEqualTo("22P04");
                    assertThat(failure.row()).isEqualTo(row);
                })
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRowOverTheLimitIsAnErrorBeforeItIsHeld(boolean byteByByte) {
        String data = "a\tb\n" + "c".repeat(20) + "\td\n";
        CopyRowSplitter splitter = CopyRowSplitter.of(CopyFormat.Text.DEFAULT, SECOND, 20, new RecordingRows());
        assertThatThrownBy(() -> {
                    for (int i = 0; byteByByte && i < data.length(); i++) {
                        splitter.feed(Unpooled.copiedBuffer(data.substring(i, i + 1), UTF_8));
                    }
                    splitter.feed(Unpooled.copiedBuffer(data, UTF_8));
                })
                .isInstanceOfSatisfying(CopyFailure.class, failure -> {
                    assertThat(failure.sqlState()).isEqualTo("54000");
                    assertThat(failure.row()).isEqualTo(2);
                });
    }

    @Test
    void aBinaryFieldThatClaimsTooMuchIsAnErrorAtOnce() {
        assertThatThrownBy(() -> binary(BINARY_HEADER + "0002" + "7fffffff"))
                .isInstanceOfSatisfying(
                        CopyFailure.class,
                        failure -> assertThat(failure.sqlState()).isEqualTo("54000"));
    }

    @Test
    void aRowOfTheSizeOfTheLimitIsTaken() {
        String value = "ä".repeat((Splitting.ROW_BYTES_MAX - 3) / 2) + "a";
        assertThat(text("\t" + value + "\n").keys()).containsExactly(value);
    }
}

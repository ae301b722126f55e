package io.pgring.proxy.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random data, for the most part strange, of columns (k, v): what a real server made of it. */
class CopyRowSplitterGoldenTest {
    private static final CopyFormat.Csv CSV_NULL_N =
            new CopyFormat.Csv((byte) ',', "N", (byte) '"', (byte) '"', false, true);

    /** One line of rows.txt. */
    record Golden(String options, String digits, String outcome) {
        byte[] data() {
            return HexFormat.of().parseHex(digits);
        }

        CopyFormat format() {
            return switch (options) {
                case "text" -> CopyFormat.Text.DEFAULT;
                case "text-options" -> new CopyFormat.Text((byte) 'A', "x", false);
                case "text-header" -> new CopyFormat.Text((byte) '\t', "\\N", true);
                case "csv" -> CopyFormat.Csv.DEFAULT;
                case "csv-options" -> new CopyFormat.Csv((byte) ';', "N", (byte) '\'', (byte) '!', false, true);
                case "csv-header" -> new CopyFormat.Csv((byte) ',', "", (byte) '"', (byte) '"', true, true);
                case "csv-force", "csv-both" -> CSV_NULL_N;
                default -> throw new AssertionError(options);
            };
        }

        /** The first column. */
        CopyKeyColumn first() {
            boolean forced = options.equals("csv-force") || options.equals("csv-both");
            return new CopyKeyColumn("k", 0, 2, forced, options.equals("csv-both"));
        }

        /** The second column. */
        CopyKeyColumn second() {
            boolean forced = options.equals("csv-force") || options.equals("csv-both");
            return new CopyKeyColumn("v", 1, 2, options.equals("csv-both"), forced);
        }

        boolean isError() {
            return outcome.startsWith("ERROR");
        }

        /** The values of a column. */
        List<String> values(int column) {
            return Stream.of(outcome.substring(2).strip().split(" "))
                    .filter(row -> !row.isEmpty())
                    .map(row -> row.split(":", -1)[column])
                    .toList();
        }
    }

    static Stream<Golden> goldens() throws IOException {
        try (InputStream in = CopyRowSplitterGoldenTest.class.getResourceAsStream("rows.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
            return text
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", -1))
                    .map(fields -> new Golden(fields[0], fields[1], fields[2]))
                    .toList()
                    .stream();
        }
    }

    static Stream<Golden> rows() throws IOException {
        return goldens().filter(golden -> !golden.isError());
    }

    /** What concerns where rows begin and end. */
    static Stream<Golden> errors() throws IOException {
        return goldens()
                .filter(golden -> golden.outcome().contains(" found in data")
                        || golden.outcome().contains("unterminated")
                        || golden.outcome().contains("previous newline style"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void findsTheKeysThatTheServerFound(Golden golden) {
        assertKeys(golden, (format, key) -> Splitting.whole(format, key, golden.data()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void findsTheSameKeysWhenTheDataComesByteByByte(Golden golden) {
        assertKeys(golden, (format, key) -> Splitting.everywhere(format, key, golden.data()));
    }

    private static void assertKeys(Golden golden, BiFunction<CopyFormat, CopyKeyColumn, RecordingRows> split) {
        RecordingRows first = split.apply(golden.format(), golden.first());
        assertThat(first.keyDigits()).isEqualTo(golden.values(0));
        RecordingRows second = split.apply(golden.format(), golden.second());
        assertThat(second.keyDigits()).isEqualTo(golden.values(1));
        // Nothing is lost, but for what follows the end marker.
        byte[] data = golden.data();
        byte[] all = first.all();
        assertThat(data).startsWith(all);
        assertThat(all.length == data.length || !first.markers().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failsWhereTheServerLostItsWay(Golden golden) {
        assertThatThrownBy(() -> Splitting.whole(golden.format(), golden.second(), golden.data()))
                .isInstanceOf(CopyFailure.class);
        assertThatThrownBy(() -> Splitting.everywhere(golden.format(), golden.second(), golden.data()))
                .isInstanceOf(CopyFailure.class);
    }
}

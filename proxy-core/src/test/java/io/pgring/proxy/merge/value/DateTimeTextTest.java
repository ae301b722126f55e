package io.pgring.proxy.merge.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTimeTextTest {
    static Stream<List<String>> dates() {
        return Golden.lines("dates").stream();
    }

    static Stream<List<String>> times() {
        return Golden.lines("times").stream();
    }

    static Stream<List<String>> timestamps() {
        return Golden.lines("timestamps").stream();
    }

    static Stream<List<String>> timestamptzs() {
        return Golden.lines("timestamptzs").stream();
    }

    @ParameterizedTest
    @MethodSource("dates")
    void dateMeansWhatItsBinaryFormatSays(List<String> golden) {
        long expected = WireValue.hex(golden.get(1)).read(BinaryValues::int4);
        if (golden.get(0).endsWith("infinity")) {
            expected = expected < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        assertThat(date(golden.get(0))).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("times")
    void timeMeansWhatItsBinaryFormatSays(List<String> golden) {
        assertThat(WireValue.text(golden.get(0)).read(DateTimeText::time)).isEqualTo(int8(golden.get(1)));
    }

    @ParameterizedTest
    @MethodSource("timestamps")
    void timestampMeansWhatItsBinaryFormatSays(List<String> golden) {
        assertThat(WireValue.text(golden.get(0)).read(DateTimeText::timestamp)).isEqualTo(int8(golden.get(1)));
    }

    @ParameterizedTest
    @MethodSource("timestamptzs")
    void timestamptzMeansWhatItsBinaryFormatSays(List<String> golden) {
        assertThat(WireValue.text(golden.get(0)).read(DateTimeText::timestamptz))
                .isEqualTo(int8(golden.get(1)));
    }

    @Test
    void everyDayOfTheCalendarIsCounted() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            LocalDate day = LocalDate.ofEpochDay(random.nextLong(-2_400_000, 5_000_000));
            String era = day.getYear() > 0 ? "" : " BC";
            int year = day.getYear() > 0 ? day.getYear() : 1 - day.getYear();
            String text =
                    String.format(Locale.ROOT, "%04d-%02d-%02d%s", year, day.getMonthValue(), day.getDayOfMonth(), era);
            assertThat(date(text)).as("seed %d, %s", seed, text).isEqualTo(day.toEpochDay() - 10_957);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "02/03/2001", "02-03-2001", "03.02.2001", "2001-02-03 ", "2001-02-03BC", "2001-13-03", "2001-00-03",
                "2001-02-32", "0000-02-03", "+2001-02-03", "2001-2-3", "123-01-01", "12345678-01-01", "Infinity",
                        "today",
                "2001-02-03 AD", "2001-02-03 B",
            })
    void aDateOfAnotherStyleIsNotRead(String text) {
        assertThatThrownBy(() -> date(text))
                .isInstanceOfSatisfying(
                        MergeFailure.class,
                        failure -> assertThat(failure.hint()).isEqualTo("Set DateStyle to ISO."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001-02-03",
                "2001-02-03 04:05:06",
                "2001-02-03 04:05:06 UTC",
                "02/03/2001 04:05:06 UTC",
                "Sat Feb 03 04:05:06 2001 UTC",
                "2001-02-03 04:05:06+5",
                "2001-02-03 04:05:06+0530",
                "2001-02-03 04:05:06.+00",
                "2001-02-03 04:05:06.1234567+00",
                "2001-02-03 24:00:01+00",
                "2001-02-03T04:05:06+00",
                "2001-02-03 04:05+00",
                "2001-02-03 04:60:06+00",
                "2001-02-03 BC 04:05:06+00",
            })
    void aTimestamptzOfAnotherStyleIsNotRead(String text) {
        assertThatThrownBy(() -> WireValue.text(text).read(DateTimeText::timestamptz))
                .isInstanceOf(MergeFailure.class);
    }

    private static long date(String text) {
        return WireValue.text(text).read(DateTimeText::date);
    }

    private static long int8(String hex) {
        return WireValue.hex(hex).read(BinaryValues::int8);
    }
}

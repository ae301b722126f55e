package io.pgring.proxy.merge.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pgring.pgsql.analysis.ColumnType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueOrdersTest {
    /** Values in ascending order, each below the next. */
    record Ascending(String name, int typeOid, int format, ColumnType type, List<WireValue> values) {
        static Ascending text(int typeOid, ColumnType type, String... texts) {
            List<WireValue> values = Stream.of(texts).map(WireValue::text).toList();
            return new Ascending(type + " text", typeOid, Format.TEXT, type, values);
        }

        static Ascending binary(int typeOid, ColumnType type, String... hex) {
            List<WireValue> values = Stream.of(hex).map(WireValue::hex).toList();
            return new Ascending(type + " binary", typeOid, Format.BINARY, type, values);
        }

        ValueOrder order() {
            return ValueOrders.of(typeOid, format, type);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Ascending> ascending() {
        return Stream.of(textNumbers(), texts(), binaries()).flatMap(all -> all);
    }

    private static Stream<Ascending> textNumbers() {
        return Stream.of(
                Ascending.text(TypeOids.INT2, ColumnType.SMALLINT, "-32768", "-1", "0", "9", "10", "32767"),
                Ascending.text(TypeOids.INT4, ColumnType.INTEGER, "-2147483648", "-10", "-9", "0", "2147483647"),
                Ascending.text(
                        TypeOids.INT8,
                        ColumnType.BIGINT,
                        "-9223372036854775808",
                        "-1",
                        "0",
                        "1",
                        "9223372036854775807"),
                Ascending.text(TypeOids.OID, ColumnType.OTHER, "0", "2147483648", "4294967295"),
                Ascending.text(
                        TypeOids.NUMERIC,
                        ColumnType.NUMERIC,
                        "-Infinity",
                        "-100",
                        "-99.5",
                        "-0.2",
                        "-0.19",
                        "0.00",
                        "0.01",
                        "0.1",
                        "9",
                        "10.05",
                        "10.5",
                        "100000000000000000000",
                        "Infinity",
                        "NaN"),
                Ascending.text(
                        TypeOids.FLOAT4,
                        ColumnType.REAL,
                        "-Infinity",
                        "-1e+20",
                        "0",
                        "1e-45",
                        "3.4e+38",
                        "Infinity",
                        "NaN"),
                Ascending.text(
                        TypeOids.FLOAT8,
                        ColumnType.DOUBLE_PRECISION,
                        "-Infinity",
                        "-1.5e+300",
                        "-1e-300",
                        "0",
                        "0.1",
                        "0.10000000000000002",
                        "9",
                        "10",
                        "1e+15",
                        "Infinity",
                        "NaN"));
    }

    private static Stream<Ascending> texts() {
        return Stream.of(
                Ascending.text(TypeOids.BOOL, ColumnType.BOOLEAN, "f", "t"),
                Ascending.text(
                        TypeOids.TEXT, ColumnType.TEXT_BY_BYTES, "", "A", "B", "a", "a ", "aa", "ä", "\uffff", "😀"),
                Ascending.text(TypeOids.VARCHAR, ColumnType.TEXT_BY_BYTES, "10", "9", "abcdefgh1", "abcdefgh2"),
                Ascending.text(TypeOids.BYTEA, ColumnType.BYTEA, "\\x", "\\x00", "\\x0a", "\\x0a00", "\\x7f", "\\xff"),
                Ascending.text(
                        TypeOids.BYTEA, ColumnType.BYTEA, "", "\\000", "\\012", "A", "\\\\", "\\\\a", "x", "\\377"),
                Ascending.text(
                        TypeOids.UUID,
                        ColumnType.UUID,
                        "00000000-0000-0000-0000-000000000000",
                        "00000000-0000-0000-0000-00000000000a",
                        "90000000-0000-0000-0000-000000000000",
                        "a0000000-0000-0000-0000-000000000000"),
                Ascending.text(
                        TypeOids.DATE,
                        ColumnType.DATE,
                        "-infinity",
                        "0002-01-01 BC",
                        "0001-12-31 BC",
                        "9999-12-31",
                        "10000-01-01",
                        "infinity"),
                Ascending.text(TypeOids.TIME, ColumnType.TIME, "00:00:00", "00:00:00.1", "09:59:59.999999", "24:00:00"),
                Ascending.text(
                        TypeOids.TIMESTAMP,
                        ColumnType.TIMESTAMP,
                        "-infinity",
                        "0044-03-15 12:00:00 BC",
                        "2026-11-26 18:51:25",
                        "2026-11-26 18:51:25.000001",
                        "infinity"),
                Ascending.text(
                        TypeOids.TIMESTAMPTZ,
                        ColumnType.TIMESTAMPTZ,
                        "-infinity",
                        "2026-03-29 02:59:59+02",
                        "2026-03-29 02:00:00+01",
                        "2026-03-29 02:30:00+01:15",
                        "infinity"));
    }

    private static Stream<Ascending> binaries() {
        return Stream.of(
                Ascending.binary(TypeOids.INT2, ColumnType.SMALLINT, "8000", "ffff", "0000", "7fff"),
                Ascending.binary(TypeOids.INT4, ColumnType.INTEGER, "80000000", "ffffffff", "00000000", "7fffffff"),
                Ascending.binary(
                        TypeOids.INT8, ColumnType.BIGINT, "8000000000000000", "ffffffffffffffff", "0000000000000000"),
                Ascending.binary(TypeOids.OID, ColumnType.OTHER, "00000000", "7fffffff", "80000000", "ffffffff"),
                Ascending.binary(
                        TypeOids.FLOAT4, ColumnType.REAL, "ff800000", "bf800000", "00000000", "7f800000", "7fc00000"),
                Ascending.binary(
                        TypeOids.FLOAT8,
                        ColumnType.DOUBLE_PRECISION,
                        "fff0000000000000",
                        "bff0000000000000",
                        "8000000000000000",
                        "3ff0000000000000",
                        "7ff0000000000000",
                        "fff8000000000000"),
                Ascending.binary(TypeOids.BOOL, ColumnType.BOOLEAN, "00", "01"),
                Ascending.binary(TypeOids.TEXT, ColumnType.TEXT_BY_BYTES, "", "41", "4141", "c3a4"),
                Ascending.binary(TypeOids.BYTEA, ColumnType.BYTEA, "", "00", "0000000000000000ff", "7f", "80", "ff"),
                Ascending.binary(
                        TypeOids.UUID,
                        ColumnType.UUID,
                        "00000000000000000000000000000000",
                        "7fffffffffffffffffffffffffffffff",
                        "80000000000000000000000000000000"),
                Ascending.binary(TypeOids.DATE, ColumnType.DATE, "80000000", "ffffffff", "00000000", "7fffffff"),
                Ascending.binary(
                        TypeOids.TIMESTAMPTZ,
                        ColumnType.TIMESTAMPTZ,
                        "8000000000000000",
                        "ffffffffffffffff",
                        "7fffffffffffffff"));
    }

    @ParameterizedTest
    @MethodSource("ascending")
    void valuesAreInTheOrderOfTheServer(Ascending ascending) {
        ValueOrder order = ascending.order();
        List<WireValue> values = ascending.values();
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j < values.size(); j++) {
                int comparison = values.get(i).compareTo(values.get(j), order);
                assertThat(Integer.signum(comparison)).as("%d with %d", i, j).isEqualTo(Integer.compare(i, j));
                if (i < j) {
                    assertThat(values.get(i).abbreviated(order))
                            .isLessThanOrEqualTo(values.get(j).abbreviated(order));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NUMERIC, 1700, 1.0, 1.000",
        "NUMERIC, 1700, 0, 0.00",
        "NUMERIC, 1700, 10, 010.0",
        "NUMERIC, 1700, NaN, NaN",
        "DOUBLE_PRECISION, 701, -0, 0",
        "DOUBLE_PRECISION, 701, NaN, NaN",
        "REAL, 700, -0, 0",
        "TIMESTAMPTZ, 1184, 2026-03-29 02:00:00+01, 2026-03-28 20:00:00-05",
    })
    void equalValuesMayLookDifferent(ColumnType type, int typeOid, String left, String right) {
        ValueOrder order = ValueOrders.of(typeOid, Format.TEXT, type);
        assertThat(WireValue.text(left).compareTo(WireValue.text(right), order)).isZero();
        assertThat(WireValue.text(left).abbreviated(order))
                .isEqualTo(WireValue.text(right).abbreviated(order));
    }

    @Test
    void numericsCompareAsNumbersInBothFormats() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ValueOrder texts = ValueOrders.of(TypeOids.NUMERIC, Format.TEXT, ColumnType.NUMERIC);
        ValueOrder binaries = ValueOrders.of(TypeOids.NUMERIC, Format.BINARY, ColumnType.NUMERIC);
        for (int i = 0; i < 50_000; i++) {
            BigDecimal left = number(random);
            BigDecimal right = random.nextInt(10) == 0 ? left.setScale(left.scale() + 3) : number(random);
            int expected = left.compareTo(right);
            String description = "seed " + seed + ": " + left + " with " + right;
            int asText = WireValue.text(left.toPlainString()).compareTo(WireValue.text(right.toPlainString()), texts);
            assertThat(Integer.signum(asText)).as(description).isEqualTo(expected);
            int asBinary = binary(left).compareTo(binary(right), binaries);
            assertThat(Integer.signum(asBinary)).as(description).isEqualTo(expected);
            long abbreviated = binary(left).abbreviated(binaries);
            assertThat(WireValue.text(left.toPlainString()).abbreviated(texts))
                    .as(description)
                    .isEqualTo(abbreviated);
            int byAbbreviation = Long.compare(abbreviated, binary(right).abbreviated(binaries));
            assertThat(byAbbreviation == 0 || byAbbreviation == expected)
                    .as(description)
                    .isTrue();
        }
    }

    @Test
    void floatsCompareAsNumbersInBothFormats() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ValueOrder texts = ValueOrders.of(TypeOids.FLOAT8, Format.TEXT, ColumnType.DOUBLE_PRECISION);
        ValueOrder binaries = ValueOrders.of(TypeOids.FLOAT8, Format.BINARY, ColumnType.DOUBLE_PRECISION);
        for (int i = 0; i < 50_000; i++) {
            double left = Double.longBitsToDouble(random.nextLong());
            double right = Double.longBitsToDouble(random.nextLong());
            int expected = Double.compare(left, right);
            String description = "seed " + seed + ": " + left + " with " + right;
            assertThat(Integer.signum(text(left).compareTo(text(right), texts)))
                    .as(description)
                    .isEqualTo(expected);
            assertThat(Integer.signum(bits(left).compareTo(bits(right), binaries)))
                    .as(description)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SMALLINT, 21, ''",
        "INTEGER, 23, 1.0",
        "INTEGER, 23, -",
        "INTEGER, 23, +1",
        "BIGINT, 20, 9223372036854775808",
        "BIGINT, 20, -9223372036854775809",
        "BIGINT, 20, 99999999999999999999",
        "BOOLEAN, 16, true",
        "BOOLEAN, 16, ''",
        "REAL, 700, 1d",
        "REAL, 700, nan",
        "DOUBLE_PRECISION, 701, 0x1p3",
        "DOUBLE_PRECISION, 701, ' 1'",
        "DOUBLE_PRECISION, 701, 1e5",
        "DOUBLE_PRECISION, 701, .5",
        "DOUBLE_PRECISION, 701, 1.",
        "UUID, 2950, abc",
        "BYTEA, 17, \\x0G",
        "BYTEA, 17, \\9",
        "BYTEA, 17, \\18",
        "TIME, 1083, 1:02:03",
        "TIMESTAMP, 1114, 2026-01-01",
    })
    void aValueThatCanNotBeReadIsAnError(ColumnType type, int typeOid, String text) {
        ValueOrder order = ValueOrders.of(typeOid, Format.TEXT, type);
        assertThatThrownBy(() -> WireValue.text(text).compareTo(WireValue.text(text), order))
                .isInstanceOfSatisfying(
                        MergeFailure.class,
                        failure -> assertThat(failure.sqlState()).isEqualTo("0A000"));
    }

    @ParameterizedTest
    @ValueSource(ints = {TypeOids.INT2, TypeOids.INT4, TypeOids.INT8, TypeOids.OID, TypeOids.BOOL, TypeOids.FLOAT8})
    void binaryValuesHaveTheLengthOfTheirType(int typeOid) {
        ColumnType type = switch (typeOid) {
            case TypeOids.INT2 -> ColumnType.SMALLINT;
            case TypeOids.INT4 -> ColumnType.INTEGER;
            case TypeOids.INT8 -> ColumnType.BIGINT;
            case TypeOids.BOOL -> ColumnType.BOOLEAN;
            case TypeOids.FLOAT8 -> ColumnType.DOUBLE_PRECISION;
            default -> ColumnType.OTHER;
        };
        ValueOrder order = ValueOrders.of(typeOid, Format.BINARY, type);
        assertThatThrownBy(() -> WireValue.hex("000000").compareTo(WireValue.hex("000000"), order))
                .isInstanceOf(MergeFailure.class);
    }

    @ParameterizedTest
    @CsvSource({
        "TEXT, 25",
        "TEXT, 1043",
        "TEXT_BY_BYTES, 1042",
        "OTHER, 3802",
        "INTEGER, 25",
        "INTEGER, 20",
        "OTHER, 25"
    })
    void anOrderThatOnlyTheServerKnowsIsRefused(ColumnType type, int typeOid) {
        assertThatThrownBy(() -> ValueOrders.of(typeOid, Format.TEXT, type)).isInstanceOf(MergeFailure.class);
    }

    private static BigDecimal number(Random random) {
        long unscaled = random.nextLong() >> random.nextInt(64);
        return BigDecimal.valueOf(unscaled, random.nextInt(12));
    }

    private static WireValue binary(BigDecimal number) {
        ByteBuf out = Unpooled.buffer();
        new Numeric.Finite(number).encode(Format.BINARY, out);
        return WireValue.of(ByteBufUtil.getBytes(out));
    }

    /** As PostgreSQL writes it. */
    private static WireValue text(double number) {
        String text = Double.toString(number);
        return WireValue.text(text.replace("E-", "e-").replace("E", "e+"));
    }

    private static WireValue bits(double number) {
        return WireValue.of(ByteBuffer.allocate(8).putDouble(number).array());
    }
}

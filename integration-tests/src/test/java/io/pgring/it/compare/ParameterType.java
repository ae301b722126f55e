package io.pgring.it.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgring.pgsql.lexer.ArrayElements;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The types of parameters, with their oids in {@code pg_type}. */
enum ParameterType {
    /** Left for the server to find out. */
    UNKNOWN(0),
    BOOL(16),
    INT8(20),
    INT2(21),
    INT4(23),
    TEXT(25),
    DATE(1082),
    TIMESTAMPTZ(1184),
    NUMERIC(1700),
    INT2_ARRAY(1005),
    INT4_ARRAY(1007),
    INT8_ARRAY(1016),
    TEXT_ARRAY(1009),
    NUMERIC_ARRAY(1231);

    private static final String ARRAY = "_array";

    private final int oid;

    ParameterType(int oid) {
        this.oid = oid;
    }

    /** Its oid; 0 leaves it unspecified. */
    int oid() {
        return oid;
    }

    /** The type as SQL names it. */
    String sqlName() {
        return name().toLowerCase(Locale.ROOT).replace(ARRAY, "[]");
    }

    /** Whether {@link #binary} knows its binary format. */
    boolean hasBinary() {
        return switch (this) {
            case BOOL, INT2, INT4, INT8, TEXT, INT2_ARRAY, INT4_ARRAY, INT8_ARRAY, TEXT_ARRAY -> true;
            case UNKNOWN, DATE, TIMESTAMPTZ, NUMERIC, NUMERIC_ARRAY -> false;
        };
    }

    /** A value in binary format. */
    byte[] binary(String text) {
        return switch (this) {
            case BOOL -> new byte[] {(byte) (text.startsWith("t") ? 1 : 0)};
            case INT2 ->
                ByteBuffer.allocate(Short.BYTES)
                        .putShort(Short.parseShort(text))
                        .array();
            case INT4 ->
                ByteBuffer.allocate(Integer.BYTES)
                        .putInt(Integer.parseInt(text))
                        .array();
            case INT8 ->
                ByteBuffer.allocate(Long.BYTES).putLong(Long.parseLong(text)).array();
            case TEXT -> text.getBytes(UTF_8);
            case INT2_ARRAY -> array(INT2, text);
            case INT4_ARRAY -> array(INT4, text);
            case INT8_ARRAY -> array(INT8, text);
            case TEXT_ARRAY -> array(TEXT, text);
            case UNKNOWN, DATE, TIMESTAMPTZ, NUMERIC, NUMERIC_ARRAY ->
                throw new IllegalArgumentException(this + " goes as text");
        };
    }

    private static byte[] array(ParameterType type, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        List<byte[]> values = new ArrayList<>();
        ArrayElements elements = new ArrayElements();
        elements.read(bytes, 0, bytes.length);
        while (elements.next()) {
            String value = new String(bytes, elements.start(), elements.length(), UTF_8);
            byte[] element = elements.isNull() ? new byte[0] : type.binary(value);
            values.add(ByteBuffer.allocate(Integer.BYTES + element.length)
                    .putInt(elements.isNull() ? -1 : element.length)
                    .put(element)
                    .array());
        }
        int size = values.stream().mapToInt(value -> value.length).sum();
        ByteBuffer array = ByteBuffer.allocate(3 * Integer.BYTES + (size == 0 ? 0 : 2 * Integer.BYTES) + size);
        array.putInt(size == 0 ? 0 : 1).putInt(1).putInt(type.oid);
        if (size > 0) {
            array.putInt(values.size()).putInt(1);
        }
        values.forEach(array::put);
        return array.array();
    }
}

package io.pgring.it.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
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
    NUMERIC(1700);

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
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether {@link #binary} knows its binary format. */
    boolean hasBinary() {
        return switch (this) {
            case BOOL, INT2, INT4, INT8, TEXT -> true;
            case UNKNOWN, DATE, TIMESTAMPTZ, NUMERIC -> false;
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
            case UNKNOWN, DATE, TIMESTAMPTZ, NUMERIC -> throw new IllegalArgumentException(this + " goes as text");
        };
    }
}

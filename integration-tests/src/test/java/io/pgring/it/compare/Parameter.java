package io.pgring.it.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The value of a parameter.
 *
 * @param value as text; null for SQL's NULL
 */
record Parameter(ParameterType type, @Nullable String value) {

    /** Reads {@code 5:int8}, {@code NULL:text} or, with its type left to the server, {@code 5}. */
    static Parameter parse(String text) {
        int colon = text.lastIndexOf(':');
        String value = colon < 0 ? text : text.substring(0, colon);
        ParameterType type = colon < 0
                ? ParameterType.UNKNOWN
                : ParameterType.valueOf(text.substring(colon + 1).toUpperCase(Locale.ROOT));
        return new Parameter(type, value.equals("NULL") ? null : value);
    }

    /** What stands for it in a statement of the simple protocol. */
    String literal() {
        String literal = value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
        return type == ParameterType.UNKNOWN ? literal : literal + "::" + type.sqlName();
    }

    /** 1 if it goes in binary format, else 0. */
    int format(boolean binaryIfPossible) {
        return binaryIfPossible && type.hasBinary() ? 1 : 0;
    }

    /** Its bytes in the format that {@link #format} says. */
    byte @Nullable [] bytes(boolean binaryIfPossible) {
        if (value == null) {
            return null;
        }
        return format(binaryIfPossible) == 1 ? type.binary(value) : value.getBytes(UTF_8);
    }
}

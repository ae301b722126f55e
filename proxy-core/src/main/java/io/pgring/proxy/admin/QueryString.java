package io.pgring.proxy.admin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** The query of a URI, as forms write it: {@code name=value&name=value}, percent-encoded UTF-8, {@code +} for a space. */
final class QueryString {
    private static final String ESCAPE_HINT = "Write other characters than letters and digits as %XX, in UTF-8.";

    private QueryString() {}

    /**
     * The value of a parameter that must be there once. Other parameters are ignored.
     *
     * @throws RequestRefused (400) when it isn't, or can't be decoded
     */
    static String required(String query, String name, String hint) {
        String found = null;
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals >= 0 && decode(part.substring(0, equals)).equals(name)) {
                refuseSecond(found, name);
                found = decode(part.substring(equals + 1));
            }
        }
        if (found == null) {
            throw RequestRefused.badRequest("parameter \"" + name + "\" is missing", hint);
        }
        return found;
    }

    private static void refuseSecond(@Nullable String found, String name) {
        if (found != null) {
            throw RequestRefused.badRequest("parameter \"" + name + "\" is given twice", "Write & in a value as %26.");
        }
    }

    private static String decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        int i = 0;
        while (i < encoded.length()) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(escaped(encoded, i));
                i += 3;
            } else {
                // The HTTP codec makes a character of each byte, so bytes that a client did not escape come back here.
                bytes.write(c == '+' ? ' ' : c);
                i++;
            }
        }
        try {
            return KeyText.decode(bytes.toByteArray());
        } catch (CharacterCodingException e) {
            throw RequestRefused.badRequest("query is not valid UTF-8", ESCAPE_HINT);
        }
    }

    private static int escaped(String encoded, int at) {
        int high = at + 2 < encoded.length() ? Character.digit(encoded.charAt(at + 1), 16) : -1;
        int low = at + 2 < encoded.length() ? Character.digit(encoded.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw RequestRefused.badRequest("query has a % without two hexadecimal digits", ESCAPE_HINT);
        }
        return high << 4 | low;
    }
}

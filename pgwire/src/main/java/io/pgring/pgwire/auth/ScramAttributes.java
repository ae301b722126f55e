package io.pgring.pgwire.auth;

import io.pgring.pgwire.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Steps through the {@code a=value} attributes of a SCRAM message, separated by commas. */
final class ScramAttributes {
    private final String message;
    private int position;

    /** Each byte becomes one char, so that the text that is signed stays the bytes that were sent. */
    ScramAttributes(byte[] message) {
        this.message = new String(message, StandardCharsets.ISO_8859_1);
        if (this.message.indexOf('\0') >= 0) {
            throw malformed();
        }
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return position >= message.length();
    }

    char peek() {
        if (atEnd()) {
            throw malformed();
        }
        return message.charAt(position);
    }

    char nextChar() {
        char c = peek();
        position++;
        return c;
    }

    /** The value of the next attribute, which must have this name; steps over the comma behind it. */
    String value(char name) {
        if (nextChar() != name || nextChar() != '=') {
            throw malformed();
        }
        int comma = message.indexOf(',', position);
        int end = comma < 0 ? message.length() : comma;
        String value = message.substring(position, end);
        position = comma < 0 ? end : end + 1;
        return value;
    }

    String text(int start, int end) {
        return message.substring(start, end);
    }

    String from(int start) {
        return message.substring(start);
    }

    /** Printable ASCII without commas (RFC 5802, section 7), at least one character. */
    static String requireNonce(String nonce) {
        boolean printable = nonce.chars().allMatch(c -> c >= 0x21 && c <= 0x7E);
        if (nonce.isEmpty() || !printable) {
            throw malformed();
        }
        return nonce;
    }

    /** Bytes from base64. */
    static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    static ProtocolViolation malformed() {
        return new ProtocolViolation("malformed SCRAM message");
    }
}

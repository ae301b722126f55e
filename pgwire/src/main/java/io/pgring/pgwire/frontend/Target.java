package io.pgring.pgwire.frontend;

import io.pgring.pgwire.ProtocolViolation;

/** What a Describe or a Close names: a prepared statement or a portal. */
public enum Target {
    STATEMENT('S'),
    PORTAL('P');

    private final byte code;

    Target(char code) {
        this.code = (byte) code;
    }

    /** The byte on the wire. */
    public byte code() {
        return code;
    }

    static Target of(byte code, String message) {
        return switch (code) {
            case 'S' -> STATEMENT;
            case 'P' -> PORTAL;
            default ->
                throw ProtocolViolation.inBody("invalid " + message + " message subtype " + Byte.toUnsignedInt(code));
        };
    }
}

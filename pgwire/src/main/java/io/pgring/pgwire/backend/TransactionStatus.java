package io.pgring.pgwire.backend;

import io.pgring.pgwire.ProtocolViolation;

/** The state of a session's transaction, as ReadyForQuery tells it. */
public enum TransactionStatus {
    /** Not in a transaction block. */
    IDLE('I'),
    /** In a transaction block. */
    IN_TRANSACTION('T'),
    /** In a failed transaction block: everything is refused until it ends. */
    FAILED('E');

    private final byte code;

    TransactionStatus(char code) {
        this.code = (byte) code;
    }

    /** The byte on the wire. */
    public byte code() {
        return code;
    }

    /**
     * The state for a byte on the wire.
     *
     * @throws ProtocolViolation if there is none
     */
    public static TransactionStatus of(byte code) {
        return switch (code) {
            case 'I' -> IDLE;
            case 'T' -> IN_TRANSACTION;
            case 'E' -> FAILED;
            default -> throw ProtocolViolation.inBody("invalid transaction status " + Byte.toUnsignedInt(code));
        };
    }
}

package io.pgring.pgwire;

/**
 * The peer broke the protocol. Carries what an ErrorResponse needs; has no stack trace, because a hostile peer could make us
 * fill many of them and the message says all.
 *
 * <p>As in PostgreSQL there are two depths. When the place in the stream is lost, or the peer can't be understood at all, the
 * connection has to end (FATAL). When only the body of one well framed message is malformed, the session can go on: PostgreSQL
 * reports an ERROR and, in the extended protocol, skips to the next Sync.
 */
public final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** SQLSTATE protocol_violation. */
    public static final String PROTOCOL_VIOLATION = "08P01";

    /** SQLSTATE character_not_in_repertoire: bytes that are not valid UTF-8. */
    public static final String CHARACTER_NOT_IN_REPERTOIRE = "22021";

    /** SQLSTATE feature_not_supported. */
    public static final String FEATURE_NOT_SUPPORTED = "0A000";

    private final String sqlState;
    private final boolean fatal;

    private ProtocolViolation(String sqlState, String message, boolean fatal) {
        super(message, null, false, false);
        this.sqlState = sqlState;
        this.fatal = fatal;
    }

    /** A violation that ends the connection, with SQLSTATE 08P01. */
    public ProtocolViolation(String message) {
        this(PROTOCOL_VIOLATION, message, true);
    }

    /** A violation that ends the connection. */
    public ProtocolViolation(String sqlState, String message) {
        this(sqlState, message, true);
    }

    /** A malformed body inside a well framed message, with SQLSTATE 08P01: the stream is still in step. */
    public static ProtocolViolation inBody(String message) {
        return new ProtocolViolation(PROTOCOL_VIOLATION, message, false);
    }

    /** A malformed body inside a well framed message: the stream is still in step. */
    public static ProtocolViolation inBody(String sqlState, String message) {
        return new ProtocolViolation(sqlState, message, false);
    }

    /** The body ends before what it announces. */
    public static ProtocolViolation insufficientData() {
        return inBody("insufficient data left in message");
    }

    /** The body goes on after its last field. */
    public static ProtocolViolation invalidFormat() {
        return inBody("invalid message format");
    }

    /** A String has no terminator. */
    public static ProtocolViolation invalidString() {
        return inBody("invalid string in message");
    }

    /** A String that must be UTF-8 is not. */
    public static ProtocolViolation notUtf8() {
        return inBody(CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\"");
    }

    /** The same violation as one that ends the connection: during start-up and authentication each does. */
    public ProtocolViolation asFatal() {
        return fatal ? this : new ProtocolViolation(sqlState, getMessage());
    }

    /** The SQLSTATE to report, five characters. */
    public String sqlState() {
        return sqlState;
    }

    /** Whether the connection has to end; false when only one message's body was malformed. */
    public boolean fatal() {
        return fatal;
    }

    /** The message, lower case and without a full stop, never null. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}

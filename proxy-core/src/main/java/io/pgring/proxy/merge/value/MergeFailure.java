package io.pgring.proxy.merge.value;

import org.jspecify.annotations.Nullable;

/**
 * The rows of several shards can't be merged, so the statement fails. Carries what an ErrorResponse needs, and never a value of
 * a row; has no stack trace because the message says all.
 */
public final class MergeFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String FEATURE_NOT_SUPPORTED = "0A000";
    private static final String NUMERIC_VALUE_OUT_OF_RANGE = "22003";
    private static final String PROGRAM_LIMIT_EXCEEDED = "54000";
    private static final String INTERNAL_ERROR = "XX000";

    private final String sqlState;
    private final @Nullable String hint;

    private MergeFailure(String sqlState, String message, @Nullable String hint) {
        super(message, null, false, false);
        this.sqlState = sqlState;
        this.hint = hint;
    }

    /** A value that does not look like a value of its type. */
    static MergeFailure unreadable(String type) {
        return new MergeFailure(
                FEATURE_NOT_SUPPORTED,
                "cannot merge values of type " + type + " in the form that the shards send",
                null);
    }

    /** A value that may be right, but under another setting than the one that can be read. */
    static MergeFailure unreadable(String type, String hint) {
        return new MergeFailure(FEATURE_NOT_SUPPORTED, unreadable(type).getMessage(), hint);
    }

    /** Values of a type whose rules only the server knows. */
    public static MergeFailure unsupportedType(int typeOid) {
        return new MergeFailure(
                FEATURE_NOT_SUPPORTED,
                "cannot merge values of the type with OID " + Integer.toUnsignedString(typeOid),
                null);
    }

    /** A number that the type can't hold; in PostgreSQL's words. */
    public static MergeFailure outOfRange(String message) {
        return new MergeFailure(NUMERIC_VALUE_OUT_OF_RANGE, message, null);
    }

    /** Rows that must be held whole are too many. */
    public static MergeFailure tooManyRows(int bytesMax) {
        return new MergeFailure(
                PROGRAM_LIMIT_EXCEEDED,
                "rows that the statement takes from one shard to another exceed " + bytesMax + " bytes",
                "Run it for fewer rows at a time, or raise limits.messageBytesMax of the proxy.");
    }

    /** Rows that are handed to the home shard, because a transaction has rows of its own, are too many. */
    public static MergeFailure tooManyShipped(int bytesMax) {
        return new MergeFailure(
                PROGRAM_LIMIT_EXCEEDED,
                "rows of this transaction that the home shard needs for the statement exceed " + bytesMax + " bytes",
                "Run the statement before the transaction writes, for fewer rows, or raise limits.messageBytesMax of the proxy.");
    }

    /** The text of a row might be read as another row. */
    public static MergeFailure inexactText(String hint) {
        return new MergeFailure(
                FEATURE_NOT_SUPPORTED, "cannot hand rows of this transaction to the home shard as exact text", hint);
    }

    /** The shards don't send what was asked of them. */
    public static MergeFailure unexpected(String message) {
        return new MergeFailure(INTERNAL_ERROR, message, null);
    }

    /** The SQLSTATE to report, five characters. */
    public String sqlState() {
        return sqlState;
    }

    /** The message, lower case and without a full stop, never null. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }

    /** What to do about it, a sentence. */
    public @Nullable String hint() {
        return hint;
    }
}

package io.pgring.proxy.copy;

import org.jspecify.annotations.Nullable;

/**
 * The data of a COPY is malformed, so the COPY fails. In PostgreSQL's words (copyfrom.c, copyfromparse.c), and without any of the
 * data; has no stack trace because the message says all.
 */
public final class CopyFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String BAD_COPY_FILE_FORMAT = "22P04";
    private static final String PROGRAM_LIMIT_EXCEEDED = "54000";

    private final String sqlState;
    private final long row;
    private final @Nullable String hint;

    private CopyFailure(String sqlState, String message, long row, @Nullable String hint) {
        super(message, null, false, false);
        this.sqlState = sqlState;
        this.row = row;
        this.hint = hint;
    }

    static CopyFailure badFormat(String message, long row) {
        return new CopyFailure(BAD_COPY_FILE_FORMAT, message, row, null);
    }

    static CopyFailure badFormat(String message, long row, String hint) {
        return new CopyFailure(BAD_COPY_FILE_FORMAT, message, row, hint);
    }

    static CopyFailure rowTooLarge(int rowBytesMax, long row) {
        String message = "row of COPY data is larger than " + rowBytesMax + " bytes";
        return new CopyFailure(PROGRAM_LIMIT_EXCEEDED, message, row, null);
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

    /** The row that is malformed, from 1; a header line counts, the binary format's header is row 0. */
    public long row() {
        return row;
    }

    /** What to do about it, a sentence. */
    public @Nullable String hint() {
        return hint;
    }
}

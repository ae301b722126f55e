package io.pgring.pgsql.lexer;

/** A text that has no tokens by PostgreSQL's lexical rules, or that exceeds a limit of this parser. */
public final class SqlSyntaxException extends RuntimeException {
    /** SQLSTATE of a syntax error. */
    public static final String SYNTAX_ERROR = "42601";
    /** SQLSTATE of a statement that is too deep. */
    public static final String STATEMENT_TOO_COMPLEX = "54001";
    /** SQLSTATE of bytes that are not UTF-8. */
    public static final String CHARACTER_NOT_IN_REPERTOIRE = "22021";

    /** SQLSTATE of something that is valid and yet not taken. */
    public static final String FEATURE_NOT_SUPPORTED = "0A000";

    private final String sqlState;
    private final int position;

    /**
     * @param sqlState five characters, as in PostgreSQL's appendix A
     * @param position byte offset into the text where the trouble begins
     */
    public SqlSyntaxException(String sqlState, String message, int position) {
        super(message, null, false, false);
        this.sqlState = sqlState;
        this.position = position;
    }

    /** A syntax error (42601) at a byte offset. */
    public SqlSyntaxException(String message, int position) {
        this(SYNTAX_ERROR, message, position);
    }

    public String sqlState() {
        return sqlState;
    }

    /** Byte offset into the text, from 0 (the protocol's field P counts characters, from 1). */
    public int position() {
        return position;
    }
}

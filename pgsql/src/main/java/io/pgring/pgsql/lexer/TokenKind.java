package io.pgring.pgsql.lexer;

/** Kinds of tokens. */
public enum TokenKind {
    /** The end of the text. */
    END,
    /** A keyword or an unquoted identifier. */
    IDENTIFIER,
    /** {@code "Name"} or {@code U&"name"} with its UESCAPE clause. */
    QUOTED_IDENTIFIER,
    /** See {@link LiteralKind#STRING}. */
    STRING,
    /** See {@link LiteralKind#STRING_ESCAPED}; {@code U&'..'} includes its UESCAPE clause. */
    STRING_ESCAPED,
    /** {@code N'..'}: PostgreSQL reads it as a cast to {@code char}. */
    NATIONAL_STRING,
    BIT_STRING,
    INTEGER,
    NUMERIC,
    /** {@code $1}. */
    PARAMETER,
    /** Any operator, also {@code + - * / % ^ < > = <= >= <> !=}. */
    OPERATOR,
    LEFT_PARENTHESIS,
    RIGHT_PARENTHESIS,
    LEFT_BRACKET,
    RIGHT_BRACKET,
    COMMA,
    SEMICOLON,
    DOT,
    /** {@code ..} */
    DOT_DOT,
    COLON,
    /** {@code ::} */
    TYPECAST,
    /** {@code :=} */
    COLON_EQUALS,
    /** {@code =>} */
    EQUALS_GREATER
}

package io.pgring.pgsql.tree;

/**
 * SET or RESET of a session variable.
 *
 * @param name lower case, with dots for custom variables; PostgreSQL's name of the variable for SET TIME ZONE ({@code timezone}),
 *     NAMES ({@code client_encoding}), ROLE ({@code role}), SESSION AUTHORIZATION ({@code session_authorization}),
 *     SCHEMA ({@code search_path}), XML OPTION ({@code xmloption}); empty for RESET ALL
 * @param toDefault TO DEFAULT
 * @param valueStart byte offset of the value in the text; equal to {@code valueEnd} when there is none
 */
public record SetVariable(
        Action action, Scope scope, String name, boolean toDefault, int valueStart, int valueEnd, int start, int end)
        implements Statement {
    /** What is done. */
    public enum Action {
        SET,
        /** SET name FROM CURRENT. */
        SET_FROM_CURRENT,
        RESET,
        RESET_ALL
    }

    /** For how long. */
    public enum Scope {
        SESSION,
        /** SET LOCAL: until the end of the transaction. */
        LOCAL
    }
}

package io.pgring.pgsql.tree;

import org.jspecify.annotations.Nullable;

/**
 * A statement that begins, ends or shapes a transaction.
 *
 * @param savepoint of SAVEPOINT, RELEASE and ROLLBACK TO
 * @param modes isolation level and access mode as given
 * @param chain AND CHAIN
 * @param gidStart byte offset of the literal of PREPARE TRANSACTION and its kin; -1 for none
 * @param optionsStart byte offset of the transaction modes in the text; equal to {@code optionsEnd} for none
 */
public record TransactionControl(
        Kind kind,
        @Nullable String savepoint,
        Modes modes,
        boolean chain,
        int gidStart,
        int optionsStart,
        int optionsEnd,
        int start,
        int end)
        implements Statement {
    /** Which statement. */
    public enum Kind {
        /** BEGIN, START TRANSACTION. */
        BEGIN,
        /** COMMIT, END. */
        COMMIT,
        /** ROLLBACK, ABORT. */
        ROLLBACK,
        SAVEPOINT,
        RELEASE,
        ROLLBACK_TO,
        /** SET TRANSACTION. */
        SET_TRANSACTION,
        /** SET SESSION CHARACTERISTICS AS TRANSACTION. */
        SET_SESSION_CHARACTERISTICS,
        PREPARE_TRANSACTION,
        COMMIT_PREPARED,
        ROLLBACK_PREPARED
    }

    /** PostgreSQL's isolation levels. */
    public enum Isolation {
        READ_UNCOMMITTED,
        READ_COMMITTED,
        REPEATABLE_READ,
        SERIALIZABLE
    }

    /**
     * Transaction modes; null for what is not said.
     *
     * @param snapshot SET TRANSACTION SNAPSHOT
     */
    public record Modes(
            @Nullable Isolation isolation,
            @Nullable Boolean readOnly,
            @Nullable Boolean deferrable,
            boolean snapshot) {}
}

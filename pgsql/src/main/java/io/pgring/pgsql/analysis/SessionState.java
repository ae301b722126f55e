package io.pgring.pgsql.analysis;

/** State that a statement makes or needs on its server connection beyond a transaction. */
public enum SessionState {
    /** {@code set_config(...)}, or SET inside a DO block. */
    SET_CONFIG,
    /** Session-level advisory locks ({@code pg_advisory_lock} and family, without {@code xact}). */
    ADVISORY_LOCK,
    /** Temporary tables, views and sequences, or anything in {@code pg_temp}. */
    TEMPORARY_TABLE,
    /** LISTEN, UNLISTEN. */
    LISTEN,
    /** DECLARE ... WITH HOLD. */
    HOLD_CURSOR,
    /** FETCH, MOVE, CLOSE: needs the connection of the DECLARE. */
    CURSOR,
    /** LOAD of a library. */
    LOAD,
    /** PREPARE, EXECUTE, DEALLOCATE as SQL. */
    PREPARED_STATEMENT,
    /** {@code currval}, {@code lastval}: the last value of a sequence in this session. */
    SEQUENCE_VALUE,
    /** Functions that run SQL of which nothing is known, so that they may set variables. */
    UNKNOWN_SETTINGS,
    /** Other functions that leave or read state of the session: {@code setseed}, {@code dblink_connect}... */
    OTHER
}

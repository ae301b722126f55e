package io.pgring.pgsql.analysis;

/** The type of a column, as far as merging the rows of several servers depends on it (manual, "Data Types"). */
public enum ColumnType {
    SMALLINT,
    INTEGER,
    BIGINT,
    NUMERIC,
    REAL,
    DOUBLE_PRECISION,
    BOOLEAN,
    /** text or varchar whose collation orders by the bytes of UTF-8: C, POSIX, C.UTF-8, ucs_basic, pg_c_utf8. */
    TEXT_BY_BYTES,
    /** text or varchar with any other collation, whose order only the server knows. */
    TEXT,
    BYTEA,
    UUID,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    /** Anything else. */
    OTHER;

    /** Whether the proxy can tell which of two values the server would sort first. */
    public boolean isOrdered() {
        return this != TEXT && this != OTHER;
    }

    /** Whether partial sums add up to the sum: exact numbers. */
    public boolean isExactNumber() {
        return this == SMALLINT || this == INTEGER || this == BIGINT || this == NUMERIC;
    }
}

package io.pgring.pgsql.analysis;

/** What a routine may do to its session that outlasts the transaction, as far as its source tells. In order of gravity. */
public enum SessionChange {
    /** Nothing. */
    NONE,
    /** It runs SQL that is not in its source, which may be a SET. */
    UNKNOWN,
    /** It sets variables, makes temporary objects, locks or listens. */
    LASTING;

    /** The graver of two. */
    public SessionChange or(SessionChange other) {
        return compareTo(other) >= 0 ? this : other;
    }
}

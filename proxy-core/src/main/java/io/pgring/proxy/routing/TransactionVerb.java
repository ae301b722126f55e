package io.pgring.proxy.routing;

/** The statements that control a transaction, with the command tag that PostgreSQL answers. */
public enum TransactionVerb {
    /** BEGIN. */
    BEGIN("BEGIN"),
    /** START TRANSACTION. */
    START_TRANSACTION("START TRANSACTION"),
    /** COMMIT or END. */
    COMMIT("COMMIT"),
    /** ROLLBACK or ABORT. */
    ROLLBACK("ROLLBACK"),
    /** SAVEPOINT. */
    SAVEPOINT("SAVEPOINT"),
    /** RELEASE SAVEPOINT. */
    RELEASE("RELEASE"),
    /** ROLLBACK TO SAVEPOINT. */
    ROLLBACK_TO("ROLLBACK"),
    /** SET TRANSACTION. */
    SET_TRANSACTION("SET");

    private final String tag;

    TransactionVerb(String tag) {
        this.tag = tag;
    }

    /** What CommandComplete says. */
    public String tag() {
        return tag;
    }
}

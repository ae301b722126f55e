package io.pgring.proxy.routing;

/** What a statement does to the session when its transaction commits; savepoints mark how much of it a partial rollback undoes. */
public sealed interface SessionEffect {

    /** SET: {@code statement} is the statement without LOCAL. */
    record Assign(String name, String statement) implements SessionEffect {}

    /** RESET of one run-time parameter. */
    record Reset(String name) implements SessionEffect {}

    /** RESET ALL. */
    record ResetAll() implements SessionEffect {}

    /** SAVEPOINT. */
    record Savepoint(String name) implements SessionEffect {}

    /** RELEASE SAVEPOINT. */
    record Release(String name) implements SessionEffect {}

    /** ROLLBACK TO SAVEPOINT. */
    record RollbackTo(String name) implements SessionEffect {}

    /** COMMIT or ROLLBACK with AND CHAIN: what was done so far is settled, and another transaction begins. */
    record Chain() implements SessionEffect {}
}

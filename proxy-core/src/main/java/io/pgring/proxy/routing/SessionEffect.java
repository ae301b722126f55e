package io.pgring.proxy.routing;

import java.util.List;

/** What a statement does to the session when its transaction commits; savepoints mark how much of it a partial rollback undoes. */
public sealed interface SessionEffect {

    /** SET: {@code statement} is the statement without LOCAL. */
    record Assign(String name, String statement) implements SessionEffect {}

    /** SET LOCAL and the like: nothing is left of it when the transaction has ended. */
    record Local(String statement) implements SessionEffect {}

    /** RESET of one run-time parameter. */
    record Reset(String name) implements SessionEffect {
        @Override
        public String statement() {
            return "RESET " + SessionEffect.quoted(name).replace(".", "\".\"");
        }
    }

    /** RESET ALL. */
    record ResetAll() implements SessionEffect {
        @Override
        public String statement() {
            return "RESET ALL";
        }
    }

    /**
     * Several of the others at once.
     *
     * @param statement that has all of them
     */
    record Several(List<SessionEffect> effects, String statement) implements SessionEffect {
        public Several {
            effects = List.copyOf(effects);
        }
    }

    /** SAVEPOINT. */
    record Savepoint(String name) implements SessionEffect {
        @Override
        public String statement() {
            return "SAVEPOINT " + SessionEffect.quoted(name);
        }
    }

    /** RELEASE SAVEPOINT. */
    record Release(String name) implements SessionEffect {
        @Override
        public String statement() {
            return "RELEASE " + SessionEffect.quoted(name);
        }
    }

    /** ROLLBACK TO SAVEPOINT. */
    record RollbackTo(String name) implements SessionEffect {
        @Override
        public String statement() {
            return "ROLLBACK TO " + SessionEffect.quoted(name);
        }
    }

    /**
     * COMMIT or ROLLBACK: what was done so far is settled.
     *
     * @param chains whether another transaction begins, with AND CHAIN
     */
    record End(boolean commits, boolean chains) implements SessionEffect {}

    /** What it does to the channels that the client listens to, which is no matter of any server connection. */
    sealed interface OfChannels extends SessionEffect {
        /** LISTEN. */
        record Listen(String channel) implements OfChannels {}

        /** UNLISTEN. */
        record Unlisten(String channel) implements OfChannels {}

        /** UNLISTEN *. */
        record UnlistenAll() implements OfChannels {}
    }

    /** The statement that has this effect; empty when it depends on the transaction that ends, or no server has to know. */
    default String statement() {
        return "";
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

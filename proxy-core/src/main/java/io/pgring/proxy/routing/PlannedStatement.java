package io.pgring.proxy.routing;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.topology.ShardedTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the proxy has understood of one statement: enough to route any execution of it. Immutable. */
public sealed interface PlannedStatement {

    /** What it does to the session beyond its own rows; null when nothing. */
    default @Nullable SessionEffect effect() {
        return null;
    }

    /**
     * All rows that it sees or makes have one of the keys.
     *
     * @param insert the keys are stored, not compared
     */
    record Keyed(ShardedTable table, List<KeySource> keys, boolean insert) implements PlannedStatement {}

    /** Touches no sharded table: unsharded tables and system catalogs live on the home shard. */
    record Home() implements PlannedStatement {}

    /** The same on every shard: touches no table, and calls nothing that depends on the server. */
    record Anywhere() implements PlannedStatement {}

    /**
     * Controls the transaction.
     *
     * @param savepoint the savepoint's name, for the verbs that have one
     * @param chain AND CHAIN
     * @param text the statement
     */
    record Transaction(TransactionVerb verb, @Nullable String savepoint, boolean chain, String text)
            implements PlannedStatement {
        @Override
        public @Nullable SessionEffect effect() {
            if (savepoint == null) {
                return chain ? new SessionEffect.Chain() : null;
            }
            return switch (verb) {
                case SAVEPOINT -> new SessionEffect.Savepoint(savepoint);
                case RELEASE -> new SessionEffect.Release(savepoint);
                case ROLLBACK_TO -> new SessionEffect.RollbackTo(savepoint);
                default -> null;
            };
        }
    }

    /**
     * SET or RESET.
     *
     * @param effect what it does to the session; null for SET LOCAL
     * @param tag the command tag
     * @param text the statement
     */
    record Setting(@Nullable SessionEffect effect, String tag, String text) implements PlannedStatement {}

    /** DISCARD ALL. */
    record DiscardAll() implements PlannedStatement {}

    /**
     * DEALLOCATE.
     *
     * @param name the statement; null for ALL
     */
    record Deallocate(@Nullable String name) implements PlannedStatement {}

    /** Not to be run, whatever the values are. */
    record Refused(ErrorResponse error) implements PlannedStatement {}
}

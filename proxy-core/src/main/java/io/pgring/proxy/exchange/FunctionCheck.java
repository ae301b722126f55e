package io.pgring.proxy.exchange;

import io.pgring.pgsql.analysis.FunctionNumbers;
import io.pgring.pgwire.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/**
 * Whether the home shard may call a function of which nothing is known but its number, as the FunctionCall message has it. Nobody knows then
 * what it reads, nor which tables will be sharded while it runs.
 */
final class FunctionCheck {
    private FunctionCheck() {}

    /** Why it may not; null when it may. */
    static @Nullable ErrorResponse refusal(int oid) {
        if (FunctionNumbers.usesSession(oid)) {
            return ErrorResponse.error("0A000", "function with OID " + oid + " can't be used through the proxy")
                    .detail(
                            "Server connections are shared between clients, and what it leaves behind can't be carried along.")
                    .hint("Use a direct connection to the server for it.");
        }
        if (FunctionNumbers.readsNoTable(oid)) {
            return null;
        }
        return ErrorResponse.error("0A000", "function with OID " + oid + " can't be called by a function call message")
                .detail("It may use a sharded table, of which it would find the rows of one shard.")
                .hint("Call it by its name: SELECT f(...).");
    }
}

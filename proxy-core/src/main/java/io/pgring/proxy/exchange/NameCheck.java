package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.routing.Plan;
import io.pgring.proxy.routing.SearchPath;
import org.jspecify.annotations.Nullable;

/** Whether the names in a statement mean, in this session now, what they meant when its plan was made. */
final class NameCheck {
    private NameCheck() {}

    /** Why they may not; null when they do. */
    static @Nullable ErrorResponse refusal(Exchange exchange, Plan plan) {
        if (plan.namesSharded() && exchange.variables().leavesPublic()) {
            return SearchPath.refusal();
        }
        if (plan.insertsSharded() && exchange.transaction().hasDefinedEverywhere()) {
            return ErrorResponse.error(
                            "0A000", "INSERT into a sharded table behind a definition in the same transaction")
                    .detail("The place of the key among the columns may have changed.")
                    .hint("Commit the definition first.");
        }
        return null;
    }
}

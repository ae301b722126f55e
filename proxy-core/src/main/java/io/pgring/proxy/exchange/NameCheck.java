package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.routing.Plan;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.SearchPath;
import io.pgring.proxy.topology.Shard;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the names in a statement mean, in this session now, what they meant when its plan was made. */
final class NameCheck {
    private NameCheck() {}

    /** Why they may not; null when they do. */
    static @Nullable ErrorResponse refusal(Exchange exchange, Planner planner, Plan plan) {
        if (!exchange.tableControl().isSure(plan)) {
            return unsure(planner.homeShard());
        }
        if (!exchange.transaction().plansBy(planner.topology().catalog()) && !plan.concernsOnly(Set.of())) {
            return tablesHaveChanged();
        }
        ErrorResponse ofSession = exchange.marks().refusal(plan, planner.topology());
        if (ofSession != null) {
            return ofSession;
        }
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

    private static ErrorResponse unsure(Shard home) {
        return ErrorResponse.error("08006", "the proxy has lost touch with shard \"" + home.name() + "\"")
                .detail("Other proxies may have changed in the meantime which tables are sharded.")
                .hint("Check the server, then try again: the proxy tries twice a second.");
    }

    /** What was planned, or seen in a transaction, is no longer where it was. */
    static ErrorResponse tablesHaveChanged() {
        return ErrorResponse.error("40001", "could not serialize access due to tables that have moved")
                .detail("A table was made sharded, a reference table or a table of the home shard in the meantime.")
                .hint("Retry the transaction.");
    }
}

package io.pgring.proxy.exchange;

import io.pgring.proxy.backend.StatementKey;
import io.pgring.proxy.routing.BoundPlan;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.TransactionVerb;
import org.jspecify.annotations.Nullable;

/** A client's prepared statement. It exists from its Parse on, and for good once ParseComplete has come. */
final class PreparedStatement {
    private final String name;
    private final StatementKey key;
    private BoundPlan plan;
    private StatementKey sent;
    private boolean confirmed;

    /**
     * @param name the client's name for it; empty for the unnamed one
     * @param key its text and types
     * @param plan where its executions go
     */
    PreparedStatement(String name, StatementKey key, BoundPlan plan) {
        this.name = name;
        this.key = key;
        this.plan = plan;
        this.sent = key;
    }

    String name() {
        return name;
    }

    boolean isUnnamed() {
        return name.isEmpty();
    }

    /** Its text and types as servers get them. */
    StatementKey key() {
        return sent;
    }

    /** Servers get another text until further notice; null for its own. */
    void toText(byte @Nullable [] text) {
        sent = text == null ? key : key.with(text);
    }

    /** Whether no server keeps it under a name: what it gives depends on the session. */
    boolean isTransient() {
        return isUnnamed() || plan.plan().usesCursors();
    }

    BoundPlan plan() {
        return plan;
    }

    /** Plans it anew if the tables have changed since. */
    void toCurrentPlan(Planner planner) {
        if (!planner.isCurrent(plan.plan())) {
            byte[] text = key.text();
            plan = planner.bind(planner.plan(text, 0, text.length), key.parameterTypeOids());
        }
    }

    /** Whether only the home shard, which knows every table, can tell what it takes and gives. */
    boolean needsHome() {
        PlannedStatement statement = plan.statement();
        return statement instanceof PlannedStatement.Home
                || statement instanceof PlannedStatement.Spreads
                || statement instanceof PlannedStatement.Relayed
                || statement instanceof PlannedStatement.CopyIn
                || statement instanceof PlannedStatement.CopyOut
                || statement instanceof PlannedStatement.Declare
                || statement instanceof PlannedStatement.Explained
                || statement instanceof PlannedStatement.Everywhere;
    }

    /** Whether a transaction ends with it, or would if there were one. */
    boolean endsTransaction() {
        return plan.statement() instanceof PlannedStatement.Transaction control
                && (control.verb() == TransactionVerb.COMMIT || control.verb() == TransactionVerb.ROLLBACK);
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** The server, or the proxy for a statement that it answers by itself, has accepted it. */
    void confirm() {
        confirmed = true;
    }
}

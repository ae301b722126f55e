package io.pgring.proxy.exchange;

import io.pgring.proxy.backend.StatementKey;
import io.pgring.proxy.routing.BoundPlan;

/** A client's prepared statement. It exists from its Parse on, and for good once ParseComplete has come. */
final class PreparedStatement {
    private final String name;
    private final StatementKey key;
    private BoundPlan plan;
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
    }

    String name() {
        return name;
    }

    boolean isUnnamed() {
        return name.isEmpty();
    }

    StatementKey key() {
        return key;
    }

    BoundPlan plan() {
        return plan;
    }

    /** The tables have changed since it was planned. */
    void toPlan(BoundPlan another) {
        plan = another;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** The server, or the proxy for a statement that it answers by itself, has accepted it. */
    void confirm() {
        confirmed = true;
    }
}

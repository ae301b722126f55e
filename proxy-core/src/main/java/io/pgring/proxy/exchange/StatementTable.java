package io.pgring.proxy.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The prepared statements of one client by its own names for them, the unnamed one under the empty name. */
final class StatementTable {
    private final int statementsMax;
    private final Map<String, PreparedStatement> byName = new HashMap<>();
    private final List<PreparedStatement> unconfirmed = new ArrayList<>(2);
    private final List<PreparedStatement> dropped = new ArrayList<>(2);

    /** @param statementsMax how many there may be */
    StatementTable(int statementsMax) {
        this.statementsMax = statementsMax;
    }

    @Nullable
    PreparedStatement find(String name) {
        return byName.get(name);
    }

    boolean isFull() {
        return byName.size() >= statementsMax;
    }

    /** A Parse has come. The statement can be used by what follows, and goes again if its Parse fails. */
    void add(PreparedStatement statement) {
        byName.put(statement.name(), statement);
        unconfirmed.add(statement);
        dropped.clear();
    }

    /** Its Parse has succeeded. This may come to light after a later message was refused by the proxy: then it is back. */
    void confirm(PreparedStatement statement) {
        statement.confirm();
        if (!unconfirmed.remove(statement) && dropped.remove(statement)) {
            byName.putIfAbsent(statement.name(), statement);
        }
    }

    /** An error has come: what was not confirmed by now never will be, unless its ParseComplete is still on its way. */
    void dropUnconfirmed() {
        if (!unconfirmed.isEmpty()) {
            unconfirmed.forEach(statement -> byName.remove(statement.name(), statement));
            dropped.addAll(unconfirmed);
            unconfirmed.clear();
        }
    }

    /** Forgets a statement, and gives what there was. */
    @Nullable
    PreparedStatement remove(String name) {
        PreparedStatement removed = byName.remove(name);
        if (removed != null) {
            unconfirmed.remove(removed);
            dropped.remove(removed);
        }
        return removed;
    }

    /** A statement was not closed after all. */
    void restore(PreparedStatement statement) {
        if (statement.isConfirmed()) {
            byName.put(statement.name(), statement);
        }
    }

    void removeAll() {
        byName.clear();
        unconfirmed.clear();
        dropped.clear();
    }
}

package io.pgring.proxy.backend;

import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The prepared statements that one server connection holds: named ones, least recently used first out, and the unnamed
 * one. Mirrors the server's state as of the last message <em>sent</em>; an error that undoes a Parse must be told.
 */
public final class ServerStatements {
    private final int statementsMax;
    private final LinkedHashMap<StatementKey, String> names = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable StatementKey unnamed;
    private long created;

    /** @param statementsMax how many named statements the connection may hold */
    public ServerStatements(int statementsMax) {
        this.statementsMax = statementsMax;
    }

    /** The server's name for a statement that it has, which is then the most recently used; null if it doesn't have it. */
    public @Nullable String nameOf(StatementKey key) {
        return names.get(key);
    }

    /** Takes note of a Parse that is about to be sent, and gives the name to use in it. */
    public String add(StatementKey key) {
        String name = "pgring_" + created++;
        names.put(key, name);
        return name;
    }

    /** Forgets the least recently used statement when there is no room for one more; its name is to be closed. */
    public @Nullable String evict() {
        if (names.size() < statementsMax) {
            return null;
        }
        Iterator<String> eldest = names.values().iterator();
        String name = eldest.next();
        eldest.remove();
        return name;
    }

    /** The server no longer has it, or never came to have it. */
    public void forget(StatementKey key) {
        names.remove(key);
        if (key.equals(unnamed)) {
            unnamed = null;
        }
    }

    /** The server has forgotten them all. */
    public void forgetAll() {
        names.clear();
        unnamed = null;
    }

    /** What the unnamed statement is; null when there is none, or nobody knows. */
    public @Nullable StatementKey unnamed() {
        return unnamed;
    }

    /** The unnamed statement has become another, or none. */
    public void setUnnamed(@Nullable StatementKey key) {
        unnamed = key;
    }
}

package io.pgring.proxy.backend;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The prepared statements that one server connection holds: named ones, least recently used first out, and the unnamed
 * one. Mirrors the server's state as of the last message <em>sent</em>; an error that undoes a Parse must be told.
 */
public final class ServerStatements {
    private final int statementsMax;
    private final LinkedHashMap<StatementKey, String> names = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<StatementKey> plain = new HashSet<>();
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

    /** Whether a named statement is known to have no column whose values name types. */
    public boolean isPlain(StatementKey key) {
        return plain.contains(key);
    }

    /** A named statement has no such column, and PostgreSQL does not let it change its columns. */
    public void onPlain(StatementKey key) {
        if (names.containsKey(key)) {
            plain.add(key);
        }
    }

    /** Forgets the least recently used statement when there is no room for one more; its name is to be closed. */
    public @Nullable String evict() {
        if (names.size() < statementsMax) {
            return null;
        }
        Iterator<Map.Entry<StatementKey, String>> entries = names.entrySet().iterator();
        Map.Entry<StatementKey, String> eldest = entries.next();
        entries.remove();
        plain.remove(eldest.getKey());
        return eldest.getValue();
    }

    /** The server no longer has it, or never came to have it. */
    public void forget(StatementKey key) {
        names.remove(key);
        plain.remove(key);
        if (key.equals(unnamed)) {
            unnamed = null;
        }
    }

    /** The server has forgotten them all. */
    public void forgetAll() {
        names.clear();
        plain.clear();
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

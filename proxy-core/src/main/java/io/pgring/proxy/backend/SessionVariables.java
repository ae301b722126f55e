package io.pgring.proxy.backend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a session that differ from a fresh login: for each run-time parameter the SET statement that makes it
 * so, in the words of the client, in the order in which they were made. Immutable.
 *
 * <p>A client carries its own from server connection to server connection; a connection knows those it has. The difference
 * of the two is what has to be said before the client's next statement.
 */
public final class SessionVariables {
    /** A fresh login. */
    public static final SessionVariables NONE = new SessionVariables(new LinkedHashMap<>());

    /** Their SET takes a constant for one name, whatever commas are in it (guc.h, GUC_LIST_QUOTE). */
    private static final Set<String> LISTS_OF_NAMES =
            Set.of("search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries");

    private static final String USER = "session_authorization";
    private static final String ROLE = "role";

    private final Map<String, String> statements;

    private SessionVariables(Map<String, String> statements) {
        this.statements = statements;
    }

    /**
     * These, and one more. Another session user has no role, as PostgreSQL has it: so a role always stands behind its user.
     *
     * @param name run-time parameter, in lower case
     * @param statement the whole SET statement, without LOCAL
     */
    public SessionVariables with(String name, String statement) {
        if (statement.equals(statements.get(name))) {
            return this;
        }
        LinkedHashMap<String, String> copy = new LinkedHashMap<>(statements);
        forget(copy, name);
        copy.put(name, statement);
        return new SessionVariables(copy);
    }

    /** These without one. */
    public SessionVariables without(String name) {
        if (!statements.containsKey(name)) {
            return this;
        }
        LinkedHashMap<String, String> copy = new LinkedHashMap<>(statements);
        forget(copy, name);
        return copy.isEmpty() ? NONE : new SessionVariables(copy);
    }

    private static void forget(Map<String, String> statements, String name) {
        statements.remove(name);
        if (name.equals(USER)) {
            statements.remove(ROLE);
        }
    }

    /** The statement that sets {@code name}; null when it has its value of a fresh login. */
    public @Nullable String statementOf(String name) {
        return statements.get(name);
    }

    /** The names that are set. */
    public Iterable<String> names() {
        return statements.keySet();
    }

    /**
     * The statements that turn a session with these settings into one with {@code target}'s; empty when there are none. What may be set
     * depends on the user and the role: if there are any, what was set last is undone first, all of it, and then done in the order in which
     * the client did it.
     */
    public String differenceTo(SessionVariables target) {
        if (equals(target)) {
            return "";
        }
        boolean privileged = !identity().isEmpty() || !target.identity().isEmpty();
        List<String> said = new ArrayList<>();
        for (String name : statements.keySet()) {
            if (privileged || !target.statements.containsKey(name)) {
                said.add("RESET " + quoted(name));
            }
        }
        Collections.reverse(said);
        for (Map.Entry<String, String> entry : target.statements.entrySet()) {
            if (privileged || differs(entry.getKey(), target)) {
                said.add(entry.getValue());
            }
        }
        return String.join(";", said);
    }

    private String identity() {
        return statements.getOrDefault(ROLE, "") + statements.getOrDefault(USER, "");
    }

    private boolean differs(String name, SessionVariables target) {
        return !Objects.equals(statements.get(name), target.statements.get(name));
    }

    /** What changes the meaning of a statement's text: two sessions may share a parsed statement when these are equal. */
    public String parseContext() {
        String path = statements.getOrDefault("search_path", "");
        String role = statements.getOrDefault(ROLE, "");
        String user = statements.getOrDefault(USER, "");
        return path.isEmpty() && role.isEmpty() && user.isEmpty() ? "" : path + '\n' + role + '\n' + user;
    }

    /** The SET statement for a value that came without one, as in a start-up message. */
    public static String setStatement(String name, String value) {
        String constant = '\'' + value.replace("'", "''") + '\'';
        return LISTS_OF_NAMES.contains(name)
                ? "SELECT pg_catalog.set_config('" + name + "', " + constant + ", false)"
                : "SET " + quoted(name) + " TO " + constant;
    }

    /** Custom parameters have dots in their names, each part being an identifier of its own. */
    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"").replace(".", "\".\"") + '"';
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionVariables that && statements.equals(that.statements);
    }

    @Override
    public int hashCode() {
        return statements.hashCode();
    }

    @Override
    public String toString() {
        return statements.keySet().toString();
    }
}

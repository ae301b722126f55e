package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.RoutineSource;
import io.pgring.pgsql.analysis.SessionChange;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.config.TableConfiguration;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The functions and procedures of a server, by name and as far as their sources tell. Those written in C are taken for harmless. */
final class Routines {
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

    private static final String FUNCTIONS = """
            SELECT p.proname, l.lanname, p.prosrc || ' ' || coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), '')
            FROM pg_catalog.pg_proc p
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            JOIN pg_catalog.pg_language l ON l.oid = p.prolang
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgring', 'pgring_visible', 'pgring_remote', 'pgring_gather')
              AND l.lanname NOT IN ('c', 'internal')
            """;

    private final Map<String, Set<String>> words = new HashMap<>();
    private final Map<String, SessionChange> changes = new HashMap<>();

    private Routines() {}

    /** Reads them. */
    static Routines load(Connection connection) throws SQLException {
        Routines routines = new Routines();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FUNCTIONS)) {
            while (row.next()) {
                routines.add(row.getString(1), row.getString(2), row.getString(3));
            }
        }
        return routines;
    }

    private void add(String name, String language, String source) {
        changes.merge(name, RoutineSource.change(language, source), SessionChange::or);
        Set<String> mentioned = words.computeIfAbsent(name, first -> new HashSet<>());
        Matcher matcher = WORD.matcher(source);
        while (matcher.find()) {
            mentioned.add(matcher.group().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Those that change their session, and those whose source mentions a sharded table, a view that hides one, or another such function.
     *
     * @param hiding is added why
     */
    void hide(Map<String, String> hiding, Iterable<TableClass.Hiding> views, List<TableConfiguration> tables) {
        changes.forEach((name, change) -> {
            if (change == SessionChange.LASTING) {
                hiding.put(
                        name,
                        "Function \"" + name
                                + "\" changes its session, and server connections are shared between clients.");
            }
        });
        Set<String> secrets = new HashSet<>();
        tables.forEach(table -> secrets.add(table.name().toLowerCase(Locale.ROOT)));
        views.forEach(view -> secrets.add(view.name().toLowerCase(Locale.ROOT)));
        hiding.keySet().forEach(function -> secrets.add(function.toLowerCase(Locale.ROOT)));
        boolean found = true;
        while (found) {
            found = false;
            for (Map.Entry<String, Set<String>> function : words.entrySet()) {
                String name = function.getKey();
                String secret = hiding.containsKey(name) ? null : anyOf(secrets, function.getValue());
                if (secret != null) {
                    hiding.put(
                            name,
                            "Function \"" + name + "\" uses \"" + secret
                                    + "\", which one server must not read or write by itself.");
                    secrets.add(name.toLowerCase(Locale.ROOT));
                    found = true;
                }
            }
        }
    }

    private static @Nullable String anyOf(Set<String> secrets, Set<String> mentioned) {
        return secrets.stream().filter(mentioned::contains).findFirst().orElse(null);
    }

    /** Those of which it is not known what they set in their session. */
    Set<String> unsure() {
        Set<String> unsure = new HashSet<>();
        changes.forEach((name, change) -> {
            if (change == SessionChange.UNKNOWN) {
                unsure.add(name);
            }
        });
        return unsure;
    }

    /** Adds those that mention one of some names, at any distance. */
    void spread(Set<String> functions, Set<String> relations) {
        Set<String> secrets = new HashSet<>();
        functions.forEach(name -> secrets.add(name.toLowerCase(Locale.ROOT)));
        relations.forEach(name -> secrets.add(name.toLowerCase(Locale.ROOT)));
        boolean found = true;
        while (found) {
            found = false;
            for (Map.Entry<String, Set<String>> function : words.entrySet()) {
                if (!functions.contains(function.getKey()) && anyOf(secrets, function.getValue()) != null) {
                    functions.add(function.getKey());
                    secrets.add(function.getKey().toLowerCase(Locale.ROOT));
                    found = true;
                }
            }
        }
    }
}

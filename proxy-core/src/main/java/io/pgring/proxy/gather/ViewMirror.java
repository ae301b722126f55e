package io.pgring.proxy.gather;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.GatherNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The users' views over sharded tables, made again in pgring_gather over all rows. A view is only taken when that is certain to come out
 * right: its text with other relations must be accepted, give the same columns, and depend no more on what one server sees in part.
 */
final class ViewMirror {
    private static final String DEFINITION = """
            SELECT pg_catalog.pg_get_viewdef(c.oid)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'v'
              AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
            """;

    private static final String COLUMNS = """
            SELECT a.attname || ' ' || a.atttypid || ' ' || a.attcollation
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;

    private static final String DEPENDENCIES = """
            FROM pg_catalog.pg_class v
            JOIN pg_catalog.pg_namespace s ON s.oid = v.relnamespace
            JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid
            JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
            """;

    private static final String RELATIONS =
            "SELECT DISTINCT n.nspname || '.' || c.relname, c.relrowsecurity " + DEPENDENCIES + """
            JOIN pg_catalog.pg_class c
              ON d.refclassid = 'pg_catalog.pg_class'::regclass AND c.oid = d.refobjid AND c.oid <> v.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE s.nspname = ? AND v.relname = ?
            """;

    /** Functions and operators by name; and domains, whose checks may call anything. */
    private static final String DOUBTFUL =
            "SELECT p.proname " + DEPENDENCIES + """
            JOIN pg_catalog.pg_proc p ON d.refclassid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.refobjid
            WHERE s.nspname = ? AND v.relname = ? AND p.proname = ANY (?::text[])
            UNION ALL SELECT o.oprname
            """ + DEPENDENCIES + """
            JOIN pg_catalog.pg_operator o ON d.refclassid = 'pg_catalog.pg_operator'::regclass AND o.oid = d.refobjid
            WHERE s.nspname = ? AND v.relname = ? AND o.oprname = ANY (?::text[])
            UNION ALL SELECT t.typname
            """ + DEPENDENCIES + """
            JOIN pg_catalog.pg_type t
              ON d.refclassid = 'pg_catalog.pg_type'::regclass AND t.oid = d.refobjid AND t.typtype = 'd'
            WHERE s.nspname = ? AND v.relname = ?
            """;

    private final Ddl ddl;
    private final OwnSchema gather;
    private final Catalog catalog;
    private final Map<String, String> relations = new HashMap<>();
    private final Set<String> partial = new HashSet<>();
    private final Set<String> mirrored = new LinkedHashSet<>();

    /** @param tables whose views in pgring_gather are there */
    ViewMirror(Ddl ddl, OwnSchema gather, Catalog catalog, List<GatheredTable> tables) {
        this.ddl = ddl;
        this.gather = gather;
        this.catalog = catalog;
        tables.forEach(table -> relations.put(table.qualifiedName(), table.relation()));
        catalog.sharded().forEach(table -> partial.add(table.definition().qualifiedName()));
        catalog.hiding().forEach(view -> partial.add(qualifiedName(view)));
    }

    private static String qualifiedName(TableClass.Hiding view) {
        return view.schema() + "." + view.name();
    }

    /** A view that this can't make. */
    private static final class Refusal extends RuntimeException {
        Refusal(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * Makes the views, those first that others read.
     *
     * @param refused is added why which could not be made
     * @return those that are there, as {@code schema.name}
     */
    Set<String> ensure(Map<String, String> refused) throws SQLException {
        List<TableClass.Hiding> waiting = new ArrayList<>(catalog.hiding());
        int before = -1;
        while (before != waiting.size()) {
            before = waiting.size();
            for (TableClass.Hiding view : List.copyOf(waiting)) {
                if (ensure(view, refused)) {
                    waiting.remove(view);
                }
            }
        }
        for (TableClass.Hiding view : waiting) {
            refused.putIfAbsent(qualifiedName(view), view.reason());
        }
        return mirrored;
    }

    /** The names of the views in pgring_gather. */
    Set<String> relations() {
        Set<String> names = new HashSet<>();
        mirrored.forEach(name -> names.add(relations.getOrDefault(name, name)));
        return names;
    }

    /** Whether the view is dealt with; it is not while it reads another that has not been made. */
    private boolean ensure(TableClass.Hiding view, Map<String, String> refused) throws SQLException {
        String name = qualifiedName(view);
        List<String> definition = ddl.column(DEFINITION, view.schema(), view.name());
        Map<String, Boolean> read = new HashMap<>();
        ddl.rows(row -> read.put(row.getString(1), row.getBoolean(2)), RELATIONS, view.schema(), view.name());
        boolean ready = read.keySet().stream()
                .allMatch(relation -> !partial.contains(relation) || relations.containsKey(relation));
        if (definition.isEmpty() || !ready) {
            return false;
        }
        try {
            if (read.containsValue(true)) {
                throw new Refusal("it reads a table with row security");
            }
            List<String> functions = List.copyOf(catalog.hidingFunctions().keySet());
            List<String> doubtful = ddl.column(
                    DOUBTFUL,
                    view.schema(),
                    view.name(),
                    functions,
                    view.schema(),
                    view.name(),
                    functions,
                    view.schema(),
                    view.name());
            if (!doubtful.isEmpty()) {
                throw new Refusal("it uses \"" + doubtful.get(0) + "\"");
            }
            make(view, definition.get(0));
        } catch (Refusal | SqlSyntaxException e) {
            refused.put(name, refusal(name, e.getMessage()));
            return true;
        } catch (SQLException e) {
            if (isOfServer(e.getSQLState())) {
                throw e;
            }
            refused.put(name, refusal(name, e.getMessage()));
            return true;
        }
        relations.put(name, GatherNames.relation(view.schema(), view.name()));
        mirrored.add(name);
        return true;
    }

    private static String refusal(String view, @Nullable String reason) {
        String line = String.valueOf(reason).lines().findFirst().orElse("");
        return "View \"" + view + "\" can't be made over the rows of all shards: " + line + ".";
    }

    /** Connection lost, locked, deadlock, shutdown: nothing that the view has to do with. */
    private static boolean isOfServer(@Nullable String sqlState) {
        return sqlState == null
                || sqlState.startsWith("08")
                || sqlState.startsWith("40")
                || sqlState.startsWith("53")
                || sqlState.startsWith("55")
                || sqlState.startsWith("57");
    }

    private void make(TableClass.Hiding view, String definition) throws SQLException {
        String relation = GatherNames.relation(view.schema(), view.name());
        String spliced = ViewText.splice(definition, relations);
        if (spliced == null) {
            throw new Refusal("it names a table where it does not read it");
        }
        String quoted = GatherNames.quote(GatherNames.GATHER, relation);
        List<String> statements = List.of("CREATE VIEW " + quoted + " AS " + spliced);
        String base = GatherNames.quote(view.schema(), view.name());
        if (gather.isCurrent(relation, base, statements)) {
            return;
        }
        ddl.execute("DROP VIEW IF EXISTS " + quoted + " CASCADE");
        ddl.attempt(() -> {
            ddl.execute(statements);
            List<String> columns = ddl.column(COLUMNS, GatherNames.GATHER, relation);
            if (!columns.equals(ddl.column(COLUMNS, view.schema(), view.name()))) {
                throw new Refusal("its columns would have other types");
            }
            if (ddl.column(RELATIONS, GatherNames.GATHER, relation).stream().anyMatch(partial::contains)) {
                throw new Refusal("it would still depend on one server's rows");
            }
            gather.note(relation, base, statements);
        });
    }
}

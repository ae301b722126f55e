package io.pgring.proxy.gather;

import io.pgring.proxy.topology.GatherNames;
import java.sql.SQLException;
import java.util.List;

/**
 * A schema of the proxy's views on one server. Each view's comment says by which statements it was made, as a hash, and for which table or
 * view: so views are made anew only when they would come out otherwise, and dropped only when what they are for is gone. What another
 * proxy has made, which knows more tables, stays.
 */
final class OwnSchema {
    private static final int HASH_LENGTH = 64;

    private static final String ORPHANS = """
            SELECT c.relname FROM pg_catalog.pg_class c
            CROSS JOIN LATERAL pg_catalog.obj_description(c.oid, 'pg_class') AS comment
            WHERE c.relnamespace = pg_catalog.to_regnamespace(?) AND c.relkind = 'v' AND comment IS NOT NULL
              AND pg_catalog.to_regclass(pg_catalog.substr(comment, %d)) IS NULL
            """.formatted(HASH_LENGTH + 2);

    private static final String COMMENT = """
            SELECT coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') FROM pg_catalog.pg_class c
            WHERE c.relnamespace = pg_catalog.to_regnamespace(?) AND c.relkind = 'v' AND c.relname = ?
            """;

    private final Ddl ddl;
    private final String name;

    /** Makes the schema unless there is one. */
    OwnSchema(Ddl ddl, String name) throws SQLException {
        this.ddl = ddl;
        this.name = name;
        if (!ddl.exists("SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ?", name)) {
            ddl.execute("CREATE SCHEMA " + GatherNames.quote(name));
        }
    }

    /** The views whose tables or views are gone. */
    List<String> orphans() throws SQLException {
        return ddl.column(ORPHANS, name);
    }

    /** Whether the view is there. */
    boolean has(String view) throws SQLException {
        return ddl.exists(COMMENT, name, view);
    }

    /**
     * Whether the view was made by these statements.
     *
     * @param base what it is for, in quotes
     */
    boolean isCurrent(String view, String base, List<String> statements) throws SQLException {
        return ddl.column(COMMENT, name, view).contains(comment(base, statements));
    }

    /** Notes that the view was made by these statements. */
    void note(String view, String base, List<String> statements) throws SQLException {
        ddl.execute(
                "COMMENT ON VIEW " + GatherNames.quote(name, view) + " IS " + Ddl.literal(comment(base, statements)));
    }

    private static String comment(String base, List<String> statements) {
        return GatherNames.sha256(String.join("\0", statements)) + ' ' + base;
    }
}

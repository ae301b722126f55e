package io.pgring.proxy.gather;

import io.pgring.proxy.topology.GatherNames;
import java.sql.SQLException;
import java.util.List;

/**
 * A schema of the proxy's views on one server. Each view's comment is the hash of the statements that made it, so that views are made
 * anew only when they would come out otherwise.
 */
final class OwnSchema {
    private static final String VIEWS = """
            SELECT c.relname FROM pg_catalog.pg_class c
            WHERE c.relnamespace = pg_catalog.to_regnamespace(?) AND c.relkind = 'v'
            """;

    private static final String CURRENT = """
            SELECT c.relname FROM pg_catalog.pg_class c
            WHERE c.relnamespace = pg_catalog.to_regnamespace(?) AND c.relkind = 'v' AND c.relname = ?
              AND pg_catalog.obj_description(c.oid, 'pg_class') = ?
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

    /** The views that are there. */
    List<String> views() throws SQLException {
        return ddl.column(VIEWS, name);
    }

    /** Whether the view was made by these statements. */
    boolean isCurrent(String view, List<String> statements) throws SQLException {
        return ddl.exists(CURRENT, name, view, hash(statements));
    }

    /** Notes that the view was made by these statements. */
    void note(String view, List<String> statements) throws SQLException {
        ddl.execute("COMMENT ON VIEW " + GatherNames.quote(name, view) + " IS " + Ddl.literal(hash(statements)));
    }

    private static String hash(List<String> statements) {
        return GatherNames.sha256(String.join("\0", statements));
    }
}

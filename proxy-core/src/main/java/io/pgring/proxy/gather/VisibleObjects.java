package io.pgring.proxy.gather;

import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.GatherNames;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What a shard other than the home shard needs: a view for each table, and a mark to know it by. */
final class VisibleObjects {
    /** A view with one row: a random text that tells this server from all others. Schema pgring has no tables of users. */
    static final String IDENTITY = "pgring.identity";

    private static final String IDENTITY_VIEW = GatherNames.quote(GatherNames.VISIBLE, IDENTITY);

    /** SQLSTATEs of views and functions that can't be replaced by those with other columns. */
    private static final Set<String> OTHER_COLUMNS = Set.of("42P16", "42P13");

    private static final String INVOKER = """
            SELECT c.relname FROM pg_catalog.pg_class c
            WHERE c.relnamespace = pg_catalog.to_regnamespace(?) AND c.relname = ?
              AND c.reloptions @> ARRAY['security_invoker=true']
            """;

    private VisibleObjects() {}

    /**
     * Makes what is missing, drops what is for tables that are gone.
     *
     * @param writable whether the views are to be written through, as {@link #ensureViews} makes them
     * @param taken the identities of other servers: a server that is the copy of another gets a new one
     * @return the server's identity
     */
    static String ensure(Ddl ddl, List<GatheredTable> tables, boolean writable, Set<String> taken) throws SQLException {
        OwnSchema visible = ensureViews(ddl, tables, writable);
        return identity(ddl, visible, taken);
    }

    /**
     * Makes the views, drops those of tables that are gone.
     *
     * @param writable whether they are to be written through, while rows are moved
     */
    static OwnSchema ensureViews(Ddl ddl, List<GatheredTable> tables, boolean writable) throws SQLException {
        CatalogSchema.ensureFence(ddl.connection());
        OwnSchema visible = new OwnSchema(ddl, GatherNames.VISIBLE);
        if (writable) {
            ddl.execute("GRANT USAGE ON SCHEMA " + GatherNames.quote(GatherNames.VISIBLE) + " TO PUBLIC");
        }
        KeptGrants grants = new KeptGrants(ddl, GatherNames.VISIBLE);
        for (GatheredTable table : tables) {
            List<String> statements = writable ? table.createWritable(ddl.serverVersion()) : table.createVisible();
            if (!visible.isCurrent(table.relation(), table.quotedName(), statements)) {
                make(ddl, table.relation(), statements, writable);
                visible.note(table.relation(), table.quotedName(), statements);
            }
        }
        for (String relation : visible.orphans()) {
            ddl.execute(GatheredTable.dropVisible(relation));
        }
        grants.restore();
        return visible;
    }

    /** In place if that can be, which leaves what reads the view, and what is granted on it, as it is. */
    private static void make(Ddl ddl, String relation, List<String> statements, boolean writable) throws SQLException {
        try {
            ddl.attempt(() -> replace(ddl, relation, statements, writable));
        } catch (SQLException e) {
            if (!OTHER_COLUMNS.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            ddl.execute(GatheredTable.dropVisible(relation));
            ddl.execute(statements);
        }
    }

    private static void replace(Ddl ddl, String relation, List<String> statements, boolean writable)
            throws SQLException {
        boolean invoker = ddl.exists(INVOKER, GatherNames.VISIBLE, relation);
        for (String statement : statements) {
            ddl.execute(statement.replaceFirst("^CREATE ", "CREATE OR REPLACE "));
        }
        String view = GatherNames.quote(GatherNames.VISIBLE, relation);
        if (writable) {
            ddl.execute("DROP FUNCTION IF EXISTS " + view + "() CASCADE");
        } else if (invoker) {
            // Now it is read with the rights of its owner.
            ddl.execute("REVOKE ALL ON " + view + " FROM PUBLIC");
        }
    }

    private static String identity(Ddl ddl, OwnSchema visible, Set<String> taken) throws SQLException {
        if (visible.has(IDENTITY)) {
            String identity =
                    ddl.column("SELECT identity FROM " + IDENTITY_VIEW).get(0);
            if (!taken.contains(identity)) {
                return identity;
            }
        }
        String identity = UUID.randomUUID().toString();
        ddl.execute("CREATE OR REPLACE VIEW " + IDENTITY_VIEW + " AS SELECT " + Ddl.literal(identity)
                + "::pg_catalog.text AS identity");
        return identity;
    }
}

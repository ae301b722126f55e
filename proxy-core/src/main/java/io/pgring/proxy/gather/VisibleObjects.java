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
        for (GatheredTable table : tables) {
            List<String> statements = writable ? table.createWritable(ddl.serverVersion()) : table.createVisible();
            if (!visible.isCurrent(table.relation(), table.quotedName(), statements)) {
                ddl.execute(GatheredTable.dropVisible(table.relation()));
                ddl.execute(statements);
                visible.note(table.relation(), table.quotedName(), statements);
            }
        }
        for (String relation : visible.orphans()) {
            ddl.execute(GatheredTable.dropVisible(relation));
        }
        return visible;
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

package io.pgring.proxy.gather;

import io.pgring.proxy.topology.GatherNames;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the views of a schema of the proxy. The owner of the database says so by GRANT, and is not asked again when a view is made anew,
 * or goes because one that it reads does: it then gets back what was granted on the one before.
 */
final class KeptGrants {
    /**
     * What everybody may do with a view that is read with the rights of who reads it was not granted by the owner of the database; on another
     * view it would lay open what the table does not.
     */
    private static final String GRANTS = """
            SELECT c.relname, c.oid::text, o.attname, x.privilege_type, x.is_grantable,
                   CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE r.rolname END, x.grantee = 0
            FROM pg_catalog.pg_class c
            CROSS JOIN LATERAL (
                SELECT NULL::pg_catalog.name AS attname, c.relacl AS acl
                UNION ALL
                SELECT a.attname, a.attacl FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attacl IS NOT NULL
            ) o
            CROSS JOIN LATERAL pg_catalog.aclexplode(o.acl) x
            LEFT JOIN pg_catalog.pg_roles r ON r.oid = x.grantee
            WHERE c.relnamespace = pg_catalog.to_regnamespace(?) AND c.relkind = 'v' AND x.grantee <> c.relowner
              AND CASE WHEN x.grantee = 0
                  THEN NOT coalesce(c.reloptions, '{}') @> ARRAY['security_invoker=true'] ELSE r.oid IS NOT NULL END
            """;

    private static final String VIEWS = """
            SELECT c.relname, c.oid::text FROM pg_catalog.pg_class c
            WHERE c.relnamespace = pg_catalog.to_regnamespace(?) AND c.relkind = 'v'
            """;

    private static final String COLUMN = """
            SELECT a.attname FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = ?::pg_catalog.oid AND a.attname = ? AND NOT a.attisdropped
            """;

    private final Ddl ddl;
    private final String schema;
    private final List<Grant> grants;

    /** Reads them. */
    KeptGrants(Ddl ddl, String schema) throws SQLException {
        this.ddl = ddl;
        this.schema = schema;
        this.grants = ddl.rows(Grant::of, GRANTS, schema);
    }

    /**
     * A right.
     *
     * @param oid of the view
     * @param column null when it is for all
     * @param grantee as in statements
     */
    private record Grant(
            String view, String oid, @Nullable String column, String privilege, boolean grantable, String grantee) {
        static Grant of(ResultSet row) throws SQLException {
            String grantee = row.getString(6);
            return new Grant(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getBoolean(5),
                    row.getBoolean(7) ? grantee : GatherNames.quote(grantee));
        }

        String statement(String schema) {
            return "GRANT " + privilege + (column == null ? "" : " (" + GatherNames.quote(column) + ")") + " ON "
                    + GatherNames.quote(schema, view) + " TO " + grantee + (grantable ? " WITH GRANT OPTION" : "");
        }
    }

    /** Grants them again on the views that have been made anew. */
    void restore() throws SQLException {
        if (grants.isEmpty()) {
            return;
        }
        Map<String, String> now = new HashMap<>();
        ddl.rows(row -> now.put(row.getString(1), row.getString(2)), VIEWS, schema);
        for (Grant grant : grants) {
            String oid = now.getOrDefault(grant.view(), grant.oid());
            String column = grant.column();
            if (!oid.equals(grant.oid()) && (column == null || ddl.exists(COLUMN, oid, column))) {
                ddl.execute(grant.statement(schema));
            }
        }
    }
}

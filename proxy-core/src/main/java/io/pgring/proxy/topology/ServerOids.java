package io.pgring.proxy.topology;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * The object identifiers that one server has given to types and tables of its users: those that PostgreSQL itself comes with have the same
 * ones everywhere. Blocks: for control threads.
 *
 * @param types by schema and name in double quotes; an array by its element's, since the name of its own may be another on each server
 * @param tables by schema and name in double quotes
 * @param composition of the types whose values hold others, by oid
 */
record ServerOids(Map<String, Integer> types, Map<String, Integer> tables, Map<Integer, TypeComposition> composition) {
    /** Multirange types are known since PostgreSQL 14: hence the detour over jsonb. */
    private static final String TYPES = """
            SELECT t.oid::bigint,
                   CASE WHEN e.oid IS NULL THEN pg_catalog.format('%I.%I', n.nspname, t.typname)
                        ELSE pg_catalog.format('%I.%I[]', m.nspname, e.typname) END,
                   CASE WHEN e.oid IS NOT NULL THEN 'a' ELSE t.typtype::pg_catalog.text END,
                   coalesce(e.oid, r.rngsubtype, nullif(t.typbasetype, 0), 0)::bigint
            FROM pg_catalog.pg_type t
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
            LEFT JOIN pg_catalog.pg_namespace m ON m.oid = e.typnamespace
            LEFT JOIN pg_catalog.pg_range r ON t.oid IN (r.rngtypid,
                (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::pg_catalog.oid)
            WHERE t.oid >= 16384 AND n.nspname !~ '^pg_(temp|toast)'
            """;

    private static final String TABLES = """
            SELECT c.oid::bigint, pg_catalog.format('%I.%I', n.nspname, c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_(temp|toast)'
            """;

    /** Reads those of a server. */
    static ServerOids read(Connection connection) throws SQLException {
        ServerOids oids = new ServerOids(new HashMap<>(), new HashMap<>(), new HashMap<>());
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(TYPES)) {
                while (row.next()) {
                    int oid = (int) row.getLong(1);
                    oids.types.put(row.getString(2), oid);
                    oids.addComposition(oid, row.getString(3), (int) row.getLong(4));
                }
            }
            try (ResultSet row = statement.executeQuery(TABLES)) {
                while (row.next()) {
                    oids.tables.put(row.getString(2), (int) row.getLong(1));
                }
            }
        }
        return oids;
    }

    private void addComposition(int oid, String kind, int of) {
        switch (kind) {
            case "a" -> composition.put(oid, new TypeComposition.Array(of));
            case "c" -> composition.put(oid, new TypeComposition.Composite());
            case "d" -> composition.put(oid, new TypeComposition.Domain(of));
            case "r" -> composition.put(oid, new TypeComposition.Range(of));
            case "m" -> composition.put(oid, new TypeComposition.Multirange(of));
            default -> {}
        }
    }
}

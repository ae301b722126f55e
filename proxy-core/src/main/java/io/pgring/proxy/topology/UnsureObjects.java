package io.pgring.proxy.topology;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * What runs functions of which it is not known what they set in their session: other functions, and tables and views by their triggers,
 * defaults, checks, indexes, policies and rules. Immutable.
 *
 * @param functions names of functions, procedures, aggregates and operators
 * @param read names of what runs one when it is read, both with the schema and without
 * @param written the same, when it is written
 */
record UnsureObjects(Set<String> functions, Set<String> read, Set<String> written) {
    static final UnsureObjects NONE = new UnsureObjects(Set.of(), Set.of(), Set.of());

    private static final String DEPENDENTS = """
            WITH RECURSIVE direct AS (
                SELECT d.classid, d.objid
                FROM pg_catalog.pg_proc p
                JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid = p.oid
                WHERE p.proname = ANY (?::text[]) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            ), touched(relation, reads) AS (
                SELECT r.relation, r.reads
                FROM direct d
                CROSS JOIN LATERAL (
                    SELECT x.ev_class, x.ev_type = '1' FROM pg_catalog.pg_rewrite x
                    WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND x.oid = d.objid
                    UNION ALL
                    SELECT x.polrelid, true FROM pg_catalog.pg_policy x
                    WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND x.oid = d.objid
                    UNION ALL
                    SELECT x.tgrelid, false FROM pg_catalog.pg_trigger x
                    WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND x.oid = d.objid
                    UNION ALL
                    SELECT x.adrelid, false FROM pg_catalog.pg_attrdef x
                    WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND x.oid = d.objid
                    UNION ALL
                    SELECT x.conrelid, false FROM pg_catalog.pg_constraint x
                    WHERE d.classid = 'pg_catalog.pg_constraint'::regclass AND x.oid = d.objid
                    UNION ALL
                    SELECT x.indrelid, false FROM pg_catalog.pg_index x
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND x.indexrelid = d.objid
                ) AS r(relation, reads)
                UNION
                SELECT x.ev_class, t.reads
                FROM touched t
                JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.relation
                JOIN pg_catalog.pg_rewrite x ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND x.oid = d.objid
            )
            SELECT n.nspname, c.relname, t.reads
            FROM touched t
            JOIN pg_catalog.pg_class c ON c.oid = t.relation
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname NOT IN ('pgring', 'pgring_visible', 'pgring_remote', 'pgring_gather')
            UNION ALL
            SELECT NULL, coalesce(p.proname, o.oprname), NULL
            FROM direct d
            LEFT JOIN pg_catalog.pg_proc p ON d.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.objid
            LEFT JOIN pg_catalog.pg_operator o ON d.classid = 'pg_catalog.pg_operator'::regclass AND o.oid = d.objid
            WHERE coalesce(p.oid, o.oid) IS NOT NULL
            """;

    UnsureObjects {
        functions = Set.copyOf(functions);
        read = Set.copyOf(read);
        written = Set.copyOf(written);
    }

    /** Reads what depends on those whose sources can't be read, at any distance. Blocks. */
    static UnsureObjects load(Connection connection, Routines routines) throws SQLException {
        Set<String> functions = routines.unsure();
        Set<String> read = new HashSet<>();
        Set<String> written = new HashSet<>();
        int known = -1;
        while (known < functions.size() + read.size() + written.size() && !functions.isEmpty()) {
            known = functions.size() + read.size() + written.size();
            addDependents(connection, functions, read, written);
            Set<String> relations = new HashSet<>(read);
            relations.addAll(written);
            routines.spread(functions, relations);
        }
        return new UnsureObjects(functions, read, written);
    }

    private static void addDependents(
            Connection connection, Set<String> functions, Set<String> read, Set<String> written) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DEPENDENTS)) {
            statement.setArray(1, connection.createArrayOf("text", functions.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String schema = row.getString(1);
                    String name = row.getString(2);
                    if (schema == null) {
                        functions.add(name);
                    } else {
                        Set<String> touched = row.getBoolean(3) ? read : written;
                        touched.add(name);
                        touched.add(schema + "." + name);
                    }
                }
            }
        }
    }

    /** Whether a relation runs such a function when it is read, or when it is written. */
    boolean concerns(String relation, boolean writes) {
        return read.contains(relation) || (writes && written.contains(relation));
    }
}

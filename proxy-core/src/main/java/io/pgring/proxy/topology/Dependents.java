package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.config.TableConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What depends on sharded tables and on functions that read them, at any distance, by PostgreSQL's own account of it (manual, "System
 * Catalogs", pg_depend): views, rules, triggers, foreign keys, defaults, checks, policies and indexes, each by its table; functions,
 * aggregates and operators. A foreign key to a reference table makes no dependent: each copy keeps it by itself. Blocks: for control threads.
 */
final class Dependents {
    private static final String DEPENDENTS = """
            WITH RECURSIVE harmless AS (
                SELECT f.oid FROM pg_catalog.pg_constraint f
                WHERE f.contype = 'f' AND f.confrelid = ANY (
                    SELECT pg_catalog.to_regclass(name)::oid FROM pg_catalog.unnest(?::text[]) AS name)
            ), reached(classid, objid) AS (
                SELECT 'pg_catalog.pg_class'::regclass::oid, pg_catalog.to_regclass(name)::oid
                FROM pg_catalog.unnest(?::text[]) AS name
                UNION
                SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid
                FROM pg_catalog.pg_proc p
                JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                WHERE p.proname = ANY (?::text[]) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                UNION
                SELECT o.classid, o.objid
                FROM reached r
                JOIN pg_catalog.pg_depend d ON d.refclassid = r.classid AND d.refobjid = r.objid
                    AND NOT (d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = ANY (SELECT f.oid FROM harmless f))
                CROSS JOIN LATERAL (
                    SELECT d.classid, d.objid
                    UNION ALL
                    SELECT 'pg_catalog.pg_class'::regclass::oid, x.ev_class FROM pg_catalog.pg_rewrite x
                    WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND x.oid = d.objid
                    UNION ALL
                    SELECT 'pg_catalog.pg_class'::regclass::oid, x.tgrelid FROM pg_catalog.pg_trigger x
                    WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND x.oid = d.objid
                    UNION ALL
                    SELECT 'pg_catalog.pg_class'::regclass::oid, x.adrelid FROM pg_catalog.pg_attrdef x
                    WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND x.oid = d.objid
                    UNION ALL
                    SELECT 'pg_catalog.pg_class'::regclass::oid, x.conrelid FROM pg_catalog.pg_constraint x
                    WHERE d.classid = 'pg_catalog.pg_constraint'::regclass AND x.oid = d.objid AND x.conrelid <> 0
                    UNION ALL
                    SELECT 'pg_catalog.pg_type'::regclass::oid, x.contypid FROM pg_catalog.pg_constraint x
                    WHERE d.classid = 'pg_catalog.pg_constraint'::regclass AND x.oid = d.objid AND x.contypid <> 0
                    UNION ALL
                    SELECT 'pg_catalog.pg_class'::regclass::oid, x.polrelid FROM pg_catalog.pg_policy x
                    WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND x.oid = d.objid
                    UNION ALL
                    SELECT 'pg_catalog.pg_class'::regclass::oid, x.indrelid FROM pg_catalog.pg_index x
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND x.indexrelid = d.objid
                ) AS o
            )
            SELECT n.nspname, c.relname, true
            FROM reached r
            JOIN pg_catalog.pg_class c ON c.oid = r.objid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE r.classid = 'pg_catalog.pg_class'::regclass
              AND n.nspname NOT IN ('pgring_visible', 'pgring_remote', 'pgring_gather')
              AND pg_catalog.format('%I.%I', n.nspname, c.relname) <> ALL (?::text[])
            UNION ALL
            SELECT '', p.proname, false
            FROM reached r
            JOIN pg_catalog.pg_proc p ON p.oid = r.objid
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace AND n.nspname <> 'pgring_visible'
            WHERE r.classid = 'pg_catalog.pg_proc'::regclass
            UNION ALL
            SELECT '', o.oprname, false
            FROM reached r JOIN pg_catalog.pg_operator o ON o.oid = r.objid
            WHERE r.classid = 'pg_catalog.pg_operator'::regclass
            """;

    private final Connection connection;
    private final String[] tables;
    private final List<String> references = new ArrayList<>();

    /** @param tables the sharded and reference tables */
    Dependents(Connection connection, List<TableConfiguration> tables) throws SQLException {
        this.connection = connection;
        this.tables = new String[tables.size()];
        try (PreparedStatement quote =
                connection.prepareStatement("SELECT pg_catalog.format('%I.%I', ?::text, ?::text)")) {
            for (int i = 0; i < this.tables.length; i++) {
                quote.setString(1, tables.get(i).schema());
                quote.setString(2, tables.get(i).name());
                try (ResultSet row = quote.executeQuery()) {
                    row.next();
                    this.tables[i] = row.getString(1);
                    if (tables.get(i).isReference()) {
                        references.add(row.getString(1));
                    }
                }
            }
        }
    }

    /**
     * Looks once.
     *
     * @param relations is added what hides a sharded table, by qualified name
     * @param functions those that hide one by their source; is added those that do by what they depend on, and operators
     */
    void load(Map<String, TableClass.Hiding> relations, Map<String, String> functions) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DEPENDENTS)) {
            statement.setArray(1, connection.createArrayOf("text", references.toArray()));
            statement.setArray(2, connection.createArrayOf("text", tables));
            statement.setArray(
                    3, connection.createArrayOf("text", functions.keySet().toArray()));
            statement.setArray(4, connection.createArrayOf("text", tables));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String schema = row.getString(1);
                    String name = row.getString(2);
                    String reason =
                            " depends on a sharded or reference table, which one server must not read or write by itself.";
                    if (row.getBoolean(3)) {
                        String qualified = schema + "." + name;
                        relations.putIfAbsent(
                                qualified, new TableClass.Hiding(schema, name, "\"" + qualified + "\"" + reason));
                    } else {
                        functions.putIfAbsent(name, "\"" + name + "\"" + reason);
                    }
                }
            }
        }
    }
}

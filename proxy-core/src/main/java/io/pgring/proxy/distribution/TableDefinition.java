package io.pgring.proxy.distribution;

import static java.util.stream.Collectors.joining;

import io.pgring.proxy.gather.Ddl;
import io.pgring.proxy.topology.GatherNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as one server has it, in the words of PostgreSQL's own functions for printing definitions. Tables with equal definitions are
 * interchangeable. Comments, privileges and statistics are no part of it.
 *
 * @param persistence {@code UNLOGGED} or nothing
 * @param options storage parameters
 * @param constraints name and definition; foreign keys last
 * @param indexes that belong to no constraint
 */
record TableDefinition(
        String schema,
        String name,
        String persistence,
        String options,
        List<Column> columns,
        List<String> constraints,
        List<String> indexes) {

    private static final String TABLE = """
            SELECT CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
                   coalesce(pg_catalog.array_to_string(c.reloptions, ', '), '')
            FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(?)
            """;

    private static final String COLUMNS = """
            SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
                   || CASE WHEN a.attcollation <> y.typcollation
                           THEN pg_catalog.format(' COLLATE %I.%I', m.nspname, l.collname) ELSE '' END
                   || CASE WHEN d.adbin IS NULL THEN ''
                           WHEN a.attgenerated = 's'
                           THEN ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') STORED'
                           WHEN a.attgenerated = 'v'
                           THEN ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') VIRTUAL'
                           ELSE ' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) END
                   || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
                   a.attgenerated <> ''
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
            LEFT JOIN pg_catalog.pg_namespace m ON m.oid = l.collnamespace
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;

    /** Not null constraints, which have rows of their own from version 18 on, go with the columns. */
    private static final String CONSTRAINTS = """
            SELECT pg_catalog.format('%I %s', c.conname, pg_catalog.pg_get_constraintdef(c.oid))
            FROM pg_catalog.pg_constraint c
            WHERE c.conrelid = pg_catalog.to_regclass(?) AND c.contype IN ('c', 'u', 'p', 'x', 'f')
            ORDER BY c.contype = 'f', c.conname
            """;

    private static final String INDEXES = """
            SELECT pg_catalog.pg_get_indexdef(x.indexrelid)
            FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
            WHERE x.indrelid = pg_catalog.to_regclass(?)
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = x.indexrelid AND c.contype IN ('u', 'p', 'x'))
            ORDER BY i.relname
            """;

    /** What keeps a table at home, in the order of the questions. */
    private static final String OBSTACLES = """
            SELECT o.obstacle
            FROM pg_catalog.pg_class c
            CROSS JOIN LATERAL (VALUES
                (c.relkind <> 'r', 'it is not an ordinary table'),
                (c.relpersistence = 't', 'it is temporary'),
                (c.reloftype <> 0, 'it is made after a composite type'),
                (c.relrowsecurity, 'it has row security'),
                (EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)),
                    'it is a partition, inherits from a table, or another inherits from it'),
                (EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
                    'it has triggers, whose functions the other shards may not have'),
                (EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid), 'it has rules'),
                (EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity <> ''),
                    'it has an identity column, for which each shard would count by itself'),
                (EXISTS (SELECT FROM pg_catalog.pg_attrdef a
                         JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = a.oid
                         JOIN pg_catalog.pg_class s
                           ON d.refclassid = 'pg_catalog.pg_class'::regclass AND s.oid = d.refobjid AND s.relkind = 'S'
                         WHERE a.adrelid = c.oid),
                    'a default takes its value from a sequence, for which each shard would count by itself')
            ) AS o(found, obstacle)
            WHERE c.oid = pg_catalog.to_regclass(?) AND o.found
            """;

    TableDefinition {
        columns = List.copyOf(columns);
        constraints = List.copyOf(constraints);
        indexes = List.copyOf(indexes);
    }

    /**
     * A column.
     *
     * @param definition all that follows its name
     * @param generated whether it takes no value
     */
    record Column(String name, String definition, boolean generated) {}

    /** The table of the server; null when it has none. */
    static @Nullable TableDefinition read(Ddl ddl, String schema, String name) throws SQLException {
        String quoted = GatherNames.quote(schema, name);
        List<TableDefinition> found = ddl.rows(
                row -> new TableDefinition(
                        schema,
                        name,
                        row.getString(1),
                        row.getString(2),
                        ddl.rows(
                                column -> new Column(column.getString(1), column.getString(2), column.getBoolean(3)),
                                COLUMNS,
                                quoted),
                        ddl.column(CONSTRAINTS, quoted),
                        ddl.column(INDEXES, quoted)),
                TABLE,
                quoted);
        return found.isEmpty() ? null : found.get(0);
    }

    /** Why the table can't be on several shards; null when it can. */
    static @Nullable String obstacle(Ddl ddl, String schema, String name) throws SQLException {
        List<String> obstacles = ddl.column(OBSTACLES, GatherNames.quote(schema, name));
        return obstacles.isEmpty() ? null : obstacles.get(0);
    }

    String quotedName() {
        return GatherNames.quote(schema, name);
    }

    /** The columns that take values, separated by commas. */
    String valueColumns() {
        return columns.stream()
                .filter(column -> !column.generated())
                .map(column -> GatherNames.quote(column.name()))
                .collect(joining(", "));
    }

    /** Makes a table of this definition. */
    List<String> create() {
        List<String> statements = new ArrayList<>();
        String list = columns.stream()
                .map(column -> GatherNames.quote(column.name()) + " " + column.definition())
                .collect(joining(", "));
        statements.add("CREATE " + persistence + "TABLE " + quotedName() + " (" + list + ")"
                + (options.isEmpty() ? "" : " WITH (" + options + ")"));
        constraints.forEach(
                constraint -> statements.add("ALTER TABLE " + quotedName() + " ADD CONSTRAINT " + constraint));
        statements.addAll(indexes);
        return statements;
    }
}

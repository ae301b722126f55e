package io.pgring.proxy.gather;

import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.TokenSql;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads from a server what the objects for a sharded table follow from. */
final class TableReader {
    /** format_type with -1: without modifier, and {@code bpchar} where {@code character} would mean character(1). */
    private static final String COLUMNS = """
            SELECT a.attname, pg_catalog.format_type(a.atttypid, -1), pg_catalog.format_type(a.atttypid, a.atttypmod),
                   CASE WHEN a.attcollation <> y.typcollation
                        THEN pg_catalog.format('%I.%I', m.nspname, l.collname) END
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class r ON r.oid = a.attrelid AND r.relkind IN ('r', 'p')
            JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
            JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
            LEFT JOIN pg_catalog.pg_namespace m ON m.oid = l.collnamespace
            WHERE n.nspname = ? AND r.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;

    private static final String ROW_SECURITY = """
            SELECT r.relname FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
            WHERE n.nspname = ? AND r.relname = ? AND r.relrowsecurity
            """;

    /** Versions of what orders the text of a table: libraries of other versions may order it otherwise. */
    private static final String COLLATION_VERSIONS = """
            SELECT DISTINCT l.collname || ' '
                   || coalesce(CASE WHEN l.collprovider = 'd' THEN %s
                                    ELSE pg_catalog.pg_collation_actual_version(l.oid) END, 'without version')
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class r ON r.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
            JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
            WHERE n.nspname = ? AND r.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY 1
            """;

    /** Before version 15 no version is known of the database's collation. */
    private static final int DATABASE_VERSIONS_SINCE = 15;

    private static final String DATABASE_VERSION = """
            (SELECT pg_catalog.pg_database_collation_actual_version(d.oid) FROM pg_catalog.pg_database d
             WHERE d.datname = pg_catalog.current_database())""";

    private final Ddl ddl;

    TableReader(Ddl ddl) {
        this.ddl = ddl;
    }

    GatheredTable table(ShardedTable table) throws SQLException {
        String schema = table.definition().schema();
        String name = table.definition().name();
        List<GatheredColumn> columns = ddl.rows(
                row -> new GatheredColumn(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                COLUMNS,
                schema,
                name);
        return new GatheredTable(schema, name, columns, TokenSql.of(table, "t"));
    }

    /** Why the table can't be gathered, as far as this server knows; null when it can. */
    @Nullable
    String refusal(ShardedTable table) throws SQLException {
        String schema = table.definition().schema();
        String name = table.definition().name();
        return ddl.exists(ROW_SECURITY, schema, name)
                ? "Table \"" + schema + "." + name
                        + "\" has row security, whose policies don't know the client on the other shards."
                : null;
    }

    /** What orders the text of the table; the same on two servers that order it alike. */
    List<String> collationVersions(ShardedTable table) throws SQLException {
        String ofDatabase = ddl.serverVersion() >= DATABASE_VERSIONS_SINCE ? DATABASE_VERSION : "NULL";
        String sql = COLLATION_VERSIONS.formatted(ofDatabase);
        return ddl.column(sql, table.definition().schema(), table.definition().name());
    }
}

package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.spread.StoredColumn;
import io.pgring.pgsql.spread.StoredColumn.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the columns of a table with their types and collations. The collation that a column without COLLATE has is the database's,
 * whose columns in the catalog have other names in each version of PostgreSQL (pg_database.datlocale, daticulocale; likewise in
 * pg_collation): hence the detour over jsonb, which has a null for what a version has not. Blocks: for control threads.
 */
final class ColumnLoader {
    private static final String COLUMNS = """
            SELECT a.attname, pg_catalog.format_type(a.atttypid, NULL), a.atttypmod,
                   pg_catalog.format_type(a.atttypid, a.atttypmod),
                   l.collname, coalesce(l.collisdeterministic, true),
                   CASE WHEN l.collprovider = 'd' THEN coalesce(d ->> 'datlocprovider', 'c')
                        ELSE l.collprovider::pg_catalog.text END,
                   CASE WHEN l.collprovider = 'd'
                        THEN coalesce(d ->> 'datlocale', d ->> 'daticulocale', d ->> 'datcollate')
                        ELSE coalesce(c ->> 'colllocale', c ->> 'colliculocale', c ->> 'collcollate') END,
                   CASE WHEN a.attgenerated = '' THEN '' ELSE pg_catalog.pg_get_expr(f.adbin, f.adrelid) END,
                   (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                    FROM pg_catalog.pg_enum e WHERE e.enumtypid IN (y.oid, y.typelem, y.typbasetype)),
                   a.attidentity,
                   CASE WHEN a.attidentity <> ''
                        THEN pg_catalog.format('pg_catalog.nextval(%L::pg_catalog.regclass)',
                             pg_catalog.pg_get_serial_sequence(pg_catalog.format('%I.%I', n.nspname, r.relname), a.attname))
                        WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(f.adbin, f.adrelid) END,
                   EXISTS (SELECT FROM pg_catalog.pg_depend p
                           LEFT JOIN pg_catalog.pg_class s ON p.refclassid = 'pg_catalog.pg_class'::regclass AND s.oid = p.refobjid
                           WHERE p.classid = 'pg_catalog.pg_attrdef'::regclass AND p.objid = f.oid
                             AND (s.relkind = 'S' OR p.refclassid = 'pg_catalog.pg_proc'::regclass)),
                   (WITH RECURSIVE base AS (
                        SELECT t.typtype, t.typbasetype, t.oid, t.oid <> y.oid AS element
                        FROM pg_catalog.pg_type t
                        WHERE t.oid = coalesce((SELECT e.oid FROM pg_catalog.pg_type e WHERE e.typarray = y.oid), y.oid)
                        UNION ALL
                        SELECT t.typtype, t.typbasetype, t.oid, base.element
                        FROM base JOIN pg_catalog.pg_type t ON base.typtype = 'd' AND t.oid = base.typbasetype)
                    SELECT pg_catalog.format_type(base.oid, NULL) || CASE WHEN base.element THEN '[]' ELSE '' END
                    FROM base WHERE base.typtype <> 'd')
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class r ON r.oid = a.attrelid AND r.relkind IN ('r', 'p')
            JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
            JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
            LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
            CROSS JOIN LATERAL pg_catalog.to_jsonb(l) AS c
            CROSS JOIN (SELECT pg_catalog.to_jsonb(b) AS d FROM pg_catalog.pg_database b
                        WHERE b.datname = pg_catalog.current_database()) AS b
            WHERE n.nspname = ? AND r.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;

    /** Locales of the C library that compare bytes, in lower case and without the hyphen of a code set. */
    private static final Set<String> BYTES_OF_LIBC = Set.of("c", "posix", "c.utf8");

    /** Locales of the built-in provider, all of which compare code points: in UTF-8 the same as bytes. */
    private static final Set<String> BYTES_OF_BUILTIN = Set.of("c", "c.utf8", "pg_unicode_fast");

    private static final Pattern NEXTVAL = Pattern.compile("\\bnextval\\b");

    private final Connection connection;

    /** @param connection with an empty search_path, so that types outside pg_catalog are named with their schema */
    ColumnLoader(Connection connection) {
        this.connection = connection;
    }

    /**
     * A column.
     *
     * @param typeName without type modifier: {@code character varying}
     * @param typeModifier of varchar(n) n + 4; -1 for none
     * @param deterministic whether equal means equal bytes, as far as the collation decides
     * @param generated whether its value is computed from other columns
     * @param stored what an INSERT must know of it; its default is one that draws if it uses a sequence or a function of a user's
     * @param definition name, type, collation and what it is generated from: differs when the values or their order may
     */
    record Column(
            String name,
            String typeName,
            int typeModifier,
            boolean deterministic,
            ColumnType type,
            boolean generated,
            StoredColumn stored,
            String definition) {}

    /** The columns in table order; none when there is no such table. */
    List<Column> load(String schema, String table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.add(column(row));
                }
            }
        }
        return columns;
    }

    private static Column column(ResultSet row) throws SQLException {
        StringBuilder definition =
                new StringBuilder().append(row.getString(1)).append(' ').append(row.getString(4));
        String collation = row.getString(5);
        boolean deterministic = row.getBoolean(6);
        boolean byBytes = false;
        if (collation != null) {
            String provider = row.getString(7);
            String locale = normalized(String.valueOf(row.getString(8)));
            byBytes = deterministic && comparesBytes(provider, locale);
            definition.append(" collation ").append(collation).append(" (").append(providerName(provider));
            definition.append(' ').append(locale).append(deterministic ? ")" : ", nondeterministic)");
        }
        boolean generated = !row.getString(9).isEmpty();
        if (generated) {
            definition.append(" generated as ").append(row.getString(9));
        }
        if (row.getString(10) != null) {
            definition.append(" with the values ").append(row.getString(10));
        }
        ColumnType type = type(row.getString(2), byBytes);
        return new Column(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                deterministic,
                type,
                generated,
                stored(row, generated),
                definition.toString());
    }

    private static StoredColumn stored(ResultSet row, boolean generated) throws SQLException {
        String identity = row.getString(11);
        String byDefault = row.getString(12);
        boolean draws = row.getBoolean(13)
                || (byDefault != null && NEXTVAL.matcher(byDefault).find());
        Kind kind = Kind.PLAIN;
        if (generated) {
            kind = Kind.GENERATED;
        } else if (identity.equals("a")) {
            kind = Kind.IDENTITY;
        } else if (identity.equals("d") || draws) {
            kind = Kind.DRAWN;
        }
        return new StoredColumn(row.getString(1), castType(row.getString(14)), byDefault, kind);
    }

    /**
     * As a cast wants it: {@code character} there means one character, and {@code bit} one bit. In place of a domain its base type stands, as
     * a cast to the domain would apply the modifier that this has.
     */
    private static String castType(String typeName) {
        return typeName.replaceFirst("^character(?=\\[|$)", "pg_catalog.bpchar")
                .replaceFirst("^bit(?=\\[|$)", "pg_catalog.varbit");
    }

    /** {@code en_US.UTF-8} and {@code en_US.utf8} are one locale. */
    private static String normalized(String locale) {
        return locale.toLowerCase(Locale.ROOT).replace("utf-8", "utf8");
    }

    private static boolean comparesBytes(String provider, String locale) {
        return switch (provider) {
            case "c" -> BYTES_OF_LIBC.contains(locale);
            case "b" -> BYTES_OF_BUILTIN.contains(locale);
            default -> false;
        };
    }

    private static String providerName(String provider) {
        return switch (provider) {
            case "c" -> "libc";
            case "b" -> "builtin";
            case "i" -> "icu";
            default -> provider;
        };
    }

    private static ColumnType type(String typeName, boolean byBytes) {
        return switch (typeName) {
            case "smallint" -> ColumnType.SMALLINT;
            case "integer" -> ColumnType.INTEGER;
            case "bigint" -> ColumnType.BIGINT;
            case "numeric" -> ColumnType.NUMERIC;
            case "real" -> ColumnType.REAL;
            case "double precision" -> ColumnType.DOUBLE_PRECISION;
            case "boolean" -> ColumnType.BOOLEAN;
            case "text", "character varying" -> byBytes ? ColumnType.TEXT_BY_BYTES : ColumnType.TEXT;
            case "bytea" -> ColumnType.BYTEA;
            case "uuid" -> ColumnType.UUID;
            case "date" -> ColumnType.DATE;
            case "time without time zone" -> ColumnType.TIME;
            case "timestamp without time zone" -> ColumnType.TIMESTAMP;
            case "timestamp with time zone" -> ColumnType.TIMESTAMPTZ;
            default -> ColumnType.OTHER;
        };
    }
}

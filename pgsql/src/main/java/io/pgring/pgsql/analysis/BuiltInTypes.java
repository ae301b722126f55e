package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.TypeName;
import java.util.Set;

/** Types that every server has, and of which a value in text is the same everywhere: not those that name objects, such as regclass. */
public final class BuiltInTypes {
    private static final String CATALOG = "pg_catalog.";

    private static final Set<String> NAMES = Set.of(
            "bit",
            "bool",
            "box",
            "bpchar",
            "bytea",
            "cidr",
            "circle",
            "date",
            "daterange",
            "float4",
            "float8",
            "inet",
            "int2",
            "int4",
            "int4range",
            "int8",
            "int8range",
            "interval",
            "json",
            "jsonb",
            "jsonpath",
            "line",
            "lseg",
            "macaddr",
            "macaddr8",
            "money",
            "name",
            "numeric",
            "numrange",
            "oid",
            "path",
            "point",
            "polygon",
            "text",
            "time",
            "timestamp",
            "timestamptz",
            "timetz",
            "tsquery",
            "tsrange",
            "tstzrange",
            "tsvector",
            "uuid",
            "varbit",
            "varchar",
            "xml");

    private BuiltInTypes() {}

    /** Whether a type, or that of an array's elements, is one of these. */
    public static boolean contains(TypeName type) {
        String name = type.name();
        return NAMES.contains(name.startsWith(CATALOG) ? name.substring(CATALOG.length()) : name);
    }
}

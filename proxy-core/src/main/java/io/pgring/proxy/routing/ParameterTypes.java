package io.pgring.proxy.routing;

import io.pgring.pgsql.tree.TypeName;
import java.util.Map;
import java.util.Set;

/** Object identifiers of the types that a parameter of PREPARE may be declared with: those that every server has. */
public final class ParameterTypes {
    /** No type is declared. */
    public static final int UNSPECIFIED = 0;
    /** Not known here. */
    static final int UNKNOWN_HERE = -1;

    private static final String CATALOG = "pg_catalog.";
    private static final int TEXT = 25;
    private static final int VARCHAR = 1043;
    private static final int BOOL = 16;

    private static final Map<String, Integer> OIDS = Map.ofEntries(
            Map.entry("unknown", UNSPECIFIED),
            Map.entry("bool", BOOL),
            Map.entry("bytea", 17),
            Map.entry("name", 19),
            Map.entry("int8", 20),
            Map.entry("int2", 21),
            Map.entry("int4", 23),
            Map.entry("text", TEXT),
            Map.entry("oid", 26),
            Map.entry("json", 114),
            Map.entry("xml", 142),
            Map.entry("float4", 700),
            Map.entry("float8", 701),
            Map.entry("money", 790),
            Map.entry("inet", 869),
            Map.entry("bpchar", 1042),
            Map.entry("varchar", VARCHAR),
            Map.entry("date", 1082),
            Map.entry("time", 1083),
            Map.entry("timestamp", 1114),
            Map.entry("timestamptz", 1184),
            Map.entry("interval", 1186),
            Map.entry("timetz", 1266),
            Map.entry("numeric", 1700),
            Map.entry("uuid", 2950),
            Map.entry("jsonb", 3802));

    private static final Map<String, Integer> ARRAY_OIDS = Map.ofEntries(
            Map.entry("bool", 1000),
            Map.entry("int2", 1005),
            Map.entry("int4", 1007),
            Map.entry("text", 1009),
            Map.entry("varchar", 1015),
            Map.entry("int8", 1016),
            Map.entry("float8", 1022),
            Map.entry("date", 1182),
            Map.entry("timestamptz", 1185),
            Map.entry("numeric", 1231),
            Map.entry("uuid", 2951),
            Map.entry("jsonb", 3807));

    /** Where it is another than the one in the catalog. */
    private static final Map<Integer, String> NAMES = Map.of(
            BOOL,
            "boolean",
            20,
            "bigint",
            21,
            "smallint",
            23,
            "integer",
            700,
            "real",
            701,
            "double precision",
            1042,
            "character",
            VARCHAR,
            "character varying",
            1184,
            "timestamp with time zone",
            1114,
            "timestamp without time zone");

    private static final Set<Integer> INTEGERS = Set.of(20, 21, 23);
    private static final Set<Integer> NUMBERS = Set.of(20, 21, 23, 26, 700, 701, 790, 1700);
    private static final Set<Integer> STRINGS = Set.of(19, TEXT, 1042, VARCHAR);

    private ParameterTypes() {}

    /** The identifier of a type; {@link #UNKNOWN_HERE} for one that is not known. A parameter has no modifiers, whatever is written. */
    static int oid(TypeName type) {
        String name = type.name().startsWith(CATALOG) ? type.name().substring(CATALOG.length()) : type.name();
        // float(n) may be either of two types.
        boolean ambiguous = type.setOf() || (name.equals("float8") && type.modifiers());
        return ambiguous
                ? UNKNOWN_HERE
                : (type.arrayDimensions() > 0 ? ARRAY_OIDS : OIDS).getOrDefault(name, UNKNOWN_HERE);
    }

    /** The type of the elements of an array type; {@link #UNKNOWN_HERE} when it is none or not known. */
    static int elementOid(int arrayOid) {
        for (Map.Entry<String, Integer> array : ARRAY_OIDS.entrySet()) {
            if (array.getValue() == arrayOid) {
                return OIDS.getOrDefault(array.getKey(), UNKNOWN_HERE);
            }
        }
        return UNKNOWN_HERE;
    }

    /** The name of a declared type, as PostgreSQL writes it. */
    public static String name(int oid) {
        String name = NAMES.get(oid);
        return name != null
                ? name
                : OIDS.entrySet().stream()
                        .filter(entry -> entry.getValue() == oid)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("with oid " + oid);
    }

    /** Whether a type holds whole numbers alone. */
    public static boolean isInteger(int oid) {
        return INTEGERS.contains(oid);
    }

    /** Whether PostgreSQL assigns a number to a parameter of a type, as its text. */
    public static boolean takesNumber(int oid) {
        return oid == UNSPECIFIED || NUMBERS.contains(oid) || STRINGS.contains(oid);
    }

    /** Whether PostgreSQL assigns true and false to a parameter of a type, as their text. */
    public static boolean takesBoolean(int oid) {
        return oid == UNSPECIFIED || oid == BOOL || STRINGS.contains(oid);
    }

    /** Whether strings are of this type, or become it without change. */
    public static boolean isText(int oid) {
        return oid == TEXT || oid == VARCHAR;
    }
}

package io.pgring.proxy.topology;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The types a key column may have; each is hashed with PostgreSQL's own function for it. */
public enum KeyType {
    /** text and varchar: {@code hashtext} of the UTF-8 bytes. */
    TEXT,
    /** smallint, integer and bigint: {@code hashint8}. */
    INTEGER,
    /** uuid: {@code uuid_hash}. */
    UUID;

    /** The key type for a type name of {@code format_type(oid, NULL)}; null when it can't be a key. */
    public static @Nullable KeyType ofTypeName(String typeName) {
        return switch (typeName.toLowerCase(Locale.ROOT)) {
            case "text", "character varying" -> TEXT;
            case "smallint", "integer", "bigint" -> INTEGER;
            case "uuid" -> UUID;
            default -> null;
        };
    }

    /** The SQL expression for the token of {@code column}, as an unsigned 32-bit number in a bigint. */
    public String tokenSql(String column) {
        String hash = switch (this) {
            case TEXT -> "pg_catalog.hashtext(" + column + "::pg_catalog.text)";
            case INTEGER -> "pg_catalog.hashint8(" + column + "::pg_catalog.int8)";
            case UUID -> "pg_catalog.uuid_hash(" + column + ")";
        };
        return "(" + hash + "::pg_catalog.int8 OPERATOR(pg_catalog.&) 4294967295)";
    }
}

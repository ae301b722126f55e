package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.TypeName;
import org.jspecify.annotations.Nullable;

/** The types to which a key may be cast in a statement without becoming another value. */
public enum KeyCast {
    /** There is no cast. */
    NONE,
    /** text, or varchar without a length. */
    TEXT,
    /** smallint, integer or bigint: a value out of range is an error on every shard. */
    INTEGER,
    UUID;

    private static final String CATALOG = "pg_catalog.";

    /** The cast to a type, or to an array of it; null for any other type. */
    static @Nullable KeyCast to(TypeName type, int arrayDimensions) {
        if (type.modifiers() || type.setOf() || type.arrayDimensions() != arrayDimensions) {
            return null;
        }
        String name = type.name().startsWith(CATALOG) ? type.name().substring(CATALOG.length()) : type.name();
        return switch (name) {
            case "text", "varchar" -> TEXT;
            case "int2", "int4", "int8" -> INTEGER;
            case "uuid" -> UUID;
            default -> null;
        };
    }

    /**
     * The cast that an expression is, on top of what is outside of it already; null when it is none, or when both together could
     * change the value.
     */
    @Nullable
    KeyCast inside(Expression.Cast expression, int arrayDimensions) {
        KeyCast inner =
                expression.form() == Expression.Cast.Form.TYPED_LITERAL ? null : to(expression.type(), arrayDimensions);
        return this == NONE || this == inner ? inner : null;
    }
}

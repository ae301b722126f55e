package io.pgring.pgsql.spread;

import org.jspecify.annotations.Nullable;

/**
 * A column as a statement that is run in two steps must know it.
 *
 * @param type as SQL, empty if it is not known; without a modifier, so that a cast to it keeps what an assignment would refuse
 * @param defaultValue as SQL; null without one
 * @param kind what its default is
 */
public record StoredColumn(
        String name, String type, @Nullable String defaultValue, Kind kind) {
    /** What the default of a column is. */
    public enum Kind {
        /** Anything that each shard may compute, or none. */
        PLAIN,
        /** What the home shard alone may compute. */
        DRAWN,
        /** GENERATED ALWAYS AS IDENTITY; the home shard alone may compute it. */
        IDENTITY,
        /** Computed of other columns; it takes no value. */
        GENERATED
    }

    /** Whether the home shard alone may compute the default. */
    public boolean isDrawn() {
        return kind == Kind.DRAWN || kind == Kind.IDENTITY;
    }

    /** Whether a value as text means the same on every server. */
    public boolean travels() {
        String element = type.replace("[]", "");
        return !element.equals("money") && !(element.startsWith("reg") && element.indexOf('.') < 0);
    }

    /** {@code ::type}, or nothing for a column of a type that is not known. */
    String cast() {
        return type.isEmpty() ? "" : "::" + type;
    }

    /** The default as a value of the column's type. */
    String defaultOfType() {
        return (defaultValue == null ? "NULL" : "(" + defaultValue + ")") + cast();
    }
}

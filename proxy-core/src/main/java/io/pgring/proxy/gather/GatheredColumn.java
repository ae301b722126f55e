package io.pgring.proxy.gather;

import io.pgring.proxy.topology.GatherNames;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table whose rows are gathered.
 *
 * @param type with its schema unless in pg_catalog, without modifier: {@code character varying}
 * @param modifiedType with its modifier: {@code character varying(10)}
 * @param collation qualified, if it is not that of the type
 */
record GatheredColumn(
        String name,
        String type,
        String modifiedType,
        @Nullable String collation) {
    String quotedName() {
        return GatherNames.quote(name);
    }

    /** As a column of a function's result, which has neither modifiers nor collations. */
    String resultColumn() {
        return quotedName() + " " + type;
    }

    /** As a column of a foreign table. */
    String foreignColumn() {
        return quotedName() + " " + modifiedType + (collation == null ? "" : " COLLATE " + collation);
    }

    /** Taken from {@link #resultColumn}, with the collation again. */
    String visibleColumn() {
        return collation == null ? quotedName() : quotedName() + " COLLATE " + collation + " AS " + quotedName();
    }
}

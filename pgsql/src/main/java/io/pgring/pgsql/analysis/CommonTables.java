package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.QualifiedName;
import org.jspecify.annotations.Nullable;

/** The names of WITH that are visible at a place: an immutable list, innermost first. */
record CommonTables(@Nullable String name, @Nullable CommonTables outer) {
    static final CommonTables NONE = new CommonTables(null, null);

    CommonTables plus(String inner) {
        return new CommonTables(inner, this);
    }

    /** Whether an unqualified name means a common table rather than a table. */
    boolean hides(QualifiedName table) {
        if (table.parts().size() > 1) {
            return false;
        }
        for (CommonTables scope = this; scope != null; scope = scope.outer) {
            if (table.name().equals(scope.name)) {
                return true;
            }
        }
        return false;
    }
}

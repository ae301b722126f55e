package io.pgring.pgsql.tree;

import org.jspecify.annotations.Nullable;

/**
 * An operator as written.
 *
 * @param schema of {@code OPERATOR(schema.op)}, else null
 * @param symbol as in the text, with {@code !=} as {@code <>}
 */
public record Operator(@Nullable String schema, String symbol, int start, int end) {
    /** Whether this is PostgreSQL's own operator of that symbol, as far as the text can say. */
    public boolean is(String wanted) {
        return symbol.equals(wanted) && (schema == null || schema.equals("pg_catalog"));
    }
}

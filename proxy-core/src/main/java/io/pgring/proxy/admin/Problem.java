package io.pgring.proxy.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pgring.pgwire.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/**
 * The body of every answer that is an error; what is null is left out.
 *
 * @param error what is wrong; for an error of a shard its primary message
 * @param detail more of it
 * @param hint what to do
 * @param shard where it came up
 * @param sqlState PostgreSQL's code for it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
        String error,
        @Nullable String detail,
        @Nullable String hint,
        @Nullable String shard,
        @Nullable String sqlState) {

    static Problem of(String error, @Nullable String hint) {
        return new Problem(error, null, hint, null, null);
    }

    /** An error of PostgreSQL, or of the proxy in PostgreSQL's form. */
    static Problem of(ErrorResponse error, @Nullable String shard) {
        return new Problem(
                error.message(), error.fields().detail(), error.fields().hint(), shard, error.sqlState());
    }
}

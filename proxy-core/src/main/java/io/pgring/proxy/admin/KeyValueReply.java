package io.pgring.proxy.admin;

import io.pgring.pgwire.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/** What came of a statement of the key-value API; {@code shard} is the name of the one that was asked. */
sealed interface KeyValueReply {
    @Nullable
    String shard();

    /** It ran and returned no row. */
    record NoRow(@Nullable String shard) implements KeyValueReply {}

    /**
     * It ran and returned a row.
     *
     * @param value of its first column; null for SQL's NULL
     */
    record Row(@Nullable String shard, @Nullable String value) implements KeyValueReply {}

    /** It did not run to its end; {@code shard} is null if no shard was chosen. */
    record Failed(@Nullable String shard, ErrorResponse error) implements KeyValueReply {}
}

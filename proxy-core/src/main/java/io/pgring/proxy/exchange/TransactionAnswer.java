package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import org.jspecify.annotations.Nullable;

/** How a statement about the transaction, or one in it, is answered. */
sealed interface TransactionAnswer {
    /** By the proxy, perhaps with a warning before the tag. */
    record Tag(String tag, @Nullable NoticeResponse notice) implements TransactionAnswer {}

    /** By the proxy, with an error. */
    record Refusal(ErrorResponse error) implements TransactionAnswer {}

    /** By a server. */
    record Server() implements TransactionAnswer {}
}

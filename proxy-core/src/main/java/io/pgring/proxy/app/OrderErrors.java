package io.pgring.proxy.app;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.distribution.DistributionException;

/** What a client is told when its order was not carried out. */
final class OrderErrors {
    private OrderErrors() {}

    static ErrorResponse of(Exception failure) {
        if (failure.getCause() instanceof OrderProgress.Cancelled) {
            return ErrorResponse.error("57014", "canceling statement due to user request");
        }
        DistributionException known = DistributionException.of(failure);
        ErrorResponse error = ErrorResponse.error(known.sqlState(), String.valueOf(known.getMessage()));
        error = known.detail() == null ? error : error.detail(known.detail());
        return known.hint() == null ? error : error.hint(known.hint());
    }
}

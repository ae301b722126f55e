package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.ErrorResponse;

/** A COPY can't be run; has no stack trace because the error says all. */
final class CopyRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorResponse error;

    CopyRefusal(ErrorResponse error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ErrorResponse error() {
        return error;
    }
}

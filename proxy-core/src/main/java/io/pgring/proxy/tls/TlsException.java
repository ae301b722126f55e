package io.pgring.proxy.tls;

import org.jspecify.annotations.Nullable;

/** A certificate or key can't be used; the message names its file. */
public final class TlsException extends Exception {
    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

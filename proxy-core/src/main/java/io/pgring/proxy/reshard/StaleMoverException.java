package io.pgring.proxy.reshard;

import java.sql.SQLException;

/** Another mover has taken over: this one must do nothing more. */
public final class StaleMoverException extends SQLException {
    StaleMoverException(String message) {
        super(message, "55000");
    }
}

package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.ServerLease;
import io.pgring.proxy.exchange.Exchange.Input;
import io.pgring.proxy.topology.Shard;
import org.jspecify.annotations.Nullable;

/** A client in session mode gets its connection to the home shard before it asks anything: its process id is what the client is told. */
public final class SessionOpening {
    private final Exchange exchange;
    private final Shard home;
    private boolean asked;

    /** How it has ended. */
    public sealed interface Result {
        /** The server process that serves the client on the home shard. */
        record Opened(int processId) implements Result {}

        /** There is no connection. */
        record Failed(ErrorResponse error) implements Result {}
    }

    /** @param exchange which is not used otherwise before the end */
    public SessionOpening(Exchange exchange, Shard home) {
        this.exchange = exchange;
        this.home = home;
    }

    /** The result; null when it is to be asked for again after {@link ClientSink#onResume}. */
    public @Nullable Result result() {
        if (!asked) {
            asked = true;
            if (exchange.connections().acquire(home) == ServerLease.Result.LATER) {
                exchange.toInput(Input.WAITING);
            }
        }
        if (exchange.input() == Input.WAITING) {
            return null;
        }
        ServerConnection server = exchange.server();
        if (server == null) {
            return new Result.Failed(exchange.connections().lease().takeFailure());
        }
        exchange.connections().lease().release();
        return new Result.Opened(server.session().key().processId());
    }
}

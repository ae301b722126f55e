package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.exchange.Exchange;
import io.pgring.proxy.exchange.SessionOpening;
import java.util.function.IntConsumer;

/** A client in session mode waits for its connection to the home shard, and then may begin. */
final class SessionPhase implements Phase {
    private final ClientConnection client;
    private final SessionOpening opening;
    private final Exchange exchange;
    private final StartupPhase startupPhase;
    private final IntConsumer onOpened;

    /** @param onOpened told the process id of the server */
    SessionPhase(
            ClientConnection client,
            SessionOpening opening,
            Exchange exchange,
            StartupPhase startupPhase,
            IntConsumer onOpened) {
        this.client = client;
        this.opening = opening;
        this.exchange = exchange;
        this.startupPhase = startupPhase;
        this.onOpened = onOpened;
    }

    /** Called also when there is nothing to read, but the connection is there. */
    @Override
    public void read(ByteBuf in) {
        SessionOpening.Result result = opening.result();
        if (result instanceof SessionOpening.Result.Opened opened) {
            onOpened.accept(opened.processId());
        } else if (result instanceof SessionOpening.Result.Failed failed) {
            client.onFatal(new ErrorResponse(failed.error().fields().withSeverity("FATAL")));
        }
    }

    @Override
    public boolean isPaused() {
        return true;
    }

    @Override
    public void onClosed() {
        exchange.close();
        startupPhase.onClosed();
    }
}

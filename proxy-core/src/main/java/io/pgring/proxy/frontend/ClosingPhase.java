package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/** The client has been sent away; what it still says is thrown away. */
record ClosingPhase(StartupPhase startupPhase) implements Phase {
    @Override
    public void read(ByteBuf in) {
        in.skipBytes(in.readableBytes());
    }

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public @Nullable ErrorResponse onDrain(ErrorResponse refusal) {
        return null;
    }

    @Override
    public void onClosed() {
        startupPhase.onClosed();
    }
}

package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * The answer to an EXECUTE in a simple Query. PostgreSQL collects the rows before it describes them, so that an error comes alone: they
 * are kept until all is well, or they are too many.
 */
final class HeldAnswer {
    private static final int HELD_BYTES_MAX = 64 * 1024;

    private enum State {
        PASSING,
        HOLDING,
        /** What has come before the error at hand is not for the client. */
        DROPPING
    }

    private final Exchange exchange;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
    private int heldBytes;
    private State state = State.PASSING;

    HeldAnswer(Exchange exchange) {
        this.exchange = exchange;
    }

    /** The answer begins. */
    void begin() {
        state = State.HOLDING;
    }

    boolean isHolding() {
        return state == State.HOLDING;
    }

    /** Takes messages. */
    void write(ByteBuf messages) {
        switch (state) {
            case PASSING -> exchange.sink().write(messages);
            case HOLDING -> {
                held.add(messages);
                heldBytes += messages.readableBytes();
                if (heldBytes > HELD_BYTES_MAX) {
                    end();
                }
            }
            case DROPPING -> messages.release();
        }
    }

    /** An error takes the place of all that is held. */
    void drop() {
        held.forEach(ByteBuf::release);
        held.clear();
        heldBytes = 0;
        state = State.DROPPING;
    }

    /** What follows is another answer, or more than is held. */
    void end() {
        held.forEach(exchange.sink()::write);
        held.clear();
        heldBytes = 0;
        state = State.PASSING;
    }
}

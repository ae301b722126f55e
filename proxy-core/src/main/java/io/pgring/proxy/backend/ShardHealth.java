package io.pgring.proxy.backend;

import io.pgring.pgwire.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/** Whether a shard answered when it was last asked. Immutable. */
public final class ShardHealth {
    static final ShardHealth UNKNOWN = new ShardHealth(State.UNKNOWN, null);
    static final ShardHealth UP = new ShardHealth(State.UP, null);

    private enum State {
        UNKNOWN,
        UP,
        DOWN
    }

    private final State state;
    private final @Nullable ErrorResponse cause;

    private ShardHealth(State state, @Nullable ErrorResponse cause) {
        this.state = state;
        this.cause = cause;
    }

    static ShardHealth down(ErrorResponse cause) {
        return new ShardHealth(State.DOWN, cause);
    }

    /** The shard has let the proxy in. */
    public boolean isUp() {
        return state == State.UP;
    }

    /** The shard did not answer, or said no. */
    public boolean isDown() {
        return state == State.DOWN;
    }

    /** Why it is down. */
    public ErrorResponse cause() {
        if (cause == null) {
            throw new IllegalStateException("not down: " + state);
        }
        return cause;
    }
}

package io.pgring.it.wire;

import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Terminate;
import java.util.List;

/**
 * Messages of a script that belong together.
 *
 * @param messages to send
 * @param text how a reader of a failed test sees them
 * @param end what comes back
 */
record Step(List<FrontendMessage> messages, String text, End end) {
    /** What comes back. */
    enum End {
        /** No ReadyForQuery. */
        NONE,
        /** One ReadyForQuery answers all messages since the last step that ends. */
        READY,
        /** As many ReadyForQuery as it turns out: for scripts that wait for none of them. */
        OPEN,
        /** The connection is closed, and the rest of the script is said on another one. */
        CLOSED
    }

    static Step of(FrontendMessage message, String text) {
        return new Step(List.of(message), text, End.NONE);
    }

    static Step ending(FrontendMessage message, String text) {
        return new Step(List.of(message), text, End.READY);
    }

    static Step terminate() {
        return new Step(List.of(new Terminate()), "Terminate", End.CLOSED);
    }

    boolean ends() {
        return end != End.NONE;
    }

    boolean isSync() {
        return messages.get(0) instanceof Sync;
    }

    byte[] bytes() {
        return RawClient.bytes(messages.toArray(FrontendMessage[]::new));
    }

    @Override
    public String toString() {
        return text;
    }
}

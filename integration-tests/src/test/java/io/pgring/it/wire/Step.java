package io.pgring.it.wire;

import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Sync;
import java.util.List;

/**
 * Messages of a script that belong together.
 *
 * @param messages to send
 * @param text how a reader of a failed test sees them
 * @param ends whether one ReadyForQuery answers all messages since the last step that ends
 */
record Step(List<FrontendMessage> messages, String text, boolean ends) {
    static Step of(FrontendMessage message, String text) {
        return new Step(List.of(message), text, false);
    }

    static Step ending(FrontendMessage message, String text) {
        return new Step(List.of(message), text, true);
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

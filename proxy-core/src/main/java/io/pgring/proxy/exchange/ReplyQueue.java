package io.pgring.proxy.exchange;

import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.proxy.exchange.Expected.Kind;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The answers that a server still owes to one exchange, in the order of the questions. A reply that does not fit the head
 * means that questions and answers are out of step: a {@link ProtocolViolation}, never a guess.
 */
final class ReplyQueue {
    private final ArrayDeque<Expected> expected = new ArrayDeque<>();
    private long progress;

    void add(Expected question) {
        if (expected.isEmpty()) {
            progress++;
        }
        expected.add(question);
    }

    /** Changes when the server has answered something, and when it is asked after it had answered all. */
    long progress() {
        return progress;
    }

    /** One of the statements of a question is done. */
    void onProgress() {
        progress++;
    }

    boolean isEmpty() {
        return expected.isEmpty();
    }

    @Nullable
    Expected head() {
        return expected.peek();
    }

    /** The head, which must be of this kind. */
    Expected take(Kind kind, byte type) {
        Expected head = expected.poll();
        progress++;
        if (head == null || head.kind() != kind) {
            throw outOfStep(type, head);
        }
        return head;
    }

    /** The head of an answer that ends with {@code type}; null when the type ends nothing and belongs to the head. */
    @Nullable
    Expected takeEndedBy(byte type) {
        Expected head = expected.peek();
        if (head == null) {
            throw outOfStep(type, null);
        }
        if (head.kind() == Kind.QUERY) {
            return null;
        }
        return switch (type) {
            case BackendType.PARSE_COMPLETE -> take(Kind.PARSE, type);
            case BackendType.BIND_COMPLETE -> take(Kind.BIND, type);
            case BackendType.CLOSE_COMPLETE -> take(Kind.CLOSE, type);
            case BackendType.ROW_DESCRIPTION, BackendType.NO_DATA ->
                head.kind() == Kind.DESCRIBE_STATEMENT
                        ? take(Kind.DESCRIBE_STATEMENT, type)
                        : take(Kind.DESCRIBE_PORTAL, type);
            case BackendType.COMMAND_COMPLETE, BackendType.EMPTY_QUERY_RESPONSE, BackendType.PORTAL_SUSPENDED ->
                take(Kind.EXECUTE, type);
            default -> null;
        };
    }

    /** The server has reported an error: it answers nothing more before the next Sync or Query that it was sent. */
    void skipToBoundary(java.util.function.Consumer<Expected> skipped) {
        Expected head;
        while ((head = expected.peek()) != null && head.kind() != Kind.SYNC && head.kind() != Kind.QUERY) {
            skipped.accept(expected.remove());
        }
    }

    /** The question at the head is answered with an error, which leaves what it has made. */
    void drop() {
        expected.remove();
    }

    /** The Sync at the head is answered by the proxy: its server does not know the client's transaction. */
    void answerSyncOurselves() {
        Expected head = expected.peek();
        if (head != null && head.kind() == Kind.SYNC) {
            expected.remove();
            expected.addFirst(Expected.SYNC_OF_OURS);
        }
    }

    /** The proxy's own words come before whatever is still expected. */
    void addFirst(Expected.Own own) {
        expected.addFirst(own);
    }

    /** Whether the last question is an Execute of the client's. */
    boolean endsWithExecute() {
        Expected last = expected.peekLast();
        return last != null && last.kind() == Kind.EXECUTE && last.forwarded();
    }

    /** The Sync that is the last question was not read by the server, since it is in copy-in mode. */
    boolean removeTrailingSync() {
        Expected last = expected.peekLast();
        if (last != null && last.kind() == Kind.SYNC) {
            expected.removeLast();
            return true;
        }
        return false;
    }

    /** Gives up all that is expected, releasing buffers. */
    void clear() {
        Expected head;
        while ((head = expected.poll()) != null) {
            if (head instanceof Expected.Own own) {
                own.messages().release();
            }
        }
    }

    private static ProtocolViolation outOfStep(byte type, @Nullable Expected head) {
        return new ProtocolViolation("reply of type '" + (char) type + "' does not answer "
                + (head == null ? "anything" : head.kind().toString()));
    }
}

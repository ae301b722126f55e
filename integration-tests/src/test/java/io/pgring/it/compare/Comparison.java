package io.pgring.it.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgring.it.compare.Outcome.Verdict;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.frontend.CopyData;
import io.pgring.pgwire.frontend.CopyDone;
import io.pgring.pgwire.frontend.CopyFail;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Sync;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two sessions that are asked the same: one through the proxy, one at a single server that holds all rows. What the proxy refuses
 * leaves no trace at the single server either, but for a transaction that fails on both sides.
 */
final class Comparison implements AutoCloseable {
    private static final String FEATURE_NOT_SUPPORTED_CLASS = "0A";
    private static final String IDLE = "Z IDLE";
    private static final Question FAILURE = Question.of("DO $$ BEGIN RAISE EXCEPTION 'refused'; END $$");

    private final RawClient proxy;
    private final RawClient reference;
    private boolean inTransaction;

    /**
     * @param reference a session that is used again: it is made like a new one in the end
     */
    Comparison(int proxyPort, RawClient reference) throws IOException {
        this.proxy = RawClient.connect(proxyPort);
        this.reference = reference;
    }

    /** Asks both. */
    Outcome ask(Question question, Mode mode) throws IOException {
        Answer answered = answer(proxy, question, mode);
        ErrorFields error = answered.error();
        if (error != null && error.sqlState().startsWith(FEATURE_NOT_SUPPORTED_CLASS)) {
            return refusal(question, mode, answered, error);
        }
        Answer expected = answer(reference, question, mode);
        inTransaction = !expected.status().equals(IDLE);
        boolean same = answered.lines().equals(expected.lines());
        return outcome(question, mode, same ? Verdict.SAME : Verdict.DIFFERENT, answered, expected);
    }

    /** PostgreSQL refuses some statements itself: what a server said, and no proxy, may be what the single server says as well. */
    private Outcome refusal(Question question, Mode mode, Answer answered, ErrorFields error) throws IOException {
        if (error.get(ErrorFields.ROUTINE) != null) {
            Answer expected = inTransaction ? answer(reference, question, mode) : answerInVain(question, mode);
            if (sameError(answered, expected)) {
                return outcome(question, mode, Verdict.SAME, answered, expected);
            }
        }
        if (inTransaction) {
            answer(reference, FAILURE, Mode.SIMPLE);
        }
        return new Outcome(question, mode, Verdict.REFUSED, answered.lines(), List.of());
    }

    private Answer answerInVain(Question question, Mode mode) throws IOException {
        reference.query("BEGIN");
        Answer answer = answer(reference, question, mode);
        reference.query("ROLLBACK");
        return answer;
    }

    private static boolean sameError(Answer answered, Answer expected) {
        ErrorFields one = answered.error();
        ErrorFields other = expected.error();
        return one != null && other != null && one.sqlState().equals(other.sqlState());
    }

    private static Outcome outcome(Question question, Mode mode, Verdict verdict, Answer answered, Answer expected) {
        return new Outcome(question, mode, verdict, answered.lines(), expected.lines());
    }

    private static Answer answer(RawClient client, Question question, Mode mode) throws IOException {
        client.send(question.messages(mode));
        List<Reply> replies = new ArrayList<>();
        Reply reply;
        do {
            reply = client.read();
            replies.add(reply);
            if (reply.is(BackendType.COPY_IN_RESPONSE)) {
                client.send(copy(question, mode));
            }
        } while (!reply.is(BackendType.READY_FOR_QUERY));
        return new Answer(replies, question.ordered(), question.certain());
    }

    /** A server that waits for data ignores a Sync, so in the extended protocol there must be another one. */
    private static FrontendMessage[] copy(Question question, Mode mode) {
        List<FrontendMessage> messages = new ArrayList<>();
        if (question.copyData().isEmpty()) {
            messages.add(new CopyFail("no data"));
        } else {
            messages.add(new CopyData(question.copyData().getBytes(UTF_8)));
            messages.add(new CopyDone());
        }
        if (mode != Mode.SIMPLE) {
            messages.add(new Sync());
        }
        return messages.toArray(FrontendMessage[]::new);
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        reference.query("ROLLBACK");
        reference.query("DISCARD ALL");
    }
}

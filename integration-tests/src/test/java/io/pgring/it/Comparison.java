package io.pgring.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.CopyFail;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two sessions that are asked the same: one through the proxy, one at a single server that holds all rows. What the proxy refuses the
 * server is not asked, but an open transaction of its own fails all the same.
 */
final class Comparison implements AutoCloseable {
    private static final String REFUSED = "0A000";
    private static final String FAILURE = "DO $$ BEGIN RAISE EXCEPTION 'refused'; END $$";

    private final RawClient proxy;
    private final RawClient reference;
    private boolean inTransaction;

    /** What became of one query. */
    enum Verdict {
        SAME,
        REFUSED,
        DIFFERENT
    }

    /**
     * One query and its answers.
     *
     * @param proxy the messages through the proxy, as text
     * @param reference those of the single server; empty when it was not asked
     */
    record Outcome(String sql, Verdict verdict, List<String> proxy, List<String> reference) {
        @Override
        public String toString() {
            return verdict + ": " + sql + "\n  proxy:     " + proxy + "\n  reference: " + reference;
        }
    }

    Comparison(int proxyPort, int referencePort) throws IOException {
        this.proxy = RawClient.connect(proxyPort);
        this.reference = RawClient.connect(referencePort);
    }

    /** Asks both by the simple query protocol. */
    Outcome simple(String sql) throws IOException {
        return ask(sql, Query.of(sql));
    }

    /** Asks both by the extended query protocol, without parameters. */
    Outcome extended(String sql) throws IOException {
        return ask(
                sql,
                new Parse("", sql.getBytes(UTF_8), new int[0]),
                new Bind("", "", new int[0], new byte[0][], new int[0]),
                new Describe(Target.PORTAL, ""),
                new Execute("", 0),
                new Sync());
    }

    private Outcome ask(String sql, FrontendMessage... messages) throws IOException {
        List<Reply> answered = answer(proxy, messages);
        boolean refused = answered.stream()
                .anyMatch(reply ->
                        reply.is(BackendType.ERROR_RESPONSE) && reply.sqlState().equals(REFUSED));
        if (refused) {
            if (inTransaction) {
                answer(reference, Query.of(FAILURE));
            }
            return new Outcome(sql, Verdict.REFUSED, texts(answered), List.of());
        }
        List<Reply> expected = answer(reference, messages);
        inTransaction = !texts(expected).get(expected.size() - 1).equals("Z IDLE");
        boolean same = texts(answered).equals(texts(expected));
        return new Outcome(sql, same ? Verdict.SAME : Verdict.DIFFERENT, texts(answered), texts(expected));
    }

    private static List<Reply> answer(RawClient client, FrontendMessage... messages) throws IOException {
        client.send(messages);
        List<Reply> replies = new ArrayList<>();
        Reply reply;
        do {
            reply = client.read();
            if (reply.is(BackendType.COPY_IN_RESPONSE)) {
                client.send(new CopyFail("no data"));
            }
            if (!reply.is(BackendType.PARAMETER_STATUS)) {
                replies.add(reply);
            }
        } while (!reply.is(BackendType.READY_FOR_QUERY));
        return replies;
    }

    private static List<String> texts(List<Reply> replies) {
        return replies.stream().map(Reply::text).toList();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        reference.close();
    }
}

package io.pgring.it.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.NotificationResponse;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session that listens, notifies and hears itself gets from the proxy, message by message, what it gets from PostgreSQL. Statements of one
 * session are divided by {@code |}; those between two Syncs of the extended protocol by {@code >}.
 */
@ExtendWith(SharedCluster.class)
class ListenComparisonIT {
    private static final String CHANNELS = "| SELECT pg_listening_channels()";
    private static final int[] NONE = {};
    private static final String LONG = "a".repeat(70);

    private final Cluster cluster;

    ListenComparisonIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LISTEN a | NOTIFY a | NOTIFY a, 'x' | SELECT pg_notify('a', 'y') | NOTIFY b | UNLISTEN a | NOTIFY a",
                "LISTEN a | LISTEN a | LISTEN b | UNLISTEN c | UNLISTEN * | NOTIFY a",
                "LISTEN Folded | NOTIFY folded | NOTIFY \"Folded\" | LISTEN \"Folded\" | NOTIFY \"Folded\", 'it''s'",
                "LISTEN \"with \"\"quotes\"\" ü\" | SELECT pg_notify('with \"quotes\" ü', '') | UNLISTEN \"with \"\"quotes\"\" ü\"",
                "LISTEN \"\" | LISTEN 'a' | LISTEN | UNLISTEN | LISTEN a b | LISTEN a.b | NOTIFY",
                "BEGIN | LISTEN a | NOTIFY a, 'own' | SELECT 1 | COMMIT | NOTIFY a, 'later'",
                "BEGIN | LISTEN a | ROLLBACK | NOTIFY a",
                "LISTEN a | BEGIN | UNLISTEN a | NOTIFY a | ROLLBACK | NOTIFY a | BEGIN | UNLISTEN a | NOTIFY a | COMMIT",
                "BEGIN | SAVEPOINT s | LISTEN a | ROLLBACK TO s | LISTEN b | COMMIT | NOTIFY a | NOTIFY b",
                "BEGIN | LISTEN a | SAVEPOINT s | LISTEN b | RELEASE s | COMMIT | NOTIFY b | NOTIFY a",
                "BEGIN | SELECT 1 | SAVEPOINT s | LISTEN a | SELECT 1/0 | LISTEN b | UNLISTEN a | ROLLBACK TO s | LISTEN c | COMMIT"
                        + "| NOTIFY a | NOTIFY c",
                "BEGIN | SELECT 1/0 | LISTEN a | COMMIT | NOTIFY a",
                "BEGIN | LISTEN a | COMMIT AND CHAIN | LISTEN b | ROLLBACK AND CHAIN | LISTEN c | COMMIT | NOTIFY a | NOTIFY b | NOTIFY c",
                "BEGIN | SELECT 1 | LISTEN a | COMMIT AND CHAIN | LISTEN b | ROLLBACK | NOTIFY a | NOTIFY b",
                "LISTEN a | BEGIN | NOTIFY a, '1' | NOTIFY a, '1' | NOTIFY a, '2' | SELECT 1 | COMMIT",
                "LISTEN a | BEGIN | NOTIFY a, '1' | SAVEPOINT s | NOTIFY a, '2' | ROLLBACK TO s | NOTIFY a, '3' | COMMIT",
                "LISTEN a | LISTEN b | DISCARD ALL | NOTIFY a",
                "BEGIN READ ONLY | LISTEN a | COMMIT | NOTIFY a",
                "LISTEN a | SELECT * FROM pg_listening_channels() | SELECT pg_catalog.pg_listening_channels()",
            })
    void inBothProtocols(String session) throws IOException {
        assertSame(session + CHANNELS, false);
        assertSame(session + CHANNELS, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LISTEN a; LISTEN b | NOTIFY a; NOTIFY b | UNLISTEN a; LISTEN c | NOTIFY a; NOTIFY c",
                "LISTEN a; SELECT 1/0 | NOTIFY a",
                "SELECT 1; LISTEN a; SELECT 2 | NOTIFY a; SELECT 1",
                "LISTEN a; NOTIFY a, 'x'; SELECT 1",
                "BEGIN; LISTEN a; NOTIFY a; COMMIT | NOTIFY a",
                "BEGIN; LISTEN a | NOTIFY a | ROLLBACK | BEGIN; LISTEN a | COMMIT | NOTIFY a",
                "BEGIN; LISTEN a; SELECT 1/0; COMMIT | LISTEN b | ROLLBACK | NOTIFY a",
                "LISTEN a; COMMIT | NOTIFY a",
                "LISTEN a | SELECT 5; CLOSE ALL; UNLISTEN * | NOTIFY a",
                "LISTEN a; SELECT | FROM; LISTEN b | NOTIFY a",
            })
    void manyInOneText(String session) throws IOException {
        assertSame(session + CHANNELS, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LISTEN a > SELECT 1 | NOTIFY a",
                "LISTEN a > SELECT 1/0 | NOTIFY a",
                "SELECT 1 > LISTEN a > SELECT 2 | NOTIFY a > NOTIFY a, 'x'",
                "SELECT 1 > LISTEN a > SELECT 1/0 > LISTEN b | NOTIFY a",
                "SELECT 1/0 > LISTEN a | NOTIFY a",
                "BEGIN > LISTEN a > COMMIT | NOTIFY a",
                "BEGIN > LISTEN a > SELECT 1/0 > COMMIT | LISTEN b | ROLLBACK | NOTIFY a",
                "BEGIN > SELECT 1 > LISTEN a | SELECT 1/0 > COMMIT | ROLLBACK | NOTIFY a",
                "LISTEN a > UNLISTEN a > LISTEN b | NOTIFY a > NOTIFY b",
            })
    void pipelined(String session) throws IOException {
        assertSame(session + CHANNELS, true);
    }

    @Test
    void namesAreCutWithANotice() throws IOException {
        String session = "LISTEN " + LONG + "| NOTIFY " + LONG + ", 'x' | SELECT pg_notify('" + LONG
                + "', 'x') | UNLISTEN " + LONG;
        assertSame(session + CHANNELS, false);
        assertSame(session + CHANNELS, true);
    }

    @Test
    void payloadsMayBeLong() throws IOException {
        String most = "x".repeat(7999);
        assertSame(
                "LISTEN a | NOTIFY a, '" + most + "' | NOTIFY a, '" + most + "y' | SELECT pg_notify('a', '" + most
                        + "y')",
                false);
    }

    private void assertSame(String session, boolean extended) throws IOException {
        List<String> expected = run(cluster.servers().shards().get(0).port(), session, extended);
        assertThat(run(cluster.port(), session, extended)).as(session).isEqualTo(expected);
    }

    private static List<String> run(int port, String session, boolean extended) throws IOException {
        List<String> answers = new ArrayList<>();
        try (RawClient client = RawClient.connect(port)) {
            for (String unit : session.split("\\|", -1)) {
                List<Reply> replies = extended ? extended(client, unit) : client.query(unit.strip());
                replies.forEach(reply -> answers.add(text(reply)));
            }
        }
        return answers;
    }

    private static List<Reply> extended(RawClient client, String unit) throws IOException {
        List<FrontendMessage> messages = new ArrayList<>();
        for (String statement : unit.split(">", -1)) {
            messages.add(new Parse("", statement.strip().getBytes(StandardCharsets.UTF_8), NONE));
            messages.add(new Bind("", "", NONE, new byte[0][], NONE));
            messages.add(new Describe(Target.PORTAL, ""));
            messages.add(new Execute("", 0));
        }
        messages.add(new Sync());
        client.send(messages.toArray(FrontendMessage[]::new));
        return client.readToReady();
    }

    private static String text(Reply reply) {
        if (!reply.is(BackendType.NOTIFICATION_RESPONSE)) {
            return reply.text();
        }
        NotificationResponse notification = (NotificationResponse) Objects.requireNonNull(reply.decode());
        return "A " + notification.channel() + ": " + notification.payload();
    }
}

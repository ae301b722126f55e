package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a text that the proxy can't read a client hears what PostgreSQL says of it, wherever its transaction is. */
@ExtendWith(SharedCluster.class)
class UnreadTextsIT {
    private final Cluster cluster;

    UnreadTextsIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'open",
                "SELECT value FROM kv WHERE key = 'open",
                "INSERT INTO kv VALUES ('é', $$open); COMMIT",
                "SELECT 1 /* open",
                "SELECT \"open FROM kv",
                "SELECT 1a FROM kv",
                "SELEC value FROM kv WHERE key = 'a'",
                "UPDATE kv SET WHERE key = 'a'",
                "INSERT INTO kv VALUES ('a', 'b'"
            })
    void isJudgedByAServer(String text) throws IOException {
        List<List<String>> beforehand = List.of(
                List.of(),
                List.of("BEGIN"),
                List.of("BEGIN", "SAVEPOINT a"),
                List.of("BEGIN", update(1)),
                List.of("BEGIN;" + update(1)),
                List.of("BEGIN", update(0), update(1), update(2)),
                List.of("BEGIN", update(2), "UPDATE kv SET value = 'all' WHERE key LIKE 'unread%'", "SAVEPOINT a"));
        for (List<String> statements : beforehand) {
            assertThat(answers(cluster.port(), statements, text, true))
                    .as("%s, Query", statements)
                    .isEqualTo(answers(serverPort(), statements, text, true));
            assertThat(answers(cluster.port(), statements, text, false))
                    .as("%s, Parse", statements)
                    .isEqualTo(answers(serverPort(), statements, text, false));
        }
    }

    /** A Query is one string, which ends with its only zero byte. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "SELECT 10", "SELECT 1\0 + 1\0", "SELECT 'a\0b'\0", "SELECT value FROM kv -- \0\0", "\0\0"})
    void aQueryThatIsNotOneStringIsRefused(String body) throws IOException {
        assertThat(answer(cluster.port(), body)).isEqualTo(answer(serverPort(), body));
    }

    private static List<String> answer(int port, String body) throws IOException {
        byte[] text = body.getBytes(StandardCharsets.UTF_8);
        ByteBuffer query = ByteBuffer.allocate(1 + Integer.BYTES + text.length)
                .put(FrontendType.QUERY)
                .putInt(Integer.BYTES + text.length)
                .put(text);
        try (RawClient client = RawClient.connect(port)) {
            client.sendBytes(query.array());
            List<String> answers = new ArrayList<>();
            client.readToReady().forEach(reply -> answers.add(reply.text()));
            answers.addAll(client.answer("SELECT 2"));
            return answers;
        }
    }

    /** A statement that is only described, aside of the transaction, fails it like any other. */
    @Test
    void anErrorOfADescriptionFailsTheTransaction() throws IOException {
        List<String> before = List.of("BEGIN", update(1));
        for (String text : List.of("SELECT nosuch FROM kv", "SELECT E'\\u12' FROM kv")) {
            assertThat(answers(cluster.port(), before, text, false))
                    .as(text)
                    .contains("Z FAILED")
                    .isEqualTo(answers(serverPort(), before, text, false));
        }
    }

    private String update(int shard) {
        return "UPDATE kv SET value = 'x' WHERE key = '" + cluster.keyOn(shard, "unread") + "'";
    }

    private int serverPort() {
        return cluster.servers().shards().get(0).port();
    }

    private static List<String> answers(int port, List<String> before, String text, boolean simple) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            for (String statement : before) {
                client.query(statement);
            }
            List<String> answers = new ArrayList<>();
            if (simple) {
                answers.addAll(client.answer(text));
            } else {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                client.send(new Parse("", bytes, new int[0]), new Parse("a", bytes, new int[0]), new Sync());
                client.readToReady().forEach(reply -> answers.add(reply.text()));
            }
            answers.addAll(client.answer("SELECT 1"));
            answers.addAll(client.answer("ROLLBACK"));
            answers.addAll(client.answer("SELECT 2"));
            return answers;
        }
    }
}

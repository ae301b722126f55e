package io.pgring.it.faults;

import io.pgring.it.support.Cluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** An honest client with keys of its own: each row that it reads must be the one it wrote last. */
final class Workload implements AutoCloseable {
    private static final int[] NONE = {};
    private static final int PIPELINE_LENGTH = 5;

    private final RawClient client;
    private final Random random;
    private final List<String> keys;
    private int writes;
    private long rounds;

    /** @param number differs from all other clients' */
    Workload(Cluster cluster, int number, long seed) throws IOException {
        this.client = RawClient.connect(cluster.port(), Map.of("application_name", "client" + number % 7));
        this.random = new Random(seed + number);
        this.keys = cluster.keyOnEach("client" + number + "_");
        for (String key : keys) {
            expect(client.answer("INSERT INTO kv VALUES ('" + key + "', '" + key + ":0')"), "C INSERT 0 1", "Z IDLE");
        }
        client.send(new Parse("read", bytes("SELECT key || '=' || value FROM kv WHERE key = $1"), NONE), new Sync());
        expect(texts(client.readToReady()), "1 ", "Z IDLE");
    }

    /** Does a few things, in one of several ways. @throws AssertionError when an answer is wrong */
    void round() throws IOException {
        rounds++;
        switch (random.nextInt(5)) {
            case 0 -> simple();
            case 4 -> everywhere();
            case 1 -> transaction();
            case 2 -> pipeline();
            default -> error();
        }
    }

    long rounds() {
        return rounds;
    }

    /** All keys are written again, so that all values are known: they end with the same number. */
    private void write() throws IOException {
        writes++;
        for (String key : keys) {
            expect(client.answer(update(key)), "C UPDATE 1", "Z IDLE");
        }
    }

    private String update(String key) {
        return "UPDATE kv SET value = '" + value(key) + "' WHERE key = '" + key + "'";
    }

    private String value(String key) {
        return key + ":" + writes;
    }

    private void simple() throws IOException {
        write();
        for (String key : keys) {
            same(client.value("SELECT key || '=' || value FROM kv WHERE key = '" + key + "'"), key);
        }
    }

    private void transaction() throws IOException {
        String key = keys.get(random.nextInt(keys.size()));
        boolean commit = random.nextBoolean();
        expect(client.answer("BEGIN"), "C BEGIN", "Z IN_TRANSACTION");
        expect(
                client.answer("UPDATE kv SET value = 'undone' WHERE key = '" + key + "'"),
                "C UPDATE 1",
                "Z IN_TRANSACTION");
        if (commit) {
            expect(client.answer(update(key)), "C UPDATE 1", "Z IN_TRANSACTION");
            expect(client.answer("COMMIT"), "C COMMIT", "Z IDLE");
        } else {
            expect(client.answer("ROLLBACK"), "C ROLLBACK", "Z IDLE");
        }
        same(client.value("SELECT key || '=' || value FROM kv WHERE key = '" + key + "'"), key);
    }

    /** A transaction on all shards, then a read of all at once. In the order of the shards, or clients would wait for each other. */
    private void everywhere() throws IOException {
        writes++;
        expect(client.answer("BEGIN"), "C BEGIN", "Z IN_TRANSACTION");
        for (String key : keys) {
            expect(client.answer(update(key)), "C UPDATE 1", "Z IN_TRANSACTION");
        }
        expect(client.answer("COMMIT"), "C COMMIT", "Z IDLE");
        List<Reply> replies = client.query(
                "SELECT key || '=' || value FROM kv WHERE key IN ('" + String.join("', '", keys) + "') ORDER BY key");
        List<String> rows = replies.stream()
                .filter(reply -> reply.is(BackendType.DATA_ROW))
                .map(Reply::value)
                .sorted()
                .toList();
        List<String> wanted =
                keys.stream().map(key -> key + "=" + value(key)).sorted().toList();
        if (!rows.equals(wanted)) {
            throw new AssertionError("found " + replies + " in place of " + wanted);
        }
    }

    /** Several statements, each with its own Sync, whose answers are not awaited one by one. */
    private void pipeline() throws IOException {
        List<FrontendMessage> messages = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < PIPELINE_LENGTH; i++) {
            String key = keys.get(random.nextInt(keys.size()));
            asked.add(key);
            messages.add(new Bind("", "read", NONE, new byte[][] {bytes(key)}, NONE));
            messages.add(new Execute("", 0));
            messages.add(new Sync());
        }
        client.send(messages.toArray(FrontendMessage[]::new));
        for (String key : asked) {
            List<Reply> replies = client.readToReady();
            if (replies.size() != 4) {
                throw new AssertionError(replies.toString());
            }
            same(replies.get(1).value(), key);
        }
    }

    private void error() throws IOException {
        String key = keys.get(random.nextInt(keys.size()));
        List<Reply> replies = client.query("INSERT INTO kv VALUES ('" + key + "', 'again')");
        if (!replies.get(0).is(BackendType.ERROR_RESPONSE)
                || !replies.get(0).sqlState().equals("23505")) {
            throw new AssertionError(replies.toString());
        }
        same(client.value("SELECT key || '=' || value FROM kv WHERE key = '" + key + "'"), key);
    }

    private void same(String row, String key) {
        if (!row.equals(key + "=" + value(key))) {
            throw new AssertionError("found " + row + " in place of " + key + "=" + value(key));
        }
    }

    private static void expect(List<String> answer, String... wanted) {
        if (!answer.equals(List.of(wanted))) {
            throw new AssertionError("found " + answer + " in place of " + List.of(wanted));
        }
    }

    private static List<String> texts(List<Reply> replies) {
        return replies.stream().map(Reply::text).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}

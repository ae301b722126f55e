package io.pgring.it.spread;

import io.pgring.it.support.Cluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** An honest client with ids of its own: whatever it reads must be what it wrote last, all of it and nothing else. */
final class SpreadWorkload implements AutoCloseable {
    private static final int[] NONE = {};
    private static final int SPLIT_ROWS = 6;
    private static final long IDS = 100_000;

    private final RawClient client;
    private final Random random;
    private final long firstId;
    private final Map<Long, String> notes = new TreeMap<>();
    private long nextId;
    private int writes;

    /** @param number differs from all other clients' */
    SpreadWorkload(Cluster cluster, int number, long seed) throws IOException {
        this.client = RawClient.connect(cluster.port());
        this.client.patience(120_000);
        this.random = new Random(seed + number);
        this.firstId = number * IDS;
        this.nextId = firstId;
        insertSeveral();
    }

    /** Does one of many things; fails when an answer is wrong. */
    void round() throws IOException {
        switch (random.nextInt(8)) {
            case 0 -> insertSeveral();
            case 1 -> updateAll();
            case 2 -> updateOne();
            case 3 -> readOne();
            case 4 -> gather();
            case 5 -> transaction();
            case 6 -> extended();
            default -> readAll();
        }
    }

    /** How many rows it has. */
    int rows() {
        return notes.size();
    }

    private String range() {
        return " WHERE id BETWEEN " + firstId + " AND " + (firstId + IDS - 1);
    }

    private void insertSeveral() throws IOException {
        StringBuilder sql = new StringBuilder("INSERT INTO events VALUES ");
        for (int i = 0; i < SPLIT_ROWS; i++) {
            String note = "n" + nextId + ":" + writes++;
            sql.append(i == 0 ? "" : ", ").append("(" + nextId + ", '" + note + "')");
            notes.put(nextId++, note);
        }
        expect(client.answer(sql.toString()), "C INSERT 0 " + SPLIT_ROWS, "Z IDLE");
    }

    private void updateAll() throws IOException {
        int write = writes++;
        notes.replaceAll((id, note) -> "n" + id + ":" + write);
        expect(
                client.answer("UPDATE events SET note = 'n' || id || ':" + write + "'" + range()),
                "C UPDATE " + notes.size(),
                "Z IDLE");
    }

    private void updateOne() throws IOException {
        long id = anyId();
        notes.put(id, "n" + id + ":" + writes++);
        expect(
                client.answer("UPDATE events SET note = '" + notes.get(id) + "' WHERE id = " + id),
                "C UPDATE 1",
                "Z IDLE");
    }

    private void readOne() throws IOException {
        long id = anyId();
        same(client.value("SELECT note FROM events WHERE id = " + id), Objects.requireNonNull(notes.get(id)));
    }

    private void readAll() throws IOException {
        sameRows(client.query("SELECT id || '=' || note FROM events" + range() + " ORDER BY id"));
    }

    private void gather() throws IOException {
        same(
                client.value(
                        "SELECT concat(count(*), ' ', count(DISTINCT a.note)) FROM events a JOIN events b ON a.note = b.note"
                                + range().replace("id", "a.id")),
                notes.size() + " " + notes.size());
    }

    private void transaction() throws IOException {
        boolean commit = random.nextBoolean();
        expect(client.answer("BEGIN"), "C BEGIN", "Z IN_TRANSACTION");
        int write = writes++;
        expect(
                client.answer("UPDATE events SET note = 'n' || id || ':" + write + "'" + range()),
                "C UPDATE " + notes.size(),
                "Z IN_TRANSACTION");
        if (commit) {
            notes.replaceAll((id, note) -> "n" + id + ":" + write);
            sameRows(client.query("SELECT id || '=' || note FROM events" + range() + " ORDER BY id"));
        }
        expect(client.answer(commit ? "COMMIT" : "ROLLBACK"), commit ? "C COMMIT" : "C ROLLBACK", "Z IDLE");
        readAll();
    }

    private void extended() throws IOException {
        client.send(
                new Parse(
                        "", bytes("SELECT id || '=' || note FROM events WHERE id >= $1 AND id < $2 ORDER BY id"), NONE),
                new Bind("", "", NONE, new byte[][] {bytes("" + firstId), bytes("" + (firstId + IDS))}, NONE),
                new Execute("", 3),
                new Execute("", 0),
                new Sync());
        sameRows(client.readToReady());
    }

    private long anyId() {
        return firstId + random.nextInt(notes.size());
    }

    private void sameRows(List<Reply> replies) {
        List<String> found = replies.stream()
                .filter(reply -> reply.is(BackendType.DATA_ROW))
                .map(Reply::value)
                .toList();
        List<String> wanted = notes.entrySet().stream()
                .map(row -> row.getKey() + "=" + row.getValue())
                .toList();
        if (!found.equals(wanted)) {
            throw new AssertionError("found " + replies + " in place of " + wanted);
        }
    }

    private static void same(String found, String wanted) {
        if (!found.equals(wanted)) {
            throw new AssertionError("found " + found + " in place of " + wanted);
        }
    }

    private static void expect(List<String> answer, String... wanted) {
        if (!answer.equals(List.of(wanted))) {
            throw new AssertionError("found " + answer + " in place of " + List.of(wanted));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}

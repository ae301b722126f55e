package io.pgring.it.faults;

import io.pgring.it.support.Cluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A client that writes transactions over several shards until it is cut off, and remembers what it was told of each. */
final class CrashWorkload {
    private static final int TRANSACTIONS_MAX = 400;

    private final Cluster ring;
    private final String name;
    private final Random random;
    private final List<Told> transactions = new ArrayList<>();

    /** What a client was told. */
    enum Answer {
        COMMITTED,
        FAILED,
        UNKNOWN
    }

    /**
     * A transaction.
     *
     * @param rows key, and the shard where it belongs
     */
    record Told(List<Row> rows, Answer answer) {}

    /** One row that it has written, or not. */
    record Row(String key, int shard) {}

    /** A client whose name differs from all others'. */
    CrashWorkload(Cluster ring, String name, long seed) {
        this.ring = ring;
        this.name = name;
        this.random = new Random(seed);
    }

    List<Told> transactions() {
        return transactions;
    }

    /** Works until an answer does not come, or is an error. */
    void run(int port) {
        try (RawClient client = RawClient.connect(port)) {
            Answer last = Answer.COMMITTED;
            while (last == Answer.COMMITTED && transactions.size() < TRANSACTIONS_MAX) {
                List<Row> rows = rows();
                last = Answer.UNKNOWN;
                try {
                    last = random.nextBoolean() ? insert(client, rows) : transaction(client, rows);
                } finally {
                    transactions.add(new Told(rows, last));
                }
            }
        } catch (IOException e) {
            // The proxy is gone, or the session.
            return;
        }
    }

    /** On two or three shards. */
    private List<Row> rows() {
        int without = random.nextInt(ring.shardCount() + 1);
        List<Row> rows = new ArrayList<>();
        for (int shard = 0; shard < ring.shardCount(); shard++) {
            if (shard != without) {
                rows.add(new Row(ring.keyOn(shard, name + "_" + transactions.size() + "_"), shard));
            }
        }
        return rows;
    }

    private static Answer insert(RawClient client, List<Row> rows) throws IOException {
        return answer(client.query("INSERT INTO kv VALUES "
                + rows.stream().map(row -> "('" + row.key + "', 'x')").collect(Collectors.joining(", "))));
    }

    private static Answer transaction(RawClient client, List<Row> rows) throws IOException {
        client.query("BEGIN");
        for (Row row : rows) {
            Answer answer = answer(client.query("INSERT INTO kv VALUES ('" + row.key + "', 'x')"));
            if (answer != Answer.COMMITTED) {
                return Answer.FAILED;
            }
        }
        return answer(client.query("COMMIT"));
    }

    private static Answer answer(List<Reply> replies) {
        for (Reply reply : replies) {
            if (reply.is(BackendType.ERROR_RESPONSE)) {
                return reply.sqlState().equals("08007") ? Answer.UNKNOWN : Answer.FAILED;
            }
        }
        return Answer.COMMITTED;
    }
}

package io.pgring.it.history;

import io.pgring.it.history.Operation.Write;
import io.pgring.it.history.Proxies.Held;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.proxy.reshard.MovePoint;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Rounds on the same servers. In each clients work by three proxies, a shard is added or removed, one mover comes to a point, something happens to
 * it or to others there; then all comes to its end, and the history of the round is checked. Rows stay, so that later rounds move them too.
 */
final class Campaign implements AutoCloseable {
    private static final int PROXIES = 3;
    private static final int CLIENTS = 5;
    /** Pauses that come to nothing are tried again after half a minute at last. */
    static final Duration MOVES = Duration.ofMinutes(5);

    private static final int KEYS = 40;
    private static final int NEW_KEYS = 40;
    private static final int WARM_OPERATIONS = 150;

    private final Ring ring;
    private final Proxies proxies;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final Map<String, Long> errors = new TreeMap<>();
    /** Writes whose outcome nobody knows, and which may be made later still. */
    private List<Write> open = new ArrayList<>();

    private List<Row> before = List.of();
    private int rounds;
    private long operations;
    private int unreached;

    private Campaign(Ring ring, Proxies proxies) {
        this.ring = ring;
        this.proxies = proxies;
    }

    static Campaign start(Servers servers, Path folder) throws Exception {
        servers.executeEverywhere("CREATE TABLE kv (key text PRIMARY KEY, value text)");
        Proxies proxies = Proxies.start(servers, folder, PROXIES);
        try {
            return new Campaign(new Ring(servers, proxies.configuration()), proxies);
        } catch (Exception | Error e) {
            proxies.close();
            throw e;
        }
    }

    /** One round. @return what is wrong after it */
    List<String> round(Fault fault, MovePoint point, Random random) throws Exception {
        rounds++;
        String prefix = "round-" + rounds + "-";
        List<String> keys = IntStream.range(0, KEYS).mapToObj(i -> prefix + i).toList();
        History history = new History();
        Work work = new Work(proxies, history, prefix, keys, NEW_KEYS, numbers);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        proxies.hold(point);
        try {
            for (int i = 0; i < CLIENTS; i++) {
                threads.execute(new AppendingClient(work, i, random.nextLong()));
            }
            await(history, WARM_OPERATIONS);
            ring.change(random);
            Eventually.holds(fault + " at " + point, MOVES, () -> proxies.held() != null || ring.isCalm());
            Held held = proxies.held();
            if (held == null) {
                unreached++;
            } else {
                new Strike(ring, proxies, history, random).run(fault, held);
                faults.merge(fault, 1, Integer::sum);
            }
            proxies.release();
            Eventually.holds("all moves end", MOVES, ring::isCalm);
            await(history, WARM_OPERATIONS);
        } finally {
            work.end();
            threads.shutdown();
        }
        if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
            throw new AssertionError("clients hang");
        }
        return check(history);
    }

    /** Until clients have done so many more operations. */
    static void await(History history, int more) {
        int until = history.size() + more;
        Eventually.holds("clients go on", () -> history.size() >= until);
    }

    private List<String> check(History history) throws Exception {
        Eventually.succeeds(() -> {
            List<String> left = ring.leftovers();
            if (!left.isEmpty()) {
                throw new AssertionError(left.toString());
            }
        });
        List<Row> after = ring.rows();
        List<Operation> all = new ArrayList<>(open);
        all.addAll(history.operations());
        List<String> wrong = new ArrayList<>();
        HistoryChecker.check(all, before, after).forEach(violation -> wrong.add(violation.toString()));
        before = after;
        operations += history.size();
        history.errors().forEach((error, times) -> errors.merge(error, times, Long::sum));
        open = unknown(all, after);
        return wrong;
    }

    /** As old as can be, and without an end. */
    private static List<Write> unknown(List<Operation> operations, List<Row> after) {
        Map<String, String> rows = new TreeMap<>();
        after.forEach(row -> rows.put(row.key(), row.value()));
        List<Write> open = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation instanceof Write write && write.outcome() == Outcome.UNKNOWN) {
                open.add(write.asOld(rows));
            }
        }
        return open;
    }

    /** What happened so far, for people. */
    String report() {
        String moves;
        try {
            moves = ring.moves();
        } catch (SQLException e) {
            moves = "unknown: " + e.getMessage();
        }
        return rounds + " rounds (" + unreached + " did not come to their point), " + operations
                + " operations, faults "
                + faults + ", moves " + moves + ", rows " + before.size() + ", errors "
                + errors;
    }

    String logs() {
        StringBuilder logs = new StringBuilder();
        for (int i = 0; i < PROXIES; i++) {
            logs.append("proxy ").append(i).append(":\n").append(proxies.log(i));
        }
        return logs.toString();
    }

    @Override
    public void close() {
        proxies.close();
    }
}

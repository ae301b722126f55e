package io.pgring.it.history;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A client that appends numbers to values and reads, in many ways, and writes down what it was told. When its session is lost it begins another
 * one, by the same proxy or another, and never repeats anything.
 */
final class AppendingClient implements Runnable {
    private static final String GATHERED =
            "SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY key) FROM kv) AS n";

    private final Work work;
    private final Random random;
    private final int number;

    AppendingClient(Work work, int number, long seed) {
        this.work = work;
        this.number = number;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        try {
            while (!work.isOver()) {
                int proxy = random.nextInt(work.proxies());
                @Nullable Connection connection = connect(proxy);
                if (connection != null) {
                    work(new Session(connection, work.history(), "client " + number + " by proxy " + proxy));
                }
                work.rest();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Clients differ in how long they wait for an answer, and in the protocol. */
    private @Nullable Connection connect(int proxy) {
        String url = work.url(proxy) + "&connectTimeout=5&loginTimeout=6&options=-c%20lock_timeout=100";
        url += number % 2 == 0 ? "&socketTimeout=5" : "";
        url += number % 3 == 0 ? "&preferQueryMode=simple" : "&prepareThreshold=" + number % 3;
        try {
            return DriverManager.getConnection(url);
        } catch (SQLException e) {
            work.history().addError(e);
            return null;
        }
    }

    private void work(Session session) {
        try (Connection connection = session.connection()) {
            while (!work.isOver() && !connection.isClosed()) {
                if (random.nextBoolean()) {
                    write(session);
                } else {
                    read(session);
                }
            }
        } catch (SQLException e) {
            // It has been written down.
            return;
        }
    }

    private void write(Session session) throws SQLException {
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> session.insert(work.number(), List.of(key()));
            case 3 -> create(session);
            case 4, 5, 6, 7, 8 -> new AppendingTransaction(session, random).run(work.number(), keys(3));
            case 9, 10 -> session.update(work.number(), keys(3));
            default -> session.update(work.number(), Set.of(key()));
        }
    }

    private void read(Session session) throws SQLException {
        switch (random.nextInt(20)) {
            case 0, 1 -> session.count("SELECT count(*) FROM kv");
            case 2 -> session.count(GATHERED);
            case 3 -> session.scan("SELECT key, value FROM kv");
            case 4 -> session.scan("SELECT key, value FROM kv ORDER BY key");
            case 5, 6, 7, 8 -> session.read(keys(3));
            default -> session.read(Set.of(key()));
        }
    }

    private void create(Session session) throws SQLException {
        List<String> fresh = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String key = work.newKey();
            if (key != null) {
                fresh.add(key);
            }
        }
        if (!fresh.isEmpty()) {
            session.insert(work.number(), fresh);
        }
    }

    private String key() {
        return work.keys().get(random.nextInt(work.keys().size()));
    }

    /** Some keys, in order: two clients that wait for each other are rare. */
    private Set<String> keys(int most) {
        Set<String> keys = new TreeSet<>();
        for (int i = 0; i < most; i++) {
            keys.add(key());
        }
        return keys;
    }
}

package io.pgring.it.gather;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A client with rows of its own in a table that moves: it knows what must be in them, and may be refused now and then. */
final class RowsClient implements AutoCloseable {
    /** On its way; or its transaction began before. */
    private static final Set<String> REFUSALS = Set.of("0A000", "40001");

    private static final int ROWS_MAX = 100;

    private final Connection connection;
    private final int number;
    private final Random random;
    private final Map<Long, Long> rows = new TreeMap<>();
    private long next;
    private long done;

    RowsClient(Cluster cluster, int number) throws SQLException {
        // Every second client speaks the simple protocol.
        this.connection = cluster.connect(number % 2 == 0 ? "preferQueryMode=simple" : "prepareThreshold=2");
        this.number = number;
        this.random = new Random(number);
        this.next = number * 1_000_000L;
    }

    private interface Deed {
        void run() throws SQLException;
    }

    long done() {
        return done;
    }

    Void workUntil(BooleanSupplier over) throws SQLException {
        while (!over.getAsBoolean()) {
            int kind = random.nextInt(7);
            attempt(() -> act(kind));
        }
        return null;
    }

    /** Tells whether it was not refused. */
    private boolean attempt(Deed deed) throws SQLException {
        try {
            deed.run();
            done++;
            return true;
        } catch (SQLException e) {
            if (!REFUSALS.contains(e.getSQLState())) {
                throw e;
            }
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return false;
        }
    }

    private void act(int kind) throws SQLException {
        switch (kind) {
            case 0 -> insert();
            case 1 -> addToAll();
            case 2 -> check();
            case 3 -> transaction();
            default -> addToOne();
        }
    }

    private void insert() throws SQLException {
        if (rows.size() < ROWS_MAX) {
            long id = next++;
            assertThat(Sql.update(connection, "INSERT INTO rows VALUES (?, ?, ?)", id, number, 0L))
                    .isEqualTo(1);
            rows.put(id, 0L);
        } else {
            long id = any();
            assertThat(Sql.update(connection, "DELETE FROM rows WHERE id = ?", id))
                    .isEqualTo(1);
            rows.remove(id);
        }
    }

    private long any() {
        return rows.keySet().stream()
                .skip(random.nextInt(rows.size()))
                .findFirst()
                .orElseThrow();
    }

    private void addToOne() throws SQLException {
        if (!rows.isEmpty()) {
            long id = any();
            assertThat(Sql.update(connection, "UPDATE rows SET n = n + 1 WHERE id = ?", id))
                    .isEqualTo(1);
            rows.merge(id, 1L, Long::sum);
            assertThat(Sql.column(connection, "SELECT n FROM rows WHERE id = ?", id))
                    .containsExactly(Long.toString(rows.getOrDefault(id, 0L)));
        }
    }

    private void addToAll() throws SQLException {
        assertThat(Sql.update(connection, "UPDATE rows SET n = n + 1 WHERE client = ?", number))
                .isEqualTo(rows.size());
        rows.replaceAll((id, n) -> n + 1);
    }

    private void transaction() throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        long one = any();
        long other = any();
        connection.setAutoCommit(false);
        assertThat(Sql.update(connection, "UPDATE rows SET n = n + 1 WHERE id = ?", one))
                .isEqualTo(1);
        assertThat(Sql.update(connection, "UPDATE rows SET n = n + 1 WHERE id = ?", other))
                .isEqualTo(1);
        assertThat(Sql.column(connection, "SELECT count(*) FROM rows WHERE client = ?", number))
                .containsExactly(Integer.toString(rows.size()));
        connection.commit();
        connection.setAutoCommit(true);
        rows.merge(one, 1L, Long::sum);
        rows.merge(other, 1L, Long::sum);
    }

    /** Reads all of its rows; tells whether it was not refused. */
    boolean attemptCheck() throws SQLException {
        return attempt(this::check);
    }

    private void check() throws SQLException {
        String expected = rows.entrySet().stream()
                .map(row -> row.getKey() + "=" + row.getValue())
                .reduce("", (all, row) -> all + "," + row);
        String found =
                Sql.column(connection, "SELECT id || '=' || n FROM rows WHERE client = ? ORDER BY id", number).stream()
                        .reduce("", (all, row) -> all + "," + row);
        assertThat(found).isEqualTo(expected);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

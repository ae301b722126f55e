package io.pgring.it.history;

import io.pgring.it.history.Operation.Append;
import io.pgring.it.history.Operation.Read;
import io.pgring.it.history.Operation.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A transaction that reads some keys and appends to them, one after the other, counts all rows perhaps, and commits or not. */
final class AppendingTransaction {
    private static final int ROLLBACK_PERCENT = 10;

    private final Session session;
    private final History history;
    private final Random random;
    private final List<Append> appends = new ArrayList<>();
    private boolean committing;

    AppendingTransaction(Session session, Random random) {
        this.session = session;
        this.history = session.history();
        this.random = random;
    }

    void run(long number, Set<String> keys) throws SQLException {
        Connection connection = session.connection();
        long begin = history.tick();
        Outcome outcome = Outcome.FAILED;
        connection.setAutoCommit(false);
        try {
            for (String key : keys) {
                if (random.nextBoolean()) {
                    session.read(Set.of(key));
                }
                append(number, key);
            }
            if (random.nextInt(4) == 0) {
                session.count("SELECT count(*) FROM kv");
            }
            if (random.nextInt(100) < ROLLBACK_PERCENT) {
                connection.rollback();
            } else {
                committing = true;
                connection.commit();
                outcome = Outcome.COMMITTED;
            }
        } catch (SQLException e) {
            if (committing) {
                history.addError(e);
                outcome = Session.outcome(e);
            }
            if (Session.outcome(e) == Outcome.UNKNOWN) {
                throw e;
            }
        } finally {
            history.add(new Write(session.client(), appends, outcome, begin, history.tick()));
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** What is found before the own number has been committed by others. */
    private void append(long number, String key) throws SQLException {
        long begin = history.tick();
        appends.add(new Append(key, number, begin));
        List<Row> rows;
        try {
            rows = session.rows(Session.UPDATE, List.of(number + ",", key));
        } catch (SQLException e) {
            session.failed(e);
            return;
        }
        String own = number + ",";
        if (rows.isEmpty()) {
            appends.remove(appends.size() - 1);
        }
        List<Row> others = rows.stream()
                .map(row -> row.value().endsWith("," + own)
                        ? new Row(
                                row.key(), row.value().substring(0, row.value().length() - own.length()))
                        : row)
                .toList();
        history.add(new Read(session.client(), Set.of(key), others, begin, history.tick()));
    }
}

package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.backend.OwnRequest.Outcome;
import java.util.List;
import java.util.function.Consumer;

/**
 * A shard with an open transaction that does what it is told, and notes it. What a server does at a word of SQL can be told beforehand: fail,
 * or lose the connection.
 */
final class FakePart implements Part {
    private final String shard;
    private final boolean written;
    private final List<String> log;
    private String failsAt = "";
    private Outcome failure = new Outcome("", null, false);
    private boolean writesUnseen;
    private TransactionStatus status = TransactionStatus.IN_TRANSACTION;

    /** @param log of all parts */
    FakePart(String shard, boolean written, List<String> log) {
        this.shard = shard;
        this.written = written;
        this.log = log;
    }

    /** At the first SQL that has this word, and from then on. */
    FakePart failsAt(String word, String sqlState) {
        failsAt = word;
        failure = new Outcome("", ErrorResponse.error(sqlState, "failed"), false);
        return this;
    }

    /** At the first SQL that has this word. */
    FakePart isLostAt(String word) {
        failsAt = word;
        failure = new Outcome("", ErrorResponse.fatal("08006", "lost"), true);
        return this;
    }

    /** Its transaction has written, though no statement looked like it. */
    FakePart writesUnseen() {
        writesUnseen = true;
        return this;
    }

    FakePart status(TransactionStatus now) {
        status = now;
        return this;
    }

    @Override
    public String shard() {
        return shard;
    }

    @Override
    public boolean hasWritten() {
        return written;
    }

    @Override
    public TransactionStatus status() {
        return status;
    }

    @Override
    public void tellAsOwner(String sql, Consumer<Outcome> onTold) {
        tell(sql, onTold);
    }

    @Override
    public void tell(String sql, Consumer<Outcome> onTold) {
        String said = sql.replaceFirst("SELECT pg_catalog.set_config.*; ", "")
                .replaceAll("'pgring:[-0-9a-f]{36}:", "'")
                .replaceFirst("INSERT INTO pgring.commit_log .* VALUES", "LOG");
        log.add(shard + ": " + (said.contains("txid_current") ? "HAS WRITTEN?" : said));
        if (!failsAt.isEmpty() && said.contains(failsAt)) {
            boolean transactionEnds = !sql.contains("INSERT");
            status = transactionEnds ? TransactionStatus.IDLE : TransactionStatus.FAILED;
            onTold.accept(failure);
        } else {
            onTold.accept(new Outcome(tag(sql), null, false));
        }
    }

    private String tag(String sql) {
        if (sql.contains("txid_current")) {
            return writesUnseen ? "SELECT 1" : "SELECT 0";
        }
        if (sql.contains("INSERT")) {
            return "INSERT 0 1";
        }
        boolean failed = status == TransactionStatus.FAILED;
        status = TransactionStatus.IDLE;
        return failed ? "ROLLBACK" : sql.replaceFirst(" '.*", "");
    }
}

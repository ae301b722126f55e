package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.proxy.backend.OwnRequest.Outcome;
import java.util.List;

/** What a client is told about a transaction on several shards that did not simply commit. */
final class CommitErrors {
    private static final String CONNECTION_FAILURE = "08006";
    private static final String TRANSACTION_RESOLUTION_UNKNOWN = "08007";
    private static final String NOTHING_COMMITTED = "Nothing of the transaction was committed.";
    private static final String REPEAT = "Repeat the transaction.";

    private CommitErrors() {}

    /** The part of a shard was lost before the end. */
    static ErrorResponse partLost() {
        return ErrorResponse.error(
                        CONNECTION_FAILURE, "lost the connection to a shard that had a part of the transaction")
                .detail(NOTHING_COMMITTED)
                .hint(REPEAT);
    }

    /** A shard says that it has no transaction, or a failed one, where there must be one to commit. */
    static ErrorResponse notCommittable(String shard) {
        return ErrorResponse.error("40000", "the transaction has come to its end on shard \"" + shard + "\"")
                .detail(NOTHING_COMMITTED);
    }

    /** Whoever hears of the transaction must find all of it. */
    static ErrorResponse notified() {
        return ErrorResponse.error(
                        "0A000", "cannot commit a transaction that has written on several shards and notified")
                .detail("The notification might be heard before all shards have committed. " + NOTHING_COMMITTED)
                .hint("Send NOTIFY after the COMMIT.");
    }

    /** A shard has failed before the decision, so that nothing is committed. */
    static ErrorResponse failed(String shard, Outcome outcome) {
        ErrorResponse error = outcome.error();
        if (error == null) {
            return notCommittable(shard);
        }
        if (outcome.lost()) {
            return ErrorResponse.error(error.sqlState(), error.message())
                    .detail(NOTHING_COMMITTED)
                    .hint(REPEAT);
        }
        if ("23505".equals(error.sqlState())
                && "commit_log".equals(error.fields().get(ErrorFields.TABLE))) {
            return ErrorResponse.error("40001", "the transaction was rolled back because its commit took too long")
                    .detail("A proxy found it prepared on some shards, and on no way to be committed.")
                    .hint(REPEAT);
        }
        return error.fields().detail() == null
                ? error.detail("Shard \"" + shard + "\" says so. " + NOTHING_COMMITTED)
                : error;
    }

    /** The connection was lost during the decision, and then it was found that nothing is committed. */
    static ErrorResponse aborted(String shard) {
        return ErrorResponse.error(CONNECTION_FAILURE, "lost the connection to shard \"" + shard + "\"")
                .detail(NOTHING_COMMITTED)
                .hint(REPEAT);
    }

    /** The connection was lost during the decision. */
    static ErrorResponse unknown(String shard, String transaction) {
        return ErrorResponse.error(
                        TRANSACTION_RESOLUTION_UNKNOWN, "it is not known whether the transaction was committed")
                .detail("The connection to shard \"" + shard + "\" was lost while it committed" + transaction + ".")
                .hint("Look at the rows before you repeat the transaction.");
    }

    /** The transaction is committed, but some shards could not be told. */
    static NoticeResponse unfinished(List<String> shards, String transaction) {
        return NoticeResponse.warning(
                        "01000",
                        "the transaction is committed, but shard \"" + String.join("\", \"", shards)
                                + "\" could not be told yet")
                .detail("It holds the prepared transaction \"" + transaction + "\".")
                .hint(
                        "Until it is told, its rows can't be used here, and other proxies may show them as they were. Any proxy that"
                                + " can log in to it tells it within seconds.");
    }
}

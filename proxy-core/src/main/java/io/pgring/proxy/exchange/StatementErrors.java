package io.pgring.proxy.exchange;

import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.BindView;
import org.jspecify.annotations.Nullable;

/** What a client is told of prepared statements and portals that are not as it thinks, in PostgreSQL's words. */
final class StatementErrors {
    static final ErrorResponse CANCELED_BY_USER =
            ErrorResponse.error("57014", "canceling statement due to user request");

    private StatementErrors() {}

    /** Rows are not moved in time. */
    static ErrorResponse movesTooLong(long waitMillisMax) {
        return ErrorResponse.error("53300", "rows that the statement needs were not moved in time")
                .detail("They are given to another shard. The statement waited for pool.queueWaitMillisMax = "
                        + waitMillisMax + " ms and was not sent.")
                .hint("Try again. What holds the move up, pgring reshard status tells.");
    }

    /** Too many wait already for rows that are moved. */
    static ErrorResponse tooManyPaused(int queueLengthMax) {
        return ErrorResponse.error("53300", "too many statements wait for rows that are moved")
                .detail("The queue holds pool.queueLengthMax = " + queueLengthMax + " statements.")
                .hint("Try again in a moment.");
    }

    /** A snapshot that was taken when other rows were hidden would show some twice, or not at all. */
    static ErrorResponse rowsHaveMoved() {
        return ErrorResponse.error("40001", "could not serialize access due to rows that have moved")
                .detail("Rows were moved to another shard since the transaction took its snapshot.")
                .hint("Retry the transaction.");
    }

    /** Tables must stay as they are. */
    static ErrorResponse tableInUse(String function) {
        return ErrorResponse.error("55006", function + " can't be run while rows are moved")
                .hint(
                        "Try again when the move is over, which pgring reshard status tells; pgring reshard abort ends it.");
    }

    static ErrorResponse tooManyStatements() {
        return ErrorResponse.error("53400", "too many prepared statements")
                .hint("Close some, or raise limits.statementsPerClientMax of the proxy.");
    }

    static ErrorResponse noStatement(String name) {
        return ErrorResponse.error(
                "26000",
                name.isEmpty()
                        ? "unnamed prepared statement does not exist"
                        : "prepared statement \"" + name + "\" does not exist");
    }

    static ErrorResponse noPortal(String name) {
        return ErrorResponse.error("34000", "portal \"" + name + "\" does not exist");
    }

    static ErrorResponse rowLimit() {
        return ErrorResponse.error("0A000", "too many rows of several shards behind a row limit")
                .detail(
                        "The transaction has written, or there are no connections to spare: so all rows are read at once, and those"
                                + " that portals have not come to may be as large as limits.messageBytesMax together.")
                .hint("Fetch all rows at once (fetch size 0), or fewer; or raise pool.connectionsPerShardMax.");
    }

    static ErrorResponse rowLimitOfSetting() {
        return ErrorResponse.error(
                        "0A000", "a row limit is not supported for set_config() in a transaction on several shards")
                .hint("Fetch all rows at once (fetch size 0).");
    }

    static ErrorResponse notBehindOthers() {
        return ErrorResponse.error("0A000", "a statement on several shards can't follow others without a Sync")
                .detail("Statements between two Syncs are one transaction.")
                .hint("Send a Sync before it, or BEGIN before the first.");
    }

    static ErrorResponse savepointBehindEnd() {
        return ErrorResponse.error(
                        "0A000",
                        "SAVEPOINT can't follow the end of a transaction that has made settings in one message")
                .hint("Send COMMIT or ROLLBACK in a message of its own.");
    }

    static ErrorResponse portalExists(String name) {
        return ErrorResponse.error("42P03", "cursor \"" + name + "\" already exists");
    }

    static ErrorResponse superfluousParameters(PreparedStatement statement, BindView bind) {
        return wrongParameters(statement, bind, 0);
    }

    static ErrorResponse wrongParameters(PreparedStatement statement, BindView bind, int required) {
        return ErrorResponse.error(
                ProtocolViolation.PROTOCOL_VIOLATION,
                "bind message supplies " + bind.parameterCount() + " parameters, but prepared statement \""
                        + statement.name() + "\" requires " + required);
    }

    /** Why a Bind with so many result formats does not fit a query with so many columns; null when it does. */
    static @Nullable ErrorResponse wrongResultFormats(int formats, int columns) {
        return formats < 2 || formats == columns
                ? null
                : ErrorResponse.error(
                        ProtocolViolation.PROTOCOL_VIOLATION,
                        "bind message has " + formats + " result formats but query has " + columns + " columns");
    }
}

package io.pgring.proxy.backend;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.topology.Shard;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What clients are told when a shard can't serve them. Every text names the shard. */
public final class ServerErrors {
    private static final String REFUSED_TEXT = "the client has named a type that this shard does not have";

    private static final String UNREACHABLE_HINT =
            "Statements for other shards are served. Check the server, then try again: the proxy reconnects by itself.";

    private ServerErrors() {}

    /** No connection could be opened. */
    public static ErrorResponse unreachable(Shard shard, String reason) {
        return unreachable(shard.name(), reason);
    }

    /** As {@link #unreachable(Shard, String)}, of the shard with a name. */
    static ErrorResponse unreachable(String shard, String reason) {
        return ErrorResponse.error("08006", "could not connect to shard \"" + shard + "\"")
                .detail(reason)
                .hint(UNREACHABLE_HINT);
    }

    /** The proxy has not seen yet that the shard is fit, or has seen that it is not. */
    static ErrorResponse unfit(Shard shard, String reason) {
        return ErrorResponse.error("08006", "shard \"" + shard.name() + "\" is not available")
                .detail("The proxy found: " + reason + ".")
                .hint("Statements for other shards are served. The proxy looks again every second.");
    }

    /** The shard takes no connection that is opened by such an old topology. */
    static ErrorResponse outdated(Shard shard) {
        return ErrorResponse.error("08006", "shard \"" + shard.name() + "\" is not available")
                .detail("Rows have been moved since, and the proxy has not been able to learn where to.")
                .hint("The proxy tries by itself again and again; its log says why it fails.");
    }

    /** The shard said no to a login. To a client's own user it says so in its own words. */
    static ErrorResponse loginRefused(Shard shard, ServerCredentials credentials, ErrorResponse answer) {
        if (!credentials.clients()) {
            return loginRefused(shard, answer);
        }
        return ErrorResponse.error(answer.sqlState(), answer.message())
                .detail("Shard \"" + shard.name() + "\" did not let user \"" + credentials.user() + "\" in.");
    }

    /** The shard asks for a proof that the proxy can't give. */
    static ErrorResponse unproved(Shard shard, ServerCredentials credentials) {
        if (!credentials.clients()) {
            return unreachable(shard, "The login failed: the server wants a password, and the configuration has none.");
        }
        ErrorResponse error = ErrorResponse.error(
                "28000", "could not log in to shard \"" + shard.name() + "\" as user \"" + credentials.user() + "\"");
        return credentials.secret() instanceof ServerSecret.Keys
                ? error.detail("The secret of role \"" + credentials.user()
                                + "\" there is not the one by which the client has proved its password.")
                        .hint(
                                "Copy rolpassword of pg_authid as it is to every shard and to the users file: ALTER ROLE ..."
                                        + " PASSWORD 'SCRAM-SHA-256$...'.")
                : error.detail("The server asks for a password in a way in which the proxy can't prove it.")
                        .hint("Let clients log in to the proxy by password or scram-sha-256, or write the password into"
                                + " the users file.");
    }

    /** The shard said no to a login. Only its words about lack of room keep their SQLSTATE: the rest concerns the proxy's own account. */
    static ErrorResponse loginRefused(Shard shard, ErrorResponse answer) {
        String sqlState = answer.fields().sqlState();
        boolean full = "53300".equals(sqlState);
        return ErrorResponse.error(full ? "53300" : "08006", "could not log in to shard \"" + shard.name() + "\"")
                .detail("The server answered " + sqlState + ": "
                        + answer.fields().message() + ".")
                .hint(
                        full
                                ? "Raise max_connections on the server or lower pool.connectionsPerShardMax of the proxy."
                                : UNREACHABLE_HINT);
    }

    /** With TLS and without, in the order in which it was tried. */
    static ErrorResponse refusedTwice(ErrorResponse first, ErrorResponse second) {
        return first.detail(first.fields().detail() + " Tried again with or without TLS as configured: "
                + second.fields().detail());
    }

    /** A connection was lost while it owed replies. */
    static ErrorResponse connectionLost(Shard shard, @Nullable ErrorResponse farewell) {
        String reason = farewell == null
                ? "The server closed the connection unexpectedly."
                : "The server said " + farewell.fields().sqlState() + ": "
                        + farewell.fields().message() + ".";
        return ErrorResponse.fatal("08006", "lost the connection to shard \"" + shard.name() + "\"")
                .detail(reason)
                .hint("Look at the rows before you repeat what was not answered.");
    }

    /** The shard has described values of a type that the home shard, whose types clients know, does not have. */
    static ErrorResponse unknownType(Shard shard) {
        return ErrorResponse.fatal(
                        "0A000", "shard \"" + shard.name() + "\" uses a type that the home shard does not have")
                .detail(
                        "Clients know the types of the home shard; the statement, or its transaction, may have changed rows.")
                .hint("Create the type on every shard, on the home shard as well.");
    }

    /** A client has named a type in Parse that the shard does not have. */
    public static ErrorResponse noSuchType(Shard shard) {
        return ErrorResponse.error("0A000", "a parameter has a type that shard \"" + shard.name() + "\" does not have")
                .detail(
                        "Its object identifier is taken for one of the home shard's, and the type for one of the same name.")
                .hint("Create the type on every shard, on the home shard as well.");
    }

    /** In place of a text with such a parameter: an error for the server as well. */
    public static byte[] refusedText() {
        return REFUSED_TEXT.getBytes(StandardCharsets.US_ASCII);
    }

    /** Too many wait already. */
    static ErrorResponse queueFull(Shard shard, int queueLengthMax) {
        return ErrorResponse.error("53300", "too many statements wait for shard \"" + shard.name() + "\"")
                .detail("The queue holds pool.queueLengthMax = " + queueLengthMax + " statements.")
                .hint("Try again later, or raise pool.connectionsPerShardMax.");
    }

    /**
     * Waited too long.
     *
     * @param kept how many of the connections clients keep between their transactions
     */
    static ErrorResponse waitedTooLong(Shard shard, long waitMillisMax, int kept, int connectionsMax) {
        String keeping = kept == 0
                ? ""
                : " Sessions keep " + kept + " of the " + connectionsMax
                        + " connections of this event loop for temporary"
                        + " tables, locks, cursors and the like, or for session mode.";
        return ErrorResponse.error("53300", "no connection to shard \"" + shard.name() + "\" became free in time")
                .detail("The statement waited for pool.queueWaitMillisMax = " + waitMillisMax + " ms and was not sent."
                        + keeping)
                .hint(
                        "Try again later, or raise pool.connectionsPerShardMax. Transactions on several shards may have waited for"
                                + " each other.");
    }

    /** Those who hold all connections wait for each other. */
    static ErrorResponse deadlock(Shard shard) {
        return ErrorResponse.error("40P01", "deadlock detected")
                .detail(
                        "All connections of this event loop to shard \"" + shard.name()
                                + "\" are held by transactions that wait for connections to other shards, which wait for this one.")
                .hint(
                        "Repeat the transaction. Raise pool.connectionsPerShardMax, or let transactions come to the shards in one"
                                + " order.");
    }

    /** Who waits holds all connections itself. */
    static ErrorResponse waitsForItself(Shard shard, int connectionsMax) {
        return ErrorResponse.error("53300", "no connection to shard \"" + shard.name() + "\" can become free")
                .detail(
                        "This session holds all " + connectionsMax
                                + " of its event loop itself, in its transaction or for portals of which more rows can be fetched.")
                .hint("Fetch all rows or close the portal before, or raise pool.connectionsPerShardMax.");
    }

    /** What was left in a session is on a connection that cannot be used now. */
    static ErrorResponse keptIsBusy(Shard shard) {
        return ErrorResponse.error(
                        "0A000", "the connection that this session keeps on shard \"" + shard.name() + "\" is busy")
                .detail("A portal of which more rows can be fetched uses it, or the open transaction does.")
                .hint("Fetch all rows at once (fetch size 0), or close the portal before.");
    }

    /** A connection is gone that had something of the client's session on it. */
    static ErrorResponse sessionLost(Shard shard) {
        return ErrorResponse.fatal(
                        "08006", "lost the connection to shard \"" + shard.name() + "\" that this session keeps")
                .detail("What the session had left there is gone: temporary tables, locks, cursors and the like.")
                .hint("Connect again.");
    }

    /** The proxy goes down. */
    static ErrorResponse shuttingDown() {
        return ErrorResponse.error("57P01", "the proxy is shutting down");
    }
}

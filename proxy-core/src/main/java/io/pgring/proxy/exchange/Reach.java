package io.pgring.proxy.exchange;

import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.proxy.backend.OwnRequest;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.ServerLease;
import io.pgring.proxy.exchange.Exchange.Input;
import io.pgring.proxy.fanout.Participants;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How an exchange comes to a server connection, and the client's transaction to that server. */
final class Reach {
    private static final String SYNTAX_ERROR = SqlSyntaxException.SYNTAX_ERROR;
    private static final int[] NO_OIDS = {};
    private static final String BY_ITSELF = "Send BEGIN by itself.";

    private final Exchange exchange;

    Reach(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Sees to it that {@link Exchange#server()} is one that can take a statement with this route.
     *
     * @param runs whether the statement is to be run; one that is only described does not join the client's transaction
     */
    Outcome reach(Route route, boolean runs) {
        ErrorResponse failed = transactionFailure();
        if (failed == null && route instanceof Route.Refuse refused) {
            failed = refused.error();
        }
        if (failed != null) {
            exchange.refuse(failed);
            return Outcome.REFUSED;
        }
        exchange.spread().end().goOn();
        Shard wanted = wanted(route);
        ServerConnection held = exchange.server();
        if (held != null && wanted != null && wanted.index() != held.shard().index()) {
            Outcome outcome = leave(held, wanted);
            if (outcome != Outcome.READY) {
                return outcome;
            }
        }
        if (exchange.server() == null) {
            Outcome outcome = acquire(wanted, null);
            if (outcome != Outcome.READY) {
                return outcome;
            }
        }
        boolean joins = runs
                && exchange.transaction().isOpen()
                && !exchange.connections().takesPart();
        if (joins && exchange.segment().isOpen() && !exchange.transaction().isPlain()) {
            // What was described has settled the isolation level of what the server takes for one transaction.
            exchange.isAnswered();
            return Outcome.LATER;
        }
        if (joins && !isKnown()) {
            exchange.refuse(manyShards("The transaction has begun on another connection.", BY_ITSELF));
            return Outcome.REFUSED;
        }
        exchange.openSegment();
        if (joins) {
            join();
        }
        return Outcome.READY;
    }

    /** Whether it is known what one more server must be told of the client's transaction before it takes part. */
    private boolean isKnown() {
        Transaction transaction = exchange.transaction();
        return !transaction.isJoined() || transaction.toJoinedByAnother() != null;
    }

    private static ErrorResponse manyShards(String detail, String hint) {
        return ErrorResponse.error("0A000", "transaction touches more than one shard")
                .detail(detail)
                .hint(hint);
    }

    /** That the transaction has failed where the statement won't come to. */
    private @Nullable ErrorResponse transactionFailure() {
        Transaction transaction = exchange.transaction();
        Participants participants = exchange.connections().participants();
        return transaction.isFailed() && !participants.isEmpty() ? Transaction.aborted() : transaction.failure();
    }

    /**
     * Shows a text that the proxy can't read to a server, which says what is wrong with it but doesn't run it, whatever it finds.
     *
     * @param otherwise what the client is told when no server can be asked, or the server finds nothing wrong
     * @return REFUSED, unless it has to wait
     */
    Outcome show(byte[] text, ErrorResponse otherwise) {
        ErrorResponse failed = transactionFailure();
        ErrorResponse refusal = failed == null || otherwise.sqlState().equals(SYNTAX_ERROR) ? otherwise : failed;
        if (!exchange.spread().end().isUncommitted()) {
            if (exchange.server() == null) {
                Outcome outcome = acquire(exchange.connections().participants().anyShard(), refusal);
                if (outcome != Outcome.READY) {
                    return outcome;
                }
            }
            exchange.openSegment();
            exchange.requireServer().statements().setUnnamed(null);
            exchange.send(new Parse("", text, NO_OIDS), new Expected.Shown(refusal));
        }
        exchange.refuse(refusal);
        return Outcome.REFUSED;
    }

    /** The shard that is needed; null when any will do. */
    private @Nullable Shard wanted(Route route) {
        if (route instanceof Route.Single single) {
            return single.shard();
        }
        if (route instanceof Route.Gathered gathered) {
            return gathered.home();
        }
        return exchange.server() == null ? exchange.connections().participants().anyShard() : null;
    }

    /** The connection at hand becomes a part of the client's transaction. */
    private void join() {
        List<String> begin = Objects.requireNonNull(exchange.transaction().toJoinedByAnother());
        exchange.connections().toPart(true);
        boolean bound = exchange.segment().hasBound();
        Expected first = Expected.BEGIN_OF_OURS;
        for (String statement : begin) {
            if (bound) {
                StatementCarrier.run(exchange, statement, first);
            } else {
                StatementCarrier.begin(exchange, statement, first);
            }
            first = Expected.EXECUTE_OF_OURS;
        }
    }

    /** A transaction that has failed before any server had it, if it has, comes to one, and fails there. */
    Outcome bringFailure(Route route) {
        if (exchange.transaction().failure() == null || exchange.segment().isOpen()) {
            return Outcome.READY;
        }
        if (exchange.server() == null) {
            Outcome outcome = acquire(wanted(route), null);
            if (outcome != Outcome.READY) {
                return outcome;
            }
        }
        List<String> statements = new ArrayList<>(exchange.transaction().toJoinedFailed());
        statements.add("ROLLBACK TO SAVEPOINT \"pgring: failed\"");
        OwnRequest.query(exchange.requireServer(), String.join(";", statements), failure -> {});
        exchange.connections().toPart(true);
        return Outcome.READY;
    }

    /** Whether the server at hand has run statements, or has portals, since the last Sync that are no part of a transaction with a BEGIN. */
    boolean hasWorkAlone() {
        Segment segment = exchange.segment();
        return segment.isOpen() && segment.hasWork() && !exchange.connections().takesPart();
    }

    /**
     * What the server at hand has run since the last Sync becomes part of a transaction that can go on elsewhere: a BEGIN behind it takes
     * it in, as PostgreSQL does. Settings among it can't be made elsewhere.
     *
     * @return whether it does
     */
    boolean takeIn() {
        Segment segment = exchange.segment();
        if (exchange.transaction().isOpen() || segment.isConfigured()) {
            return false;
        }
        exchange.transaction().beginPipeline();
        if (segment.hasWritten()) {
            exchange.spread().onWrite(exchange.requireServer().shard(), !segment.hasWrittenElsewhere());
        }
        if (segment.hasNotified()) {
            exchange.connections().participants().onNotify();
        }
        join();
        return true;
    }

    /** @param otherwise what the client is told when there is no server; null for the reason */
    private Outcome acquire(@Nullable Shard wanted, @Nullable ErrorResponse otherwise) {
        ServerLease.Result result = exchange.connections().acquire(wanted);
        if (result == ServerLease.Result.LATER) {
            exchange.toInput(Input.WAITING);
            return Outcome.LATER;
        }
        if (result == ServerLease.Result.FAILED) {
            ErrorResponse failure = exchange.connections().lease().takeFailure();
            exchange.refuse(otherwise == null ? failure : otherwise);
            return Outcome.REFUSED;
        }
        tellChangedParameters();
        return Outcome.READY;
    }

    /** The server at hand may have other parameters than the one before; those of a transaction are on the servers that it is on. */
    void tellChangedParameters() {
        if (!exchange.transaction().isJoined()) {
            exchange.tellChangedParameters(exchange.requireServer());
        }
    }

    /**
     * Another shard is wanted. A transaction goes on there, and the connection at hand waits for its end; without one that is possible
     * as long as the one at hand has only been asked for descriptions.
     */
    private Outcome leave(ServerConnection server, Shard wanted) {
        if (exchange.isAborted()) {
            exchange.refuse(Transaction.aborted());
            return Outcome.REFUSED;
        }
        boolean stays = hasWorkAlone() && !takeIn();
        if (stays || !isKnown()) {
            exchange.refuse(manyShards(
                    "It has begun on shard \"" + server.shard().name() + "\", and this statement belongs to shard \""
                            + wanted.name() + "\".",
                    stays ? "Send a Sync between the statements, or BEGIN before them." : BY_ITSELF));
            return Outcome.REFUSED;
        }
        if (!exchange.isAnswered()) {
            return Outcome.LATER;
        }
        exchange.connections().park();
        return Outcome.READY;
    }
}

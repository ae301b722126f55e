package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.exchange.Exchange.Input;
import io.pgring.proxy.fanout.Conclusion;
import io.pgring.proxy.fanout.Participants;
import io.pgring.proxy.routing.SessionEffect;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How work on several shards ends: at the client's COMMIT or ROLLBACK, at the Sync behind a pipeline or behind a statement that has
 * written, or at once. What has begun goes on without the client when that is gone.
 */
final class TransactionEnd {
    private final Exchange exchange;
    private final Participants participants;
    private boolean uncommitted;
    private boolean doomed;
    private boolean concluding;
    private boolean gone;
    private boolean pipelineEnds;

    /** @param participants the connections that hold parts of the client's transaction, beside the one at hand */
    TransactionEnd(Exchange exchange, Participants participants) {
        this.exchange = exchange;
        this.participants = participants;
    }

    /** A statement has written on several shards, and commits at the Sync. */
    boolean isUncommitted() {
        return uncommitted;
    }

    /** Connections are being told how it ends. */
    boolean isConcluding() {
        return concluding;
    }

    void toUncommitted() {
        uncommitted = true;
    }

    /** Another statement comes before the Sync: it is one transaction with what was written. */
    void goOn() {
        if (uncommitted) {
            uncommitted = false;
            exchange.transaction().goOnAsPipeline();
        }
    }

    /** A later statement before the Sync was refused: what was written is undone. */
    void onRefusal() {
        doomed = uncommitted;
    }

    /**
     * Commits or rolls back.
     *
     * @param then told at the end, unless the client is gone: null when that is done which was wanted
     */
    void conclude(boolean commits, Participants on, Consumer<@Nullable ErrorResponse> then) {
        concluding = true;
        if (commits) {
            Conclusion.commit(on, this::warn, error -> concluded(error, then));
        } else {
            Conclusion.rollback(on, () -> concluded(null, then));
        }
    }

    private void concluded(@Nullable ErrorResponse error, Consumer<@Nullable ErrorResponse> then) {
        concluding = false;
        if (gone) {
            exchange.work().exchanges().onConcluded(exchange);
        } else {
            then.accept(error);
        }
    }

    private void warn(NoticeResponse notice) {
        if (!gone) {
            exchange.say(notice);
        }
    }

    /** The Sync has come behind a statement that has written. */
    void atSync() {
        boolean commits = !doomed;
        uncommitted = false;
        doomed = false;
        exchange.toInput(Input.ANSWERING);
        conclude(commits, participants, this::ready);
    }

    private void ready(@Nullable ErrorResponse error) {
        if (error != null) {
            exchange.variables().endChannels(false);
            exchange.say(error);
        }
        exchange.ready();
        exchange.sink().onResume();
    }

    /** The Sync has come behind statements that are one transaction on several shards, or might have been. */
    void endPipeline() {
        Transaction transaction = exchange.transaction();
        if (!transaction.isJoined()) {
            exchange.variables().endChannels(!transaction.isFailed());
            exchange.variables().end(false, exchange.settings());
            transaction.onServerStatus(TransactionStatus.IDLE);
            exchange.ready();
            return;
        }
        exchange.toInput(Input.ANSWERING);
        if (exchange.segment().isOpen()) {
            pipelineEnds = true;
            exchange.send(new Sync(), Expected.SYNC_OF_OURS);
        } else {
            concludePipeline();
        }
    }

    /** The connection at hand has answered: now all can be concluded, if that is what was waited for. */
    boolean concludesPipeline() {
        if (pipelineEnds) {
            pipelineEnds = false;
            concludePipeline();
            return true;
        }
        return false;
    }

    private void concludePipeline() {
        exchange.connections().park();
        condemnChanged();
        boolean commits = !exchange.transaction().isFailed();
        List<ServerConnection> servers = participants.connections();
        conclude(commits, participants, error -> {
            onEnd(commits && error == null, servers, false);
            ready(error);
        });
    }

    /** Sessions in which the transaction has made settings have others afterwards than is known of them: nobody else is to have them. */
    private void condemnChanged() {
        if (exchange.variables().hasPending()) {
            participants.connections().forEach(server -> server.condemn());
        }
    }

    /** @param servers on which the transaction was: the first one's settings are known by now */
    private void onEnd(boolean committed, List<ServerConnection> servers, boolean chain) {
        servers.stream().limit(1).forEach(exchange::tellChangedParameters);
        exchange.spread().endPortals();
        exchange.variables().end(committed, exchange.settings());
        if (committed) {
            exchange.marks().onCommit(exchange.transaction().cursors());
        }
        exchange.transaction().cursors().onEffect(new SessionEffect.End(committed, chain));
        exchange.transaction().onEnd(chain);
        exchange.timedWork().onTransactionEnd();
    }

    /**
     * COMMIT or ROLLBACK of a transaction with parts on several connections.
     *
     * @return whether it was consumed; if not, it is to come again
     */
    boolean end(boolean commit, boolean chain, boolean simple) {
        if (chain && !exchange.transaction().mayChain()) {
            exchange.refuse(ErrorResponse.error("0A000", "AND CHAIN is not supported for this transaction")
                    .detail("It has made too many settings to begin another one with the same.")
                    .hint("End it, and send BEGIN."));
            if (simple) {
                exchange.ready();
            }
            return true;
        }
        if (!exchange.spread().settle()) {
            return false;
        }
        condemnChanged();
        boolean commits = commit && !exchange.transaction().isFailed();
        exchange.toInput(simple ? Input.ANSWERING : Input.WAITING);
        List<ServerConnection> servers = participants.connections();
        conclude(commits, participants, error -> {
            exchange.say(error == null ? new CommandComplete(commits ? "COMMIT" : "ROLLBACK") : error);
            onEnd(commits && error == null, servers, chain && error == null);
            exchange.spread().answered(simple, error != null);
        });
        return true;
    }

    /** The client is gone. Tells whether connections are just being told how it ends: that goes on. */
    boolean abandon() {
        gone = true;
        return concluding;
    }
}

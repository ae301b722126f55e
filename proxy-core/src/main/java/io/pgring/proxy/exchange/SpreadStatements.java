package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.BindComplete;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.CopyInResponse;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.PortalSuspended;
import io.pgring.proxy.backend.ServerSession;
import io.pgring.proxy.exchange.Exchange.Input;
import io.pgring.proxy.fanout.CapturedRows;
import io.pgring.proxy.fanout.CopyInput;
import io.pgring.proxy.fanout.FanOut;
import io.pgring.proxy.fanout.FanOutListener;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.fanout.Participants;
import io.pgring.proxy.fanout.ReplySink;
import io.pgring.proxy.fanout.ShardStatement;
import io.pgring.proxy.topology.Shard;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements on several shards for a client: inside its transaction, whose parts are then on several connections, or in a
 * transaction of their own.
 *
 * <pre>
 *             simple Query                         extended, up to the Sync
 *  reads      FanOut                               FanOut
 *  writes     BEGIN, FanOut, Conclusion            BEGIN, FanOut; Conclusion at the Sync
 *  in a       FanOut on the participants of the transaction; COMMIT comes from the client
 *  transaction
 * </pre>
 */
final class SpreadStatements implements ReplySink {
    private static final List<String> BEGIN = List.of("BEGIN");

    private final Exchange exchange;
    private final Participants participants;
    private final Set<Run> suspended = new LinkedHashSet<>();
    private @Nullable Run running;
    private long runs;
    private final TransactionEnd end;

    /**
     * @param exchange the client's
     * @param participants the connections that hold parts of its transaction, beside the one at hand
     */
    SpreadStatements(Exchange exchange, Participants participants) {
        this.exchange = exchange;
        this.participants = participants;
        this.end = new TransactionEnd(exchange, participants);
    }

    Participants participants() {
        return participants;
    }

    /** A fan-out is under way. */
    boolean isRunning() {
        return running != null;
    }

    /** How many fan-outs there were. */
    long runs() {
        return runs;
    }

    /** Portals may be asked for more of their rows. */
    boolean hasSuspended() {
        return !suspended.isEmpty();
    }

    /** A connection is waited for. */
    boolean isAcquiring() {
        return running != null && running.fanOut.isAcquiring();
    }

    void onLeaseDecided() {
        if (running != null) {
            running.fanOut.onLeaseDecided();
        }
    }

    /** A statement of the client's transaction that may change rows of a shard is sent there. */
    void onWrite(Shard shard, boolean home) {
        exchange.transaction().onWrite(home);
        participants.onWrite(shard);
    }

    /** How work on several shards ends. */
    TransactionEnd end() {
        return end;
    }

    /** The client's transaction has parts that are not at hand. */
    boolean isSpread() {
        return !participants.isEmpty();
    }

    // ---- running ----------------------------------------------------------------------------------------------------

    /**
     * Sees to it that no connection at hand is in the middle of something.
     *
     * @return READY when a statement may be begun; REFUSED when the client was told why not
     */
    Outcome prepare() {
        boolean aborted = exchange.isAborted();
        if (aborted || !exchange.takesInExecuted()) {
            exchange.refuse(aborted ? Transaction.aborted() : StatementErrors.notBehindOthers());
            return Outcome.REFUSED;
        }
        end.goOn();
        return settle() ? Outcome.READY : Outcome.LATER;
    }

    /** Sees to it that no connection at hand is in the middle of something; if not now, the message is to come again. */
    boolean settle() {
        if (!exchange.isAnswered()) {
            return false;
        }
        exchange.connections().park();
        return true;
    }

    /** What a connection must be told before it takes part; null when the client's transaction can't be brought to another one. */
    @Nullable
    List<String> begin(Manner manner) {
        return switch (manner) {
            case ASIDE -> List.of();
            case ALONE -> BEGIN;
            case WITHIN -> exchange.transaction().toJoinedByAnother();
        };
    }

    /**
     * Where a statement runs. One that is no part of the client's transaction uses the connections of that as well, so that a client
     * never waits for a second connection to a shard while it holds the first.
     */
    private Participants participants(Manner manner) {
        boolean own = manner == Manner.ASIDE && participants.isEmpty();
        return own ? exchange.connections().newParticipants() : participants;
    }

    /**
     * Where a statement runs that may stop half-way: on connections to spare, which it may keep busy until the client comes for more. In a
     * transaction of the client's there must be such; else the shards send all rows at once, which are kept for the client.
     */
    private Participants participantsOfPortal(Manner manner, FanOutTask task) {
        List<Shard> shards =
                task.statements().stream().map(ShardStatement::shard).toList();
        Connections connections = exchange.connections();
        boolean spare = manner == Manner.ASIDE
                && ((!exchange.transaction().isOpen() && !hasSuspended())
                        || connections.hasSpare(shards, hasSuspended()));
        return spare ? connections.newSpareParticipants(shards) : participants(manner);
    }

    /** A statement that is no part of the client's transaction is over. */
    private void release(Participants on) {
        if (on == participants) {
            on.releaseIdle();
        } else {
            on.releaseAll();
        }
    }

    /** Runs a statement after {@link #prepare()} has said READY. */
    void run(Step step, Manner manner, boolean simple) {
        Participants on = participants(manner);
        exchange.toInput(simple ? Input.ANSWERING : Input.WAITING);
        Run run = new Run(step, on, manner, simple);
        running = run;
        run.start(0);
    }

    /**
     * Tells all participants something about the transaction; the first tag is the client's.
     *
     * @param onDone what follows from it when all have done it
     */
    void share(FanOutTask task, boolean simple, Runnable onDone) {
        exchange.toInput(simple ? Input.ANSWERING : Input.WAITING);
        Run run = new Run(Step.only(task), participants, Manner.WITHIN, simple);
        run.onDone = onDone;
        running = run;
        run.start(0);
    }

    /** Runs a portal for the first time. */
    void run(SpreadPortal portal, Step step, Manner manner, long rowsMax, boolean owesBindComplete) {
        exchange.toInput(Input.WAITING);
        Participants on = rowsMax > 0 ? participantsOfPortal(manner, step.task()) : participants(manner);
        Run run = new Run(step, on, manner, false);
        running = run;
        portal.begun(run);
        if (owesBindComplete) {
            run.oweBindComplete();
        }
        run.start(rowsMax);
    }

    void resume(SpreadPortal portal, long rowsMax) {
        exchange.toInput(Input.WAITING);
        running = portal.run();
        runs++;
        suspended.remove(portal.run());
        portal.fanOut().resume(rowsMax);
    }

    /** One statement under way. */
    final class Run implements FanOutListener {
        private Step step;
        private FanOut fanOut;
        private long rowsMax;
        private final long plannedBy =
                exchange.work().exchanges().topology().placement().version();
        private final Participants on;
        private final Manner manner;
        private final boolean simple;
        private boolean abandoned;
        private boolean uncommitted;
        private boolean owesBind;
        private @Nullable Runnable onDone;

        Run(Step step, Participants on, Manner manner, boolean simple) {
            this.on = on;
            this.manner = manner;
            this.simple = simple;
            this.step = step;
            this.fanOut = fanOut(step);
        }

        /** The client waits for BindComplete. Where other statements come first, the last one judges the Bind, unless one fails before. */
        void oweBindComplete() {
            owesBind = true;
            if (step.next() == null) {
                fanOut.oweBindComplete();
            }
        }

        private FanOut fanOut(Step next) {
            CapturedRows.Taker taker = next.taker();
            ReplySink sink = taker == null ? SpreadStatements.this : new CapturedRows(taker, SpreadStatements.this);
            FanOut made = new FanOut(next.task(), on, sink, this);
            if (owesBind && next.next() == null) {
                made.oweBindComplete();
            }
            return made;
        }

        /**
         * Begins.
         *
         * @param rowsWanted most rows of the last step before it is suspended; 0 for all
         */
        void start(long rowsWanted) {
            rowsMax = rowsWanted;
            runs++;
            exchange.work().onSpread();
            fanOut.start(step.next() == null ? rowsWanted : 0);
        }

        FanOut fanOut() {
            return fanOut;
        }

        /** The client is gone. What holds parts of its transaction may be in the midst of their commit, and is seen to by that. */
        void abandonClient() {
            fanOut.abandon();
            if (on != participants) {
                on.abandon();
            }
        }

        /** Its rows are no longer wanted: it is cancelled, and nobody is told. */
        void abandon() {
            abandoned = true;
            suspended.remove(this);
            if (on != participants) {
                on.onLeaving();
            }
            fanOut.cancel(StatementErrors.CANCELED_BY_USER);
        }

        @Override
        public @Nullable ErrorResponse refusal(ServerSession session) {
            return exchange.work().exchanges().refusal(plannedBy, session);
        }

        @Override
        public void onFanOutDone(List<String> tags) {
            Step.Next next = step.next();
            if (next != null && !abandoned) {
                goOn(next);
                return;
            }
            over();
            switch (manner) {
                case ASIDE -> release(on);
                case ALONE -> {
                    if (simple) {
                        end.conclude(true, on, error -> finish(tags, error));
                        return;
                    }
                    toUncommitted();
                }
                case WITHIN -> {}
            }
            if (onDone != null) {
                onDone.run();
                finish(tags.subList(0, 1), null);
            } else if (!abandoned) {
                finish(tags, null);
            }
        }

        /** It has written what commits at the Sync; the rest of its rows changes nothing about that. */
        private void toUncommitted() {
            if (manner == Manner.ALONE && !uncommitted) {
                uncommitted = true;
                end.toUncommitted();
            }
        }

        private void goOn(Step.Next next) {
            try {
                step = next.step();
                fanOut = fanOut(step);
            } catch (SpreadTasks.Impossible impossible) {
                onFanOutFailed(impossible.error());
                return;
            }
            start(rowsMax);
        }

        @Override
        public boolean maySuspend() {
            return on.isSpare();
        }

        @Override
        public long heldBytesMax() {
            long held =
                    suspended.stream().mapToLong(run -> run.fanOut.heldBytes()).sum();
            return exchange.messageBytesMax() - held;
        }

        @Override
        public void onFanOutHeldUp() {
            fanOut.fail(StatementErrors.rowLimit());
        }

        @Override
        public void onFanOutSuspended() {
            over();
            toUncommitted();
            if (manner == Manner.ASIDE && !on.isSpare()) {
                release(on);
            }
            suspended.add(this);
            exchange.say(new PortalSuspended());
            exchange.toInput(Input.ACCEPTING);
            exchange.sink().onResume();
        }

        @Override
        public void onFanOutTakesCopyData(CopyInResponse response) {
            exchange.say(response);
            exchange.toInput(Input.COPYING_IN);
            exchange.sink().onResume();
        }

        @Override
        public void onFanOutWritable() {
            exchange.sink().onResume();
        }

        @Override
        public void onFanOutFailed(ErrorResponse error) {
            over();
            if (manner == Manner.ASIDE) {
                release(on);
            } else {
                on.releaseIdle();
            }
            if (abandoned) {
                return;
            }
            if (owesBind && step.next() != null && fanOut.isBound()) {
                exchange.say(new BindComplete());
            }
            if (manner == Manner.ALONE && !exchange.transaction().isOpen()) {
                end.conclude(false, on, nothing -> finish(List.of(), error));
                return;
            }
            if (exchange.transaction().isOpen()) {
                exchange.transaction().onFailure();
            }
            finish(List.of(), error);
        }

        /** Another one may have begun since this one was abandoned. */
        private void over() {
            if (running == this) {
                running = null;
            }
        }

        private void finish(List<String> tags, @Nullable ErrorResponse error) {
            if (error == null) {
                tags.forEach(tag -> exchange.say(new CommandComplete(tag)));
            } else {
                if (!exchange.transaction().isOpen()) {
                    exchange.variables().endChannels(false);
                }
                exchange.say(error);
            }
            answered(simple, error != null);
        }
    }

    void answered(boolean simple, boolean failed) {
        if (simple) {
            exchange.ready();
        } else {
            exchange.toInput(failed ? Input.SKIPPING : Input.ACCEPTING);
        }
        exchange.sink().onResume();
    }

    /** Portals end with their transaction: the rest of their rows is not wanted, and their connections are. */
    void endPortals() {
        List.copyOf(suspended).forEach(Run::abandon);
    }

    /** Takes the client's copy data; null when no shards wait for it. */
    @Nullable
    CopyInput copyInput() {
        return running == null ? null : running.fanOut.copyInput();
    }

    boolean takesCopyData() {
        CopyInput input = copyInput();
        return input != null && input.isWritable();
    }

    /** No copy data comes anymore: the shards are to answer. */
    void onCopyEnd() {
        exchange.toInput(Objects.requireNonNull(running).simple ? Input.ANSWERING : Input.WAITING);
    }

    @Override
    public void write(ByteBuf messages) {
        exchange.sink().write(messages);
    }

    @Override
    public boolean isWritable() {
        return exchange.sink().isWritable();
    }

    void onClientWritability() {
        if (running != null && !running.fanOut.isAcquiring()) {
            running.fanOut.onClientWritability();
        }
    }

    /** @param why what the client is told */
    void cancel(ErrorResponse why) {
        if (running != null) {
            running.fanOut.cancel(why);
        }
    }

    /** Closes the connections on which shards owe answers to the statement that runs. */
    void closeServers() {
        if (running != null) {
            running.on.closeBusy();
        }
    }

    /** The client is gone. */
    void abandon() {
        Run last = running;
        if (last != null) {
            running = null;
            last.abandonClient();
        }
        suspended.forEach(Run::abandonClient);
        suspended.clear();
        if (!end.abandon()) {
            participants.abandon();
        }
    }
}

package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ParameterStatus;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.frontend.CopyFail;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.backend.Replier;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.ShardPools;
import io.pgring.proxy.backend.StatementKey;
import io.pgring.proxy.exchange.Expected.Kind;
import io.pgring.proxy.metrics.ClientMetrics;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.routing.TransactionVerb;
import io.pgring.proxy.topology.Shard;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The work of one client in flight: which server connection serves it, and which answers are still to come.
 *
 * <pre>
 *             a message needs a server              there is one
 *  ACCEPTING ──────────────────────────► WAITING ─────────────────► ACCEPTING
 *     │  ▲                                                            │
 *     │  └────────────────────────────────────────────────┐          │ Query or Sync sent
 *     │ error in the extended protocol                     │          ▼
 *     └──────────────► SKIPPING ── Sync ──────────────► ANSWERING ◄───┘
 *                                                          │ ▲
 *                                          CopyInResponse  ▼ │ CopyDone, CopyFail
 *                                                       COPYING_IN
 * </pre>
 *
 * Messages are taken in the states ACCEPTING, SKIPPING and COPYING_IN alone; in the others they wait in the client's buffer. A
 * method that answers {@code false} has not consumed its message: it is to be called again after {@link ClientSink#onResume}.
 */
public final class Exchange implements Replier {

    /** What may come from the client. */
    enum Input {
        ACCEPTING,
        WAITING,
        SKIPPING,
        ANSWERING,
        COPYING_IN
    }

    private static final ByteBuf COMMIT_TAG = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("COMMIT\0", StandardCharsets.US_ASCII).asReadOnly());

    private final ClientSink sink;
    private final ClientVariables variables;
    private final ServerLease lease;
    private final ReplyQueue replies = new ReplyQueue();
    private final StatementTable statements;
    private final Transaction transaction = new Transaction();
    private final ClientMetrics metrics;

    private Input input = Input.ACCEPTING;
    /** The server was sent something that its next ReadyForQuery answers. */
    private boolean segmentOpen;
    /** The server ran something in this segment that must not be committed without what follows. */
    private boolean segmentExecuted;

    private boolean segmentFailed;
    private boolean committed;
    private boolean midMessage;
    private boolean fatal;
    /** The client is to be heard again as soon as the replies so far have been handed over. */
    private boolean resumeWanted;

    private long segmentStartNanos;

    /**
     * @param sink where replies go
     * @param variables the client's settings
     * @param servers where connections come from
     * @param statementsMax how many prepared statements the client may have
     * @param metrics counts refusals
     * @param reported the parameters that the client was told at login
     */
    public Exchange(
            ClientSink sink,
            ClientVariables variables,
            ShardPools servers,
            int statementsMax,
            ClientMetrics metrics,
            Map<String, String> reported) {
        this.sink = sink;
        this.variables = variables;
        this.lease = new ServerLease(this, variables, servers, reported);
        this.statements = new StatementTable(statementsMax);
        this.metrics = metrics;
    }

    /** Whether the next message may be handed in now. */
    public boolean accepts() {
        ServerConnection server = lease.server();
        return switch (input) {
            case ACCEPTING, SKIPPING, COPYING_IN -> server == null || server.isWritable();
            case WAITING, ANSWERING -> false;
        };
    }

    /** Whether the client has nothing in flight and no transaction. */
    public boolean isIdle() {
        return input == Input.ACCEPTING && !segmentOpen && !transaction.isOpen();
    }

    /** Whether what was begun has failed, so that all up to the next Sync is thrown away. */
    public boolean isSkipping() {
        return input == Input.SKIPPING;
    }

    /** Whether the server takes copy data. */
    public boolean isCopyingIn() {
        return input == Input.COPYING_IN;
    }

    Input input() {
        return input;
    }

    StatementTable statements() {
        return statements;
    }

    Transaction transaction() {
        return transaction;
    }

    ClientVariables variables() {
        return variables;
    }

    @Nullable
    ServerConnection server() {
        return lease.server();
    }

    ServerConnection requireServer() {
        return lease.require();
    }

    boolean isSegmentOpen() {
        return segmentOpen;
    }

    // ---- getting a server -------------------------------------------------------------------------------------------

    /** What became of the wish for a server. */
    enum Outcome {
        /** {@link #server()} is the one. */
        READY,
        /** The message is to be handed in again later. */
        LATER,
        /** The client has been told why not. */
        REFUSED
    }

    /**
     * Sees to it that {@link #server()} is one that can take a statement with this route.
     *
     * @param runs whether the statement is to be run; one that is only described does not join the client's transaction
     */
    Outcome reach(Route route, boolean runs) {
        ErrorResponse failed = transaction.failure();
        if (failed == null && route instanceof Route.Refuse refused) {
            failed = refused.error();
        }
        if (failed != null) {
            refuse(failed);
            return Outcome.REFUSED;
        }
        Shard wanted = route instanceof Route.Single single ? single.shard() : null;
        ServerConnection held = lease.server();
        if (held != null && wanted != null && wanted.index() != held.shard().index()) {
            return leave(held, wanted);
        }
        if (held == null) {
            Outcome outcome = acquire(wanted);
            if (outcome != Outcome.READY) {
                return outcome;
            }
        }
        openSegment(lease.require());
        if (runs) {
            for (String statement : transaction.toJoined()) {
                StatementCarrier.run(this, statement, Expected.EXECUTE_OF_OURS);
            }
        }
        return Outcome.READY;
    }

    private Outcome acquire(@Nullable Shard wanted) {
        ServerLease.Result result = lease.acquire(wanted);
        if (result == ServerLease.Result.LATER) {
            input = Input.WAITING;
            return Outcome.LATER;
        }
        if (result == ServerLease.Result.FAILED) {
            refuse(lease.takeFailure());
            return Outcome.REFUSED;
        }
        lease.forChangedParameters((name, value) -> say(new ParameterStatus(name, value)));
        return Outcome.READY;
    }

    /** Another shard is wanted: possible as long as the held one has only been asked for descriptions. */
    private Outcome leave(ServerConnection server, Shard wanted) {
        if (transaction.isJoined() || segmentExecuted) {
            refuse(ErrorResponse.error("0A000", "transaction touches more than one shard")
                    .detail("It has begun on shard \"" + server.shard().name()
                            + "\", and this statement belongs to shard \"" + wanted.name() + "\".")
                    .hint("Use one transaction per shard, or send the statements one by one in autocommit mode."));
            return Outcome.REFUSED;
        }
        input = Input.WAITING;
        send(new Sync(), Expected.SYNC_OF_OURS);
        return Outcome.LATER;
    }

    private void openSegment(ServerConnection server) {
        if (!segmentOpen) {
            segmentOpen = true;
            segmentFailed = false;
            committed = false;
            segmentStartNanos = System.nanoTime();
            server.request(this);
        }
    }

    /** The wish is decided: a server has come, or none. */
    void onLeaseDecided() {
        input = Input.ACCEPTING;
        sink.onResume();
    }

    /** Waits for what the server says to its Sync or Query. */
    void toAnswering() {
        input = Input.ANSWERING;
    }

    /** The server has been asked to do something that a later error must undo. */
    void onExecuteSent() {
        segmentExecuted = true;
    }

    // ---- sending ----------------------------------------------------------------------------------------------------

    /** Sends a message of the proxy's making to the server. */
    void send(FrontendMessage message, Expected expected) {
        message.encode(lease.require().gather());
        replies.add(expected);
    }

    /** What will be answered to a message that the caller has written to the server itself. */
    void expect(Expected expected) {
        replies.add(expected);
    }

    /** Hands the rest of a message that was begun on to the server. @param source borrowed */
    public void onMessagePart(ByteBuf source, int index, int length, boolean last) {
        ServerConnection server = lease.server();
        if (server != null && midMessage) {
            server.write(source, index, length);
        }
        if (last && midMessage) {
            midMessage = false;
            releaseIfDone();
        }
    }

    /** The message that was written to the server last is not complete: more of it comes by {@link #onMessagePart}. */
    public void onMessageBegun() {
        midMessage = true;
    }

    /** Copy data for the server, or nothing when no copy is going on. @param source borrowed */
    public void onCopyData(ByteBuf source, int index, int length, boolean whole) {
        ServerConnection server = lease.server();
        if (input == Input.COPYING_IN && server != null) {
            server.write(source, index, length);
            midMessage = !whole;
        }
    }

    /** CopyDone or CopyFail. @param source borrowed, a whole message */
    public void onCopyEnd(ByteBuf source, int index, int length) {
        ServerConnection server = lease.server();
        if (input == Input.COPYING_IN && server != null) {
            server.write(source, index, length);
            Expected head = replies.head();
            input = head != null && head.kind() == Kind.QUERY ? Input.ANSWERING : Input.ACCEPTING;
        }
    }

    /** Something else than copy data has come: the server is told that the copy has failed. */
    public void onCopyInterrupted(byte type) {
        String reason = String.format("unexpected message type 0x%02X during COPY from stdin", type);
        new CopyFail(reason).encode(lease.require().gather());
        Expected head = replies.head();
        input = head != null && head.kind() == Kind.QUERY ? Input.ANSWERING : Input.ACCEPTING;
    }

    // ---- answering by the proxy itself ------------------------------------------------------------------------------

    /** Says something to the client, after all that is still to be answered before. */
    void say(BackendMessage message) {
        if (replies.isEmpty()) {
            message.encode(sink.gather());
        } else {
            ByteBuf own = ByteBufAllocator.DEFAULT.buffer(64);
            message.encode(own);
            replies.add(new Expected.Own(own));
        }
    }

    /**
     * Refuses the message at hand. What the client has begun fails with it, on the server too, and in the extended protocol all
     * up to the next Sync is skipped; a simple query is to be ended by {@link #ready()}.
     */
    public void refuse(ErrorResponse error) {
        metrics.onStatementRefused();
        say(error);
        statements.dropUnconfirmed();
        transaction.onRefusal();
        if (lease.server() != null && (transaction.isJoined() || segmentExecuted)) {
            openSegment(lease.require());
            send(new Describe(Target.STATEMENT, "pgring: refused by the proxy"), Expected.ABORT);
        }
        input = Input.SKIPPING;
    }

    /** Ends an exchange: by the server if it was asked anything, else by the proxy. */
    public void ready() {
        if (segmentOpen && transaction.isOpen() && !transaction.isJoined()) {
            send(new Sync(), Expected.SYNC_OF_OURS);
            say(new ReadyForQuery(transaction.status()));
            toAnswering();
        } else if (segmentOpen) {
            send(new Sync(), Expected.SYNC);
            toAnswering();
        } else {
            say(new ReadyForQuery(transaction.status()));
            input = Input.ACCEPTING;
        }
    }

    /** Answers a statement that needs no server. @return false when a server is to answer it */
    boolean answerLocally(PlannedStatement statement) {
        if (transaction.isJoined() || (segmentExecuted && !transaction.isOpen())) {
            return false;
        }
        Transaction.Answer answer;
        if (statement instanceof PlannedStatement.Transaction control) {
            boolean ends = control.verb() == TransactionVerb.COMMIT && variables.hasPending();
            answer = ends && transaction.failure() == null
                    ? new Transaction.Answer.Server()
                    : transaction.answer(control);
            if (answer instanceof Transaction.Answer.Tag && !transaction.isOpen()) {
                variables.end(false, variables.inForce());
            }
        } else if (statement instanceof PlannedStatement.Setting setting && transaction.failure() == null) {
            answer = answerSetting(setting);
        } else {
            return false;
        }
        return say(answer, statement);
    }

    private Transaction.Answer answerSetting(PlannedStatement.Setting setting) {
        boolean known = setting.effect() instanceof SessionEffect.ResetAll
                || (setting.effect() instanceof SessionEffect.Reset reset && variables.isSet(reset.name()));
        if (known && !transaction.isOpen() && setting.effect() != null) {
            variables.applyNow(setting.effect());
            return new Transaction.Answer.Tag(setting.tag(), null);
        }
        return transaction.answer(setting);
    }

    private boolean say(Transaction.Answer answer, PlannedStatement statement) {
        if (answer instanceof Transaction.Answer.Refusal refusal) {
            refuse(refusal.error());
            return true;
        }
        if (answer instanceof Transaction.Answer.Tag tag) {
            if (tag.notice() != null) {
                say(tag.notice());
            }
            SessionEffect effect = statement.effect();
            if (effect != null && transaction.isOpen()) {
                variables.add(effect);
            }
            say(new CommandComplete(tag.tag()));
            return true;
        }
        return false;
    }

    // ---- what the server says ---------------------------------------------------------------------------------------

    @Override
    public boolean onReply(byte type) {
        if (type == BackendType.COPY_IN_RESPONSE) {
            onCopyIn();
            return true;
        }
        Expected ended = replies.takeEndedBy(type);
        if (ended instanceof Expected.ParseStep parse && parse.statement() != null) {
            statements.confirm(parse.statement());
        }
        Expected head = ended == null ? replies.head() : ended;
        return head != null && head.forwarded();
    }

    private void onCopyIn() {
        boolean syncUnread = replies.removeTrailingSync();
        if (syncUnread || input == Input.ANSWERING || input == Input.ACCEPTING) {
            input = Input.COPYING_IN;
            resumeWanted = true;
        }
    }

    @Override
    public boolean onReply(byte type, ByteBuf body) {
        return switch (type) {
            case BackendType.ERROR_RESPONSE -> onErrorResponse(body);
            case BackendType.COMMAND_COMPLETE -> onCommandComplete(body);
            case BackendType.READY_FOR_QUERY -> onReadyReply();
            case BackendType.NOTIFICATION_RESPONSE -> false;
            default -> true;
        };
    }

    private boolean onErrorResponse(ByteBuf body) {
        segmentFailed = true;
        Expected head = replies.head();
        boolean wanted = head != null && head.kind() == Kind.ABORT;
        ErrorResponse error = ErrorResponse.decode(body);
        fatal |= error.fields().isFatal();
        if (!wanted) {
            StatementCarrier.onError(lease.require(), error);
        }
        replies.skipToBoundary(this::onSkipped);
        statements.dropUnconfirmed();
        if (!replies.isEmpty()) {
            input = input == Input.COPYING_IN ? Input.ANSWERING : input;
        } else if (input == Input.ACCEPTING || input == Input.COPYING_IN) {
            input = Input.SKIPPING;
        }
        return !wanted;
    }

    /** The server will not answer this question: what was noted in advance did not come true. */
    private void onSkipped(Expected skipped) {
        if (skipped instanceof Expected.ParseStep parse) {
            lease.require().statements().forget(parse.key());
        } else if (skipped instanceof Expected.Own own) {
            own.messages().release();
        }
    }

    private boolean onCommandComplete(ByteBuf body) {
        committed |= isCommit(body);
        Expected ended = replies.takeEndedBy(BackendType.COMMAND_COMPLETE);
        if (ended instanceof Expected.Execute execute && execute.effect() != null) {
            variables.add(execute.effect());
        }
        return ended == null || ended.forwarded();
    }

    private static boolean isCommit(ByteBuf tag) {
        return ByteBufUtil.equals(tag, tag.readerIndex(), COMMIT_TAG, 0, COMMIT_TAG.readableBytes());
    }

    private boolean onReadyReply() {
        Expected head = replies.head();
        if (head instanceof Expected.QueryStep query) {
            replies.take(Kind.QUERY, BackendType.READY_FOR_QUERY);
            if (!segmentFailed) {
                query.effects().forEach(variables::add);
            }
            return true;
        }
        return replies.take(Kind.SYNC, BackendType.READY_FOR_QUERY).forwarded();
    }

    @Override
    public void onReplyBytes(ByteBuf messages) {
        sink.write(messages);
        if (!sink.isWritable()) {
            onClientWritability();
        }
    }

    @Override
    public boolean interjects() {
        return resumeWanted || replies.head() instanceof Expected.Own;
    }

    @Override
    public void onInterjection() {
        sayOwn();
        if (resumeWanted) {
            resumeWanted = false;
            sink.onResume();
        }
    }

    private void sayOwn() {
        while (replies.head() instanceof Expected.Own own) {
            replies.take(Kind.OWN, (byte) 0);
            sink.write(own.messages());
        }
    }

    @Override
    public void onReadyForQuery(TransactionStatus status) {
        ServerConnection server = lease.require();
        lease.metrics().onExchange(System.nanoTime() - segmentStartNanos);
        boolean wasJoined = transaction.isJoined();
        segmentOpen = false;
        segmentExecuted = false;
        sayOwn();
        if (wasJoined || !transaction.isOpen()) {
            transaction.onServerStatus(status);
            if (status == TransactionStatus.IDLE) {
                boolean kept = committed || (!wasJoined && !segmentFailed);
                server.setVariables(variables.end(kept, server.variables()));
            }
        }
        input = Input.ACCEPTING;
        resumeWanted = false;
        releaseIfDone();
        sink.onResume();
    }

    /** Gives the server back between transactions, unless half a message is on its way to it. */
    private void releaseIfDone() {
        if (!segmentOpen && !midMessage && !transaction.isJoined()) {
            lease.release();
        }
    }

    @Override
    public void onConnectionLost(ErrorResponse cause) {
        replies.clear();
        lease.onLost();
        sink.onFatal(fatal ? null : cause);
    }

    @Override
    public void onServerWritability() {
        if (lease.server() != null && lease.require().isWritable()) {
            sink.onResume();
        }
    }

    // ---- the client's side ------------------------------------------------------------------------------------------

    /** The client takes bytes again, or no longer does: its server is read or not accordingly. */
    public void onClientWritability() {
        ServerConnection server = lease.server();
        if (server != null) {
            server.setReading(sink.isWritable());
        }
    }

    /** A CancelRequest with the client's key has come. */
    public void cancel() {
        lease.cancel(!replies.isEmpty());
    }

    /** The client is gone: its transaction is rolled back, its server connection is cleaned or closed. */
    public void close() {
        replies.clear();
        lease.abandon(segmentOpen || midMessage);
    }

    StatementKey key(byte[] text, int[] oids) {
        return new StatementKey(text, oids, variables.inForce().parseContext());
    }
}

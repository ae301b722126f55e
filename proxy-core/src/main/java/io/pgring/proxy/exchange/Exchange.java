package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ParseComplete;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.backend.OwnConnections;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.ServerLease;
import io.pgring.proxy.backend.SessionVariables;
import io.pgring.proxy.backend.StatementKey;
import io.pgring.proxy.config.PoolMode;
import io.pgring.proxy.routing.Route;
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
public final class Exchange implements ServerLease.Borrower, OwnConnections.Owner {

    /** What may come from the client. */
    enum Input {
        ACCEPTING,
        WAITING,
        SKIPPING,
        ANSWERING,
        /** Copy data has come before it is known that the server wants it. */
        AWAITING_COPY,
        COPYING_IN
    }

    private final ClientSink sink;
    private final ClientVariables variables;
    private final Connections connections;
    private final SessionMarks marks;
    private final SpreadStatements spread;
    private final ReplyQueue replies = new ReplyQueue();
    private final StatementTable statements;
    private final Transaction transaction = new Transaction();
    private final TableStatements tables = new TableStatements(this);
    private final ListenedChannels channels;
    private final ExchangeServices services;
    private final OpenWork work;

    private final Segment segment = new Segment();
    private final ServerReplies serverReplies = new ServerReplies(this);
    private final MessageRelay relay = new MessageRelay(this);
    private final Reach reach = new Reach(this);
    private final TimedWork timedWork = new TimedWork(this);

    private Input input = Input.ACCEPTING;

    /**
     * @param sink where replies go
     * @param variables the client's settings
     * @param reported the parameters that the client was told at login
     * @param mode how long the client keeps server connections
     */
    public Exchange(
            ClientSink sink,
            ClientVariables variables,
            ExchangeServices services,
            Map<String, String> reported,
            PoolMode mode) {
        this.sink = sink;
        this.variables = variables;
        OwnConnections own = new OwnConnections(
                this, mode == PoolMode.SESSION, services.metrics().pins());
        this.connections = new Connections(this, services.pools(), own, services.coordination(), reported);
        this.marks = new SessionMarks(this, own);
        this.spread = new SpreadStatements(this, connections.participants());
        this.statements = new StatementTable(services.configuration().limits().statementsPerClientMax());
        this.channels = new ListenedChannels(this, services);
        this.services = services;
        this.work = new OpenWork(this, services.exchanges());
        services.exchanges().add(this);
    }

    @Override
    public SessionVariables settings() {
        return variables.inForce();
    }

    /** Whether the next message may be handed in now. */
    public boolean accepts() {
        ServerConnection server = connections.atHand();
        return switch (input) {
            case ACCEPTING, SKIPPING -> (server == null || server.isWritable()) && !connections.isBeingCancelled(sink);
            case COPYING_IN -> server == null ? spread.takesCopyData() : server.isWritable();
            case WAITING, ANSWERING, AWAITING_COPY -> false;
        };
    }

    /** Whether the client has nothing in flight and no transaction. */
    public boolean isIdle() {
        return input == Input.ACCEPTING && !timedWork.holds();
    }

    /** Whether what was begun has failed, so that all up to the next Sync is thrown away. */
    public boolean isSkipping() {
        return input == Input.SKIPPING;
    }

    /** Whether the client's transaction has failed, as far as is known, and nothing that may have ended it is under way. */
    boolean isAborted() {
        return transaction.isFailed() && !(transaction.isJoined() && segment.mayHaveEnded());
    }

    /** Whether its transaction has failed, and the server at hand can't tell. A portal can be closed all the same. */
    boolean isFailedElsewhere() {
        return isAborted() && (spread.isSpread() || transaction.failure() != null);
    }

    /** Whether the server takes copy data. */
    public boolean isCopyingIn() {
        return input == Input.COPYING_IN;
    }

    int messageBytesMax() {
        return services.configuration().limits().messageBytesMax();
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
        return connections.atHand();
    }

    ServerConnection requireServer() {
        return connections.lease().require();
    }

    ClientSink sink() {
        return sink;
    }

    ReplyQueue replies() {
        return replies;
    }

    Segment segment() {
        return segment;
    }

    Connections connections() {
        return connections;
    }

    /** What the client has left in its sessions. */
    SessionMarks marks() {
        return marks;
    }

    /** Statements on several shards. */
    SpreadStatements spread() {
        return spread;
    }

    /** Statements that declare tables. */
    TableStatements tables() {
        return tables;
    }

    /** What the client listens to. */
    ListenedChannels channels() {
        return channels;
    }

    /** What it has under way. */
    OpenWork work() {
        return work;
    }

    TableControl tableControl() {
        return services.tables();
    }

    /** Hands on messages that nobody reads: copy data, and the rest of what was begun. */
    public MessageRelay relay() {
        return relay;
    }

    // ---- getting a server -------------------------------------------------------------------------------------------

    /** As {@link Reach#reach}. */
    Outcome reach(Route route, boolean runs) {
        return reach.reach(route, runs);
    }

    /** For who needs more than {@link #reach(Route, boolean)}. */
    Reach reach() {
        return reach;
    }

    /** Whether what the server at hand has run since the last Sync, if anything, is part of a transaction that can go on elsewhere. */
    boolean takesInExecuted() {
        return !reach.hasWorkAlone() || reach.takeIn();
    }

    /**
     * Whether nothing that was asked before can still fail unseen, so that the proxy may answer a statement by itself. If not, the
     * message is to be handed in again later.
     */
    boolean isSettled() {
        if (replies.isEmpty() || !segment.isOpen() || transaction.isJoined() || segment.hasExecuted()) {
            return true;
        }
        input = Input.WAITING;
        send(new Sync(), Expected.SYNC_OF_OURS);
        return false;
    }

    /** The server at hand is asked something. */
    void openSegment() {
        if (!segment.isOpen()) {
            segment.open();
            work.onSegment(requireServer().shard());
            requireServer().request(serverReplies);
        }
    }

    /** The wish is decided: a server has come, or none. */
    @Override
    public void onLeaseDecided() {
        if (spread.isAcquiring()) {
            spread.onLeaseDecided();
            return;
        }
        input = Input.ACCEPTING;
        if (connections.atHand() != null) {
            reach.tellChangedParameters();
        }
        sink.onResume();
    }

    /** The next messages are to be taken otherwise. */
    void toInput(Input next) {
        input = next;
        work.onBoundary();
        if (next == Input.ACCEPTING) {
            channels.onBoundary();
        }
    }

    /** The connection at hand has said how it stands with the client's transaction. */
    void onServerStatus(TransactionStatus status) {
        transaction.onServerStatus(status);
        if (status == TransactionStatus.IDLE) {
            timedWork.onTransactionEnd();
        }
        connections.toPart(status != TransactionStatus.IDLE);
        if (status == TransactionStatus.IDLE && input == Input.ANSWERING) {
            spread.endPortals();
        }
    }

    /** The server has failed before it came to the BEGIN of the client's transaction. */
    void onBeginSkipped() {
        transaction.onBeginSkipped();
        connections.toPart(false);
    }

    /** Gives the server back between transactions, unless half a message is on its way to it. */
    void releaseIfDone() {
        if (!segment.isOpen() && !relay.isMidMessage() && !connections.takesPart()) {
            connections.lease().release();
        }
    }

    /**
     * The server is gone, and with it the session. What was committed then may be unknown: the client is told so.
     *
     * @param cause null if the client knows from the server itself
     */
    void onServerLost(@Nullable ErrorResponse cause) {
        replies.clear();
        sink.onFatal(cause == null ? null : LostConnection.told(cause, segment.mayHaveCommitted()));
        connections.lease().onLost();
    }

    @Override
    public void onSessionLost(ErrorResponse cause) {
        boolean commits = segment.isOpen() && segment.mayHaveCommitted();
        sink.onFatal(LostConnection.ofSession(cause, commits || spread.end().isConcluding()));
    }

    // ---- sending ----------------------------------------------------------------------------------------------------

    /** Sends a message of the proxy's making to the server. */
    void send(FrontendMessage message, Expected expected) {
        message.encode(connections.lease().require().gather());
        replies.add(expected);
    }

    /** What will be answered to a message that the caller has written to the server itself. */
    void expect(Expected expected) {
        replies.add(expected);
    }

    // ---- answering by the proxy itself ------------------------------------------------------------------------------

    /** Says something to the client, after all that is still to be answered before. */
    void say(BackendMessage message) {
        say(message, null, null);
    }

    /** Tells the parameters in which a server differs from what the client was last told. */
    void tellChangedParameters(ServerConnection server) {
        connections.reported().tell(server.parameters(), this::say);
    }

    /** Tells that a statement exists, which is so unless something before it fails. */
    void sayParsed(PreparedStatement statement) {
        say(new ParseComplete(), statement, null);
    }

    /** As {@link #sayParsed}, of PREPARE. */
    void sayPrepared(PreparedStatement statement) {
        say(new CommandComplete("PREPARE"), statement, null);
    }

    /** Tells what was noted in advance, and is so unless something before it fails. */
    void say(BackendMessage message, @Nullable Runnable undo) {
        say(message, null, undo);
    }

    /** Says something to the client before all that is still to be answered, but for what the server is just saying. */
    void sayNow(BackendMessage message) {
        ByteBuf own = ByteBufAllocator.DEFAULT.buffer(64);
        message.encode(own);
        replies.addFirst(new Expected.Own(own, null, null));
    }

    private void say(BackendMessage message, @Nullable PreparedStatement parsed, @Nullable Runnable undo) {
        if (replies.isEmpty()) {
            message.encode(sink.gather());
            if (parsed != null) {
                statements.confirm(parsed);
            }
        } else {
            ByteBuf own = ByteBufAllocator.DEFAULT.buffer(64);
            message.encode(own);
            replies.add(new Expected.Own(own, parsed, undo));
        }
    }

    /**
     * Refuses the message at hand. What the client has begun fails with it, on the server too, and in the extended protocol all
     * up to the next Sync is skipped; a simple query is to be ended by {@link #ready()}.
     */
    public void refuse(ErrorResponse error) {
        services.metrics().onStatementRefused();
        say(error);
        statements.dropUnconfirmed();
        if (!transaction.isOpen()) {
            variables.endChannels(false);
        }
        transaction.onRefusal();
        spread.end().onRefusal();
        if (transaction.isJoined() && connections.atHand() == null) {
            transaction.onFailure();
        } else if (connections.atHand() != null && (connections.takesPart() || segment.hasExecuted())) {
            openSegment();
            send(new Describe(Target.STATEMENT, "pgring: refused by the proxy"), Expected.ABORT);
        }
        input = Input.SKIPPING;
    }

    /**
     * Ends an exchange: by the server if it was asked anything, else by the proxy. A server that was only asked for descriptions, aside
     * from the client's transaction, doesn't know the status.
     */
    public void ready() {
        if (transaction.isPipeline()) {
            spread.end().endPipeline();
        } else if (spread.end().isUncommitted()) {
            spread.end().atSync();
        } else if (!segment.isOpen() && transaction.takeDefinition()) {
            tables.refresh(this::ready);
        } else if (!segment.isOpen() && channels.hearOwn(this::ready)) {
            return;
        } else if (segment.isOpen()) {
            boolean aside = transaction.isOpen() && !connections.takesPart();
            send(new Sync(), aside ? Expected.SYNC_OF_OURS : Expected.SYNC);
            input = Input.ANSWERING;
        } else {
            connections.participants().connections().stream().limit(1).forEach(this::tellChangedParameters);
            channels.atReady();
            say(new ReadyForQuery(transaction.status()));
            toInput(Input.ACCEPTING);
            releaseIfDone();
            if (!transaction.isOpen()) {
                spread.endPortals();
                work.onBoundary();
            }
        }
    }

    // ---- the client's side ------------------------------------------------------------------------------------------

    /** The client takes bytes again, or no longer does: its server is read or not accordingly. */
    public void onClientWritability() {
        spread.onClientWritability();
        channels.onBoundary();
        ServerConnection server = connections.atHand();
        if (server != null) {
            server.setReading(sink.isWritable());
        }
    }

    /** A CancelRequest with the client's key has come. */
    public void cancel() {
        if (!tables.cancel() && !channels.cancel()) {
            cancel(StatementErrors.CANCELED_BY_USER);
        }
    }

    /** Cancels what servers are doing, or the wish for a server connection. */
    void cancel(ErrorResponse why) {
        if (spread.isRunning()) {
            spread.cancel(why);
        } else if (!work.moveWait().cancel(why)) {
            connections.lease().cancel(!replies.isEmpty(), why);
        }
    }

    /** For who limits its time. */
    public TimedWork timedWork() {
        return timedWork;
    }

    /** The client is gone: its transaction is rolled back, its server connection is cleaned or closed. */
    public void close() {
        work.close();
        tables.abandon();
        channels.leave();
        replies.clear();
        connections.lease().abandon(segment.isOpen() || relay.isMidMessage());
        spread.abandon();
        connections.own().close();
    }

    StatementKey key(byte[] text, int[] oids) {
        return new StatementKey(text, oids, variables.inForce().parseContext() + marks.names());
    }
}

package io.pgring.proxy.backend;

import static io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ParameterStatus;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.proxy.loop.Flushable;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logged-in connection to a shard.
 *
 * <p><b>The queue.</b> Each request (everything up to one ReadyForQuery) has one {@link Replier} in a first-in-first-out
 * queue; whatever the server sends belongs to the head. This is the heart of correctness: nobody else decides to whom a
 * byte belongs.
 *
 * <p><b>Reading.</b> Messages are told apart by their lengths alone. Runs of adjacent messages for the head are handed on
 * as one slice of the buffer that they were read into, never copied; the bodies of a few small kinds are looked at.
 *
 * <p><b>Writing.</b> Small messages of a loop turn are gathered in one buffer and leave with one system call; large ones
 * go as they are.
 *
 * <p>Belongs to one event loop.
 */
public final class ServerConnection extends ChannelInboundHandlerAdapter implements Flushable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    private static final int COPIED_BYTES_MAX = 4096;
    private static final int GATHERED_BYTES = 16 * 1024;

    private final ServerSession session;
    private final ShardPool pool;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
    private final ArrayDeque<Replier> repliers = new ArrayDeque<>();
    private final ServerStatements statements;
    private final Leftovers leftovers = new Leftovers();
    private final DescribedRows described;
    private final long openedNanos = System.nanoTime();

    private ByteBuf unread = Unpooled.EMPTY_BUFFER;
    private @Nullable ByteBuf gathered;
    private boolean flushAsked;
    private Map<String, String> parameters;
    private SessionVariables variables = SessionVariables.NONE;
    private TransactionStatus status = TransactionStatus.IDLE;
    private boolean condemned;
    private boolean reading;
    private boolean ending;
    private boolean closed;
    private final Cancels cancels;
    private @Nullable Consumer<ErrorResponse> whenLost;
    private long idleSinceNanos = openedNanos;
    private @Nullable ErrorResponse farewell;
    private @Nullable ErrorResponse untold;

    ServerConnection(ServerSession session, ShardPool pool, int statementsMax) {
        this.session = session;
        this.pool = pool;
        this.parameters = session.parameters();
        this.statements = new ServerStatements(statementsMax);
        this.described = pool.describedRows();
        this.cancels = new Cancels(done -> pool.cancel(this, done));
    }

    /** The shard at the other end. */
    public Shard shard() {
        return pool.shard();
    }

    /** Process id, secret key and address: what a CancelRequest needs. */
    public ServerSession session() {
        return session;
    }

    /** The prepared statements that the server holds. */
    public ServerStatements statements() {
        return statements;
    }

    /** Types that a client has named, as the shard knows them; null when it is not known to have one of them. */
    public int @Nullable [] typesToShard(int[] oids) {
        return pool.typesToShard(oids);
    }

    /** Whether values of the rows that were described last may name types in binary format: see {@link DescribedRows}. */
    public boolean rowsNameTypes() {
        return described.nameTypes();
    }

    /** What a client has left in the session. */
    public Leftovers leftovers() {
        return leftovers;
    }

    /** The settings that the session has. */
    public SessionVariables variables() {
        return variables;
    }

    /** The settings have been changed by a statement that was sent. */
    public void setVariables(SessionVariables variables) {
        this.variables = variables;
    }

    /** The reported parameters as the server last told them: an immutable map. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** Transaction status of the last ReadyForQuery. */
    public TransactionStatus status() {
        return status;
    }

    /** Nothing is expected from the server and no transaction is open. */
    public boolean isIdle() {
        return repliers.isEmpty() && status == TransactionStatus.IDLE;
    }

    /** Replies are still to come. */
    public boolean owesReplies() {
        return !repliers.isEmpty();
    }

    /** The connection must not be lent again: its state is unknown. */
    public void condemn() {
        condemned = true;
    }

    /**
     * Asks the server to cancel what it is doing. The connection is not lent again before the server has dealt with that, so that
     * the cancel can't hit anybody else's statement. What {@link OwnRequest#begin} has sent is waited for.
     */
    public void cancel() {
        cancels.cancel();
    }

    Cancels cancels() {
        return cancels;
    }

    /** Cancels what the server is doing, and closes. A BEGIN is waited for, as the server would go on with what follows it. */
    void abort() {
        cancels.cancel();
        if (cancels.waitFor(this::close)) {
            repliers.retainAll(List.of(repliers.element()));
        } else {
            close();
        }
    }

    /** Whether a cancel is under way, which may hit what is sent now. */
    public boolean isBeingCancelled() {
        return cancels.areInFlight();
    }

    /** What to do when the server has dealt with the cancel, in place of what was to be done then. */
    public void afterCancel(Runnable action) {
        cancels.after(action);
    }

    /** A prepared statement no longer fits its table: this connection and its siblings are to be replaced. */
    public void renewPool() {
        pool.renew();
    }

    boolean isReusable() {
        return !condemned && isAtRest();
    }

    /** Nothing is under way, and the server is there. */
    boolean isAtRest() {
        return isIdle() && !isLost();
    }

    boolean isCondemned() {
        return condemned;
    }

    /** All settings are those of a login, and no prepared statements are left: the state is known again. */
    void onReset() {
        statements.forgetAll();
        variables = SessionVariables.NONE;
        condemned = HostAttempts.isPassedOver(shard(), parameters);
    }

    /** Whom to tell when the connection is lost while nobody waits for a reply; null for nobody. */
    void whenLost(@Nullable Consumer<ErrorResponse> told) {
        whenLost = told;
    }

    long openedNanos() {
        return openedNanos;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void onReturned() {
        idleSinceNanos = System.nanoTime();
    }

    /** Whether nothing that is sent can reach the server any more. */
    public boolean isLost() {
        return closed || !session.channel().isActive();
    }

    /**
     * A request begins: what is written from now on belongs to it, and its replies go to {@code replier}. One on a connection that was
     * lost while nobody waited for a reply is told so at once, though not before this method returns.
     */
    public void request(Replier replier) {
        assert session.channel().eventLoop().inEventLoop();
        if (closed) {
            session.channel().eventLoop().execute(() -> replier.onConnectionLost(lost()));
        } else {
            repliers.add(replier);
        }
    }

    /**
     * Whether the socket takes more; if not, {@link Replier#onServerWritability} of the head tells when it does again. One that is
     * closed takes everything, even before {@link #channelInactive} has told of it, so that whoever writes to it learns of it.
     */
    public boolean isWritable() {
        return isLost() || session.channel().isWritable();
    }

    /** A buffer to encode small messages into; they leave at the end of the loop turn. */
    public ByteBuf gather() {
        if (!flushAsked) {
            flushAsked = true;
            pool.flushQueue().add(this);
        }
        ByteBuf buffer = gathered;
        if (buffer == null) {
            buffer = session.channel().alloc().directBuffer(GATHERED_BYTES);
            gathered = buffer;
        }
        return buffer;
    }

    /** Sends bytes of {@code source}, which is borrowed: copies few, retains a slice of many. */
    public void write(ByteBuf source, int index, int length) {
        ByteBuf buffer = gather();
        if (length <= COPIED_BYTES_MAX) {
            buffer.writeBytes(source, index, length);
            if (buffer.readableBytes() >= GATHERED_BYTES) {
                writeGathered();
            }
        } else {
            writeGathered();
            session.channel()
                    .write(
                            source.retainedSlice(index, length),
                            session.channel().voidPromise());
        }
    }

    private void writeGathered() {
        ByteBuf buffer = gathered;
        if (buffer != null) {
            gathered = null;
            session.channel().write(buffer, session.channel().voidPromise());
        }
    }

    @Override
    public void flushGathered() {
        flushAsked = false;
        writeGathered();
        session.channel().flush();
    }

    /** Stops or resumes reading from the server: a client that is slow to take its rows holds back the shard. */
    public void setReading(boolean reading) {
        session.channel().config().setAutoRead(reading);
    }

    /** Ends the connection at once. Whoever waits for a reply is told that it is lost; replies that still come are for nobody. */
    public void close() {
        ending = true;
        session.channel().close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (ending) {
            in.release();
            return;
        }
        unread = unread.isReadable() ? MERGE_CUMULATOR.cumulate(ctx.alloc(), unread, in) : replaceUnread(in);
        reading = true;
        try {
            readMessages(unread);
        } catch (ProtocolViolation violation) {
            LOG.warn("server broke the protocol shard={} error=\"{}\"", shard().name(), violation.getMessage());
            condemn();
            ctx.close();
        } finally {
            reading = false;
            if (ending || closed || !unread.isReadable()) {
                replaceUnread(Unpooled.EMPTY_BUFFER);
            }
        }
    }

    private ByteBuf replaceUnread(ByteBuf next) {
        unread.release();
        unread = next;
        return next;
    }

    private void readMessages(ByteBuf in) {
        int run = in.readerIndex();
        while (!ending && !closed && in.isReadable()) {
            if (cursor.inside()) {
                cursor.advanceInside(in);
                run = interject(repliers.peek(), in, run);
                continue;
            }
            if (!cursor.next(in) || (needsWhole(cursor.type()) && !cursor.isWhole(in))) {
                break;
            }
            byte type = cursor.type();
            int start = in.readerIndex();
            int body = cursor.bodyLength();
            Replier head = repliers.peek();
            cursor.advance(in);
            if (head == null) {
                onUnsolicited(type, in.slice(start + 5, in.readerIndex() - start - 5));
                run = in.readerIndex();
                continue;
            }
            if (described.reads(type) && !describe(type, in.slice(start + 5, body))) {
                return;
            }
            boolean passes = Replier.isRead(type) ? read(head, type, in.slice(start + 5, body)) : head.onReply(type);
            if (!passes) {
                handOver(head, in, run, start);
                run = in.readerIndex();
            }
            if (type == BackendType.READY_FOR_QUERY) {
                handOver(head, in, run, in.readerIndex());
                run = in.readerIndex();
                repliers.poll();
                head.onReadyForQuery(status);
            } else {
                run = interject(head, in, run);
            }
        }
        Replier head = repliers.peek();
        if (head != null) {
            handOver(head, in, run, in.readerIndex());
        }
    }

    /**
     * Lets the head say what comes next, but only between two messages.
     *
     * @return where the next run begins
     */
    private int interject(@Nullable Replier head, ByteBuf in, int run) {
        if (head == null || cursor.inside() || !head.interjects()) {
            return run;
        }
        handOver(head, in, run, in.readerIndex());
        head.onInterjection();
        return in.readerIndex();
    }

    private static void handOver(Replier head, ByteBuf in, int from, int to) {
        if (to > from) {
            head.onReplyBytes(in.retainedSlice(from, to - from));
        }
    }

    private boolean needsWhole(byte type) {
        return Replier.isRead(type) || described.reads(type);
    }

    /** Writes it over for the client. What can't be told ends the connection, and with it the transaction. */
    private boolean describe(byte type, ByteBuf body) {
        try {
            described.toHome(type, body);
            return true;
        } catch (DescribedRows.UnknownTypeException e) {
            untold = ServerErrors.unknownType(shard());
            condemn();
            close();
            return false;
        }
    }

    private boolean read(Replier head, byte type, ByteBuf body) {
        switch (type) {
            case BackendType.READY_FOR_QUERY ->
                status = ReadyForQuery.decode(body.duplicate()).status();
            case BackendType.PARAMETER_STATUS -> onParameterStatus(body.duplicate());
            case BackendType.ERROR_RESPONSE -> onError(ErrorResponse.decode(body.duplicate()));
            default -> {}
        }
        return head.onReply(type, body);
    }

    private void onError(ErrorResponse error) {
        pool.metrics().onError();
        if (error.fields().isFatal()) {
            farewell = error;
        }
    }

    private void onParameterStatus(ByteBuf body) {
        ParameterStatus changed = ParameterStatus.decode(body);
        Map<String, String> copy = new TreeMap<>(parameters);
        copy.put(changed.name(), changed.value());
        parameters = Map.copyOf(copy);
        condemned |= HostAttempts.isPassedOver(shard(), parameters);
    }

    /** What a server says of its own accord: new settings after a reload, or its farewell. */
    private void onUnsolicited(byte type, ByteBuf body) {
        switch (type) {
            case BackendType.PARAMETER_STATUS -> onParameterStatus(body);
            case BackendType.NOTICE_RESPONSE, BackendType.NOTIFICATION_RESPONSE -> {}
            case BackendType.ERROR_RESPONSE -> {
                farewell = ErrorResponse.decode(body);
                condemn();
            }
            default -> throw new ProtocolViolation("message of type " + type + " that nobody asked for");
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Replier head = repliers.peek();
        if (head != null) {
            head.onServerWritability();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        if (!reading) {
            replaceUnread(Unpooled.EMPTY_BUFFER);
        }
        pool.onClosed(this, farewell);
        if (whenLost != null) {
            whenLost.accept(lost());
        }
        Replier replier;
        while ((replier = repliers.poll()) != null) {
            pool.metrics().onError();
            replier.onConnectionLost(lost());
        }
    }

    private ErrorResponse lost() {
        return untold == null ? ServerErrors.connectionLost(shard(), farewell) : untold;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof java.io.IOException) {
            LOG.debug("server connection failed shard={} error=\"{}\"", shard().name(), cause.toString());
        } else {
            LOG.error("server connection failed shard={}", shard().name(), cause);
        }
        condemn();
        ctx.close();
    }
}

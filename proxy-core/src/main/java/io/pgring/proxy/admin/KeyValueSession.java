package io.pgring.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.proxy.backend.SessionVariables;
import io.pgring.proxy.config.PoolMode;
import io.pgring.proxy.exchange.ClientSink;
import io.pgring.proxy.exchange.ClientVariables;
import io.pgring.proxy.exchange.Exchange;
import io.pgring.proxy.exchange.ExtendedQuery;
import io.pgring.proxy.frontend.FrontendLoop;
import io.pgring.proxy.loop.Flushable;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client inside the proxy: it has no socket, but a session like any other, and takes the same road. One statement at a time,
 * each in a transaction of its own:
 *
 * <pre>
 *   PARSE ──► BIND ──► EXECUTE ──► SYNC ──► ANSWER ──► (reply)
 *     │ once for each   ▲ waits for a connection
 *     └ statement       └ if it must
 * </pre>
 *
 * Belongs to one event loop.
 */
final class KeyValueSession implements ClientSink, Flushable {
    private static final int[] NO_OIDS = new int[0];
    private static final int[] ALL_TEXT = new int[0];

    private final FrontendLoop loop;
    private final Exchange exchange;
    private final ExtendedQuery extended;
    private final ReplyReader reader;
    private final Set<String> prepared = new HashSet<>();
    private final BindView bind = new BindView();
    private @Nullable Work work;
    private @Nullable ByteBuf gathered;
    private boolean flushAsked;
    private boolean sending;
    private boolean sendAgain;
    private boolean closed;

    /** What is to be sent next. */
    private enum Step {
        PARSE,
        BIND,
        EXECUTE,
        SYNC,
        ANSWER;

        Step next() {
            return switch (this) {
                case PARSE -> BIND;
                case BIND -> EXECUTE;
                case EXECUTE -> SYNC;
                case SYNC, ANSWER -> ANSWER;
            };
        }
    }

    /** The statement in flight. */
    private static final class Work {
        final KeyValueTable.Statement statement;
        final ByteBuf message;
        final @Nullable String shard;
        final CompletableFuture<KeyValueReply> reply = new CompletableFuture<>();
        Step step = Step.PARSE;

        /** @param message taken: the Bind */
        Work(KeyValueTable.Statement statement, ByteBuf message, @Nullable String shard) {
            this.statement = statement;
            this.message = message;
            this.shard = shard;
        }

        int bodyLength() {
            return message.readableBytes() - MessageCursor.HEADER_BYTES;
        }

        ByteBuf body() {
            return message.slice(MessageCursor.HEADER_BYTES, bodyLength());
        }
    }

    KeyValueSession(FrontendLoop loop) {
        this.loop = loop;
        this.exchange = new Exchange(
                this,
                new ClientVariables(SessionVariables.NONE),
                loop.exchangeServices(),
                Map.of(),
                PoolMode.TRANSACTION);
        this.extended = new ExtendedQuery(exchange, loop.planner());
        this.reader = new ReplyReader(loop.services().limits().messageBytesMax());
    }

    /** Whether it can't be used any more. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Runs a statement.
     *
     * @param parameters in text format
     * @return completed on the event loop; never fails, and never completes if the session is closed before
     */
    CompletableFuture<KeyValueReply> run(KeyValueTable.Statement statement, byte[] @Nullable ... parameters) {
        if (closed || work != null) {
            throw new IllegalStateException(closed ? "closed" : "busy");
        }
        ByteBuf message = ByteBufAllocator.DEFAULT.buffer();
        new Bind("", statement.name(), ALL_TEXT, parameters, ALL_TEXT).encode(message);
        Work begun = new Work(statement, message, shardOf(statement, message));
        begun.step = prepared.contains(statement.name()) ? Step.BIND : Step.PARSE;
        work = begun;
        reader.begin();
        send();
        return begun.reply;
    }

    /** The shard that the planner chooses, as it does again for the exchange. */
    private @Nullable String shardOf(KeyValueTable.Statement statement, ByteBuf message) {
        byte[] sql = statement.sql().getBytes(StandardCharsets.UTF_8);
        Planner planner = loop.planner();
        ByteBuf body = message.slice(MessageCursor.HEADER_BYTES, message.readableBytes() - MessageCursor.HEADER_BYTES);
        bind.wrap(body);
        Route route = planner.route(planner.bind(planner.plan(sql, 0, sql.length), NO_OIDS), bind, body);
        bind.clear();
        return route instanceof Route.Single single ? single.shard().name() : null;
    }

    /** Sends as much as can be sent now. May be asked for while it is sending: it then does so afterwards. */
    private void send() {
        if (sending) {
            sendAgain = true;
            return;
        }
        sending = true;
        try {
            do {
                sendAgain = false;
                Work current = work;
                while (current != null && current == work && exchange.accepts() && sendStep(current)) {
                    current.step = current.step.next();
                }
            } while (sendAgain);
        } finally {
            sending = false;
        }
        endIfAnswered();
    }

    /** @return whether the step is done */
    private boolean sendStep(Work current) {
        return switch (current.step) {
            case PARSE ->
                extended.onParse(new Parse(
                        current.statement.name(), current.statement.sql().getBytes(StandardCharsets.UTF_8), NO_OIDS));
            case BIND -> {
                ByteBuf body = current.body();
                bind.wrap(body);
                boolean sent = Boolean.TRUE.equals(extended.onBind(bind, body, current.bodyLength(), false));
                bind.clear();
                yield sent;
            }
            case EXECUTE -> extended.onExecute(new Execute("", 0));
            case SYNC -> extended.onSync();
            case ANSWER -> false;
        };
    }

    private void endIfAnswered() {
        Work done = work;
        if (done != null && done.step == Step.ANSWER && reader.isReady() && exchange.isIdle()) {
            if (reader.isParsed()) {
                prepared.add(done.statement.name());
            }
            end(done, reader.reply(done.shard));
        }
    }

    private void end(Work done, KeyValueReply reply) {
        work = null;
        done.message.release();
        done.reply.complete(reply);
    }

    @Override
    public void write(ByteBuf messages) {
        readGathered();
        read(messages);
    }

    @Override
    public ByteBuf gather() {
        if (!flushAsked) {
            flushAsked = true;
            loop.flushQueue().add(this);
        }
        ByteBuf buffer = gathered;
        if (buffer == null) {
            buffer = ByteBufAllocator.DEFAULT.buffer();
            gathered = buffer;
        }
        return buffer;
    }

    @Override
    public void flushGathered() {
        flushAsked = false;
        readGathered();
        if (!closed) {
            send();
        }
    }

    private void readGathered() {
        ByteBuf buffer = gathered;
        if (buffer != null) {
            gathered = null;
            read(buffer);
        }
    }

    /** @param messages taken */
    private void read(ByteBuf messages) {
        if (closed) {
            messages.release();
            return;
        }
        try {
            reader.read(messages);
        } catch (ProtocolViolation violation) {
            onFatal(ErrorResponse.of(violation));
        }
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void onResume() {
        if (!closed) {
            send();
        }
    }

    @Override
    public void onFatal(@Nullable ErrorResponse error) {
        if (closed) {
            return;
        }
        readGathered();
        Work lost = work;
        ErrorResponse told = error == null ? reader.error() : error;
        close();
        if (lost != null) {
            lost.reply.complete(new KeyValueReply.Failed(
                    lost.shard, told == null ? ErrorResponse.fatal("08006", "the session was ended") : told));
        }
    }

    /** The end: a statement in flight is cancelled, and its reply never comes. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        Work abandoned = work;
        if (abandoned != null) {
            work = null;
            abandoned.message.release();
        }
        exchange.close();
        reader.release();
    }
}

package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.ParameterStatus;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.proxy.backend.GatherErrors;
import io.pgring.proxy.backend.Replier;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.exchange.Exchange.Input;
import io.pgring.proxy.exchange.Expected.Kind;
import io.pgring.proxy.fanout.ErrorContext;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.routing.SessionEffect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the server says in a segment of an exchange. Each reply is matched with the question at the head of the {@link ReplyQueue};
 * what the client has asked for goes to the client, what the proxy has asked for does not.
 */
final class ServerReplies implements Replier {
    private static final ByteBuf COMMIT_TAG = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("COMMIT\0", StandardCharsets.US_ASCII).asReadOnly());

    /** Errors of a Bind that come before its portal is made. */
    private static final Set<String> NOT_MADE = Set.of("08P01", "26000", "25P02");

    private final Exchange exchange;
    /** The last words of the server were that it ends the session. */
    private boolean fatal;
    /** The client is to be heard again as soon as the replies so far have been handed over. */
    private boolean resumeWanted;
    /** The failed part of the segment was begun by the client, with messages that end with its Sync. */
    private boolean clientMustSync;
    /** The server has failed before it came to the BEGIN of the client's transaction. */
    private boolean beginSkipped;
    /** The ReadyForQuery at hand answers a Sync of the proxy's own. */
    private boolean ours;
    /** Before the client hears it, the definitions of tables are to be read, or its own notifications to be heard. */
    private boolean defined;

    /** What takes back that which was noted in advance for questions that are skipped: the last one first. */
    private final ArrayDeque<Runnable> undone = new ArrayDeque<>(0);

    private final HeldAnswer held;

    ServerReplies(Exchange exchange) {
        this.exchange = exchange;
        this.held = new HeldAnswer(exchange);
    }

    @Override
    public boolean onReply(byte type) {
        if (type == BackendType.COPY_IN_RESPONSE) {
            onCopyIn();
            return true;
        }
        if (type == BackendType.COPY_OUT_RESPONSE) {
            held.end();
        }
        ReplyQueue replies = exchange.replies();
        Expected ended = replies.takeEndedBy(type);
        if (ended instanceof Expected.ParseStep parse && parse.statement() != null) {
            exchange.statements().confirm(parse.statement());
        }
        if (type == BackendType.PORTAL_SUSPENDED
                && ended instanceof Expected.Execute execute
                && execute.effect() != null) {
            onEffect(execute.effect());
        }
        if (ended instanceof Expected.Columns columns
                && columns.key() != null
                && !exchange.requireServer().rowsNameTypes()) {
            exchange.requireServer().statements().onPlain(columns.key());
        }
        if (ended == Expected.BIND_OF_EXECUTE) {
            held.begin();
        }
        giveUpCopyIn();
        Expected head = ended == null ? replies.head() : ended;
        boolean withheld = head instanceof Expected.Filtered filtered && filtered.withheld() == type;
        return head != null && head.forwarded() && !withheld;
    }

    /** All was answered, and none of it was a COPY. */
    private void giveUpCopyIn() {
        if (exchange.input() == Input.AWAITING_COPY && exchange.replies().isEmpty()) {
            exchange.toInput(Input.ACCEPTING);
            resumeWanted = true;
        }
    }

    /** A Sync that was sent behind the Execute is not read by a server in copy-in mode: the client sends another after its data. */
    private void onCopyIn() {
        exchange.replies().removeTrailingSync();
        if (exchange.input() != Input.SKIPPING) {
            exchange.toInput(Input.COPYING_IN);
            resumeWanted = true;
        }
    }

    @Override
    public boolean onReply(byte type, ByteBuf body) {
        return switch (type) {
            case BackendType.ERROR_RESPONSE -> onErrorResponse(body);
            case BackendType.COMMAND_COMPLETE -> onCommandComplete(body);
            case BackendType.READY_FOR_QUERY -> onReady();
            case BackendType.NOTIFICATION_RESPONSE -> false;
            case BackendType.NOTICE_RESPONSE -> onNotice(body);
            case BackendType.PARAMETER_STATUS ->
                exchange.connections().reported().isNew(ParameterStatus.decode(body));
            default -> true;
        };
    }

    private boolean onNotice(ByteBuf body) {
        if (held.isHolding()) {
            exchange.sayNow(NoticeResponse.decode(body));
            return false;
        }
        return true;
    }

    private boolean onErrorResponse(ByteBuf body) {
        ReplyQueue replies = exchange.replies();
        exchange.segment().onError();
        Expected head = replies.head();
        ErrorResponse error = ErrorResponse.decode(body);
        ErrorResponse instead = instead(head, error);
        boolean wanted = head != null && head.kind() == Kind.ABORT;
        fatal |= error.fields().isFatal() && !wanted;
        if (!wanted) {
            StatementCarrier.onError(exchange.requireServer(), error, head);
        }
        boolean extended = head != null && head.kind() != Kind.QUERY;
        clientMustSync = false;
        beginSkipped = false;
        if (head instanceof Expected.PortalStep && !NOT_MADE.contains(error.sqlState())) {
            replies.drop();
            clientMustSync = true;
        }
        replies.skipToBoundary(this::onSkipped);
        while (!undone.isEmpty()) {
            undone.pop().run();
        }
        if (held.isHolding()) {
            held.drop();
            instead = instead == null ? error : instead;
        }
        if (instead != null) {
            exchange.sayNow(instead);
        }
        if (extended && replies.head() instanceof Expected.QueryStep) {
            onQueryIgnored();
        }
        if (beginSkipped) {
            exchange.onBeginSkipped();
            replies.answerSyncOurselves();
        }
        exchange.statements().dropUnconfirmed();
        if (exchange.connections().takesPart()) {
            exchange.transaction().onRefusal();
        } else {
            exchange.transaction().onFailure();
        }
        giveUpCopyIn();
        Input input = exchange.input();
        if (input == Input.COPYING_IN && !replies.isEmpty()) {
            exchange.toInput(Input.ANSWERING);
        } else if (replies.isEmpty() && (input == Input.ACCEPTING || input == Input.COPYING_IN)) {
            exchange.toInput(Input.SKIPPING);
        }
        return instead == null && !wanted;
    }

    private @Nullable ErrorResponse instead(@Nullable Expected head, ErrorResponse error) {
        if (head instanceof Expected.Shown shown) {
            return shown.instead(error);
        }
        if (head instanceof Expected.ParseStep parse && parse.refusal() != null) {
            return parse.refusal();
        }
        ErrorResponse why = exchange.timedWork().instead(error);
        ErrorResponse named = why == null ? GatherErrors.named(error) : why;
        if (named == null
                && head instanceof Expected.QueryStep query
                && query.positions() != FanOutTask.Positions.SAME) {
            return ErrorContext.inText(error, query.positions());
        }
        return named;
    }

    /**
     * A server that has failed in the extended protocol ignores a Query as well until the next Sync: the client's, if it is the
     * client who began, else one of the proxy's.
     */
    private void onQueryIgnored() {
        exchange.replies().take(Kind.QUERY, BackendType.ERROR_RESPONSE);
        if (clientMustSync) {
            exchange.toInput(Input.ACCEPTING);
            resumeWanted = true;
        } else {
            exchange.send(new Sync(), Expected.SYNC);
        }
    }

    /** The server will not answer this question: what was noted in advance did not come true. */
    private void onSkipped(Expected skipped) {
        clientMustSync |= skipped.forwarded();
        beginSkipped |= skipped == Expected.BEGIN_OF_OURS;
        if (skipped instanceof Expected.ParseStep parse) {
            exchange.requireServer().statements().forget(parse.key());
        } else if (skipped instanceof Expected.Own own) {
            own.messages().release();
        }
        Runnable undo = undo(skipped);
        if (undo != null) {
            undone.push(undo);
        }
    }

    private static @Nullable Runnable undo(Expected skipped) {
        if (skipped instanceof Expected.Own own) {
            return own.undo();
        }
        if (skipped instanceof Expected.PortalStep step) {
            return step.undo();
        }
        return skipped instanceof Expected.Execute execute ? execute.undo() : null;
    }

    private boolean onCommandComplete(ByteBuf body) {
        boolean committed = ByteBufUtil.equals(body, body.readerIndex(), COMMIT_TAG, 0, COMMIT_TAG.readableBytes());
        if (committed) {
            exchange.segment().onCommit();
            exchange.timedWork().onTransactionEnd();
        }
        exchange.replies().onProgress();
        Expected ended = exchange.replies().takeEndedBy(BackendType.COMMAND_COMPLETE);
        SessionEffect effect = ended instanceof Expected.Execute execute ? execute.effect() : null;
        if (effect instanceof SessionEffect.End end) {
            onEnd(end, committed);
        } else if (effect != null) {
            onEffect(effect);
        }
        giveUpCopyIn();
        return ended == null || ended.forwarded();
    }

    /** Of a Query, which makes no settings beside statements that end a transaction. */
    private void onEffects(List<SessionEffect> effects) {
        if (exchange.segment().hasFailed()) {
            if (exchange.segment().hasCommitted()) {
                settle(true);
            }
            return;
        }
        boolean failed = exchange.transaction().isFailed();
        for (SessionEffect effect : effects) {
            if (effect instanceof SessionEffect.End end) {
                onEnd(end, end.commits() && !failed);
                failed = false;
            } else {
                failed &= !(effect instanceof SessionEffect.RollbackTo);
                exchange.transaction().cursors().onEffect(effect);
                onEffect(effect);
            }
        }
    }

    /** What one does to cursors is noted elsewhere: for an Execute when it is sent. */
    private void onEffect(SessionEffect effect) {
        exchange.variables().add(effect);
        if (!(effect instanceof SessionEffect.OfChannels)) {
            exchange.transaction().onShared(effect.statement());
            exchange.variables().defaultsAfter(effect).forEach(exchange.transaction()::onShared);
        }
    }

    private void onEnd(SessionEffect.End end, boolean committed) {
        if (committed) {
            exchange.marks().onCommit(exchange.transaction().cursors());
        }
        exchange.transaction().cursors().onEffect(end);
        exchange.timedWork().onTransactionEnd();
        settle(committed);
    }

    /** The settings that were made so far last, or are undone. */
    private void settle(boolean committed) {
        ServerConnection server = exchange.requireServer();
        server.setVariables(exchange.variables().end(committed, server.variables()));
    }

    private boolean onReady() {
        ReplyQueue replies = exchange.replies();
        if (replies.head() instanceof Expected.QueryStep query) {
            replies.take(Kind.QUERY, BackendType.READY_FOR_QUERY);
            onEffects(query.effects());
            ours = false;
        } else {
            ours = !replies.take(Kind.SYNC, BackendType.READY_FOR_QUERY).forwarded();
        }
        boolean idle = exchange.requireServer().status() == TransactionStatus.IDLE;
        defined = !ours
                && idle
                && (exchange.transaction().hasDefined() || exchange.channels().awaitsOwn());
        return !ours && !defined;
    }

    @Override
    public void onReplyBytes(ByteBuf messages) {
        held.write(messages);
        if (!exchange.sink().isWritable()) {
            exchange.onClientWritability();
        }
    }

    @Override
    public boolean interjects() {
        return resumeWanted || exchange.replies().head() instanceof Expected.Own;
    }

    @Override
    public void onInterjection() {
        sayOwn();
        if (resumeWanted) {
            resumeWanted = false;
            exchange.sink().onResume();
        }
    }

    private void sayOwn() {
        if (!held.isHolding()) {
            held.end();
        }
        ReplyQueue replies = exchange.replies();
        while (replies.head() instanceof Expected.Own own) {
            replies.take(Kind.OWN, (byte) 0);
            exchange.sink().write(own.messages());
            if (own.parsed() != null) {
                exchange.statements().confirm(own.parsed());
            }
        }
    }

    @Override
    public void onReadyForQuery(TransactionStatus status) {
        held.end();
        Transaction transaction = exchange.transaction();
        exchange.connections().lease().metrics().onExchange(exchange.segment().close());
        exchange.timedWork().onAnswered();
        resumeWanted = false;
        sayOwn();
        if (exchange.connections().takesPart() || !transaction.isOpen()) {
            onTransactionStatus(status);
        }
        if (ours && exchange.spread().end().concludesPipeline()) {
            return;
        }
        if (ours && exchange.input() == Input.ANSWERING) {
            exchange.say(new ReadyForQuery(transaction.status()));
        }
        boolean leftInError = ours
                && exchange.input() != Input.ANSWERING
                && exchange.segment().hasFailed();
        exchange.toInput(leftInError ? Input.SKIPPING : Input.ACCEPTING);
        exchange.releaseIfDone();
        if (defined) {
            defined = false;
            exchange.ready();
        } else {
            exchange.sink().onResume();
        }
    }

    private void onTransactionStatus(TransactionStatus status) {
        Transaction transaction = exchange.transaction();
        Segment segment = exchange.segment();
        boolean kept = segment.hasCommitted() || (!transaction.isJoined() && !segment.hasFailed());
        if (status == TransactionStatus.IDLE && kept) {
            exchange.marks().onCommit(transaction.cursors());
        }
        exchange.onServerStatus(status);
        if (status == TransactionStatus.IDLE) {
            settle(!segment.hasFailed());
            exchange.channels().settle();
        }
    }

    @Override
    public void onConnectionLost(ErrorResponse cause) {
        held.drop();
        held.end();
        exchange.onServerLost(fatal ? null : cause);
    }

    @Override
    public void onServerWritability() {
        ServerConnection server = exchange.server();
        if (server != null && server.isWritable()) {
            exchange.sink().onResume();
        }
    }
}

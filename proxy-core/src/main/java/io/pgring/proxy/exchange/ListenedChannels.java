package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.EventExecutor;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NotificationResponse;
import io.pgring.proxy.exchange.Exchange.Input;
import io.pgring.proxy.notify.Listener;
import io.pgring.proxy.notify.Notifications;
import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.routing.SessionEffect.OfChannels;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client hears. Whether it listens to a channel is decided by its transactions, and kept with its {@link ClientVariables}; the proxy
 * listens from the moment at which the LISTEN is answered, so that nothing is missed when the commit makes it so.
 *
 * <pre>
 *   LISTEN ──► asked of the switchboard ──► confirmed: answered ──► COMMIT: heard
 * </pre>
 *
 * What comes while the client is in the middle of something waits for the end of its transaction, in order.
 */
final class ListenedChannels implements Listener {
    private static final int CHUNK_BYTES = 32 * 1024;
    /** What one that waits takes beside its text. */
    private static final int ENTRY_BYTES = 100;

    private final Exchange exchange;
    private final Notifications notifications;
    private final int bytesMax;
    /** Those that the switchboard was asked for, and whether it has confirmed. */
    private final Map<String, Boolean> confirmed = new HashMap<>(0);
    /** Those for whose confirmation a statement waits. */
    private final Set<String> awaited = new HashSet<>(0);

    private final ArrayDeque<NotificationResponse> waiting = new ArrayDeque<>(0);
    private long waitingBytes;
    private boolean paused;
    private boolean counted;
    private boolean gone;
    private @Nullable ErrorResponse refusal;
    private @Nullable ErrorResponse fatal;
    private @Nullable Shard notified;

    ListenedChannels(Exchange exchange, ExchangeServices services) {
        this.exchange = exchange;
        this.notifications = services.notifications();
        this.bytesMax = services.configuration().limits().notificationBytesMax();
    }

    // ---- LISTEN -----------------------------------------------------------------------------------------------------

    /** Sees to it that the proxy listens to what is to be listened to. LATER ends with the client being heard again. */
    Outcome reach(List<? extends SessionEffect> effects) {
        ErrorResponse failure = refusal;
        if (failure != null) {
            refusal = null;
            awaited.clear();
            settle();
            exchange.refuse(failure);
            return Outcome.REFUSED;
        }
        for (SessionEffect effect : effects) {
            if (effect instanceof OfChannels.Listen listen && !isConfirmed(listen.channel())) {
                awaited.add(listen.channel());
                if (confirmed.putIfAbsent(listen.channel(), false) == null) {
                    notifications.switchboard().listen(this, listen.channel());
                }
            }
        }
        if (areConfirmed()) {
            awaited.clear();
            return Outcome.READY;
        }
        paused = true;
        exchange.toInput(Input.WAITING);
        return Outcome.LATER;
    }

    private boolean isConfirmed(String channel) {
        return Boolean.TRUE.equals(confirmed.get(channel));
    }

    private boolean areConfirmed() {
        return awaited.stream().allMatch(this::isConfirmed);
    }

    @Override
    public EventExecutor loop() {
        return notifications.loop();
    }

    @Override
    public void onListening(String channel) {
        if (confirmed.replace(channel, true) != null && areConfirmed()) {
            resume();
        }
    }

    @Override
    public void onNotListening(String channel, ErrorResponse error) {
        if (confirmed.remove(channel) != null && awaited.contains(channel)) {
            refusal = error;
            resume();
        }
    }

    /** A CancelRequest has come; tells whether it was for a LISTEN. */
    boolean cancel() {
        if (paused) {
            refusal = ErrorResponse.error("57014", "canceling statement due to user request");
            resume();
            return true;
        }
        return false;
    }

    /** The statement that waits is to come again, unless something before it has failed in the meantime. */
    private void resume() {
        if (!paused) {
            return;
        }
        paused = false;
        boolean failed = exchange.segment().isOpen() && exchange.segment().hasFailed();
        if (failed) {
            refusal = null;
            awaited.clear();
        }
        exchange.toInput(failed ? Input.SKIPPING : Input.ACCEPTING);
        exchange.sink().onResume();
    }

    // ---- what is heard ----------------------------------------------------------------------------------------------

    @Override
    public void onNotification(NotificationResponse notification) {
        if (gone || fatal != null || !confirmed.containsKey(notification.channel())) {
            return;
        }
        waiting.add(notification);
        waitingBytes += ENTRY_BYTES + bytes(notification);
        deliver();
        if (waitingBytes > bytesMax) {
            toFatal(ErrorResponse.fatal("53400", "too many notifications wait for this session")
                    .detail("They take more than limits.notificationBytesMax = " + bytesMax
                            + " bytes of the proxy's memory, as the client does not read them, or is in a transaction.")
                    .hint("Connect again, listen again, and look for what has changed in the meantime."));
        }
    }

    private static int bytes(NotificationResponse notification) {
        return ByteBufUtil.utf8Bytes(notification.channel()) + ByteBufUtil.utf8Bytes(notification.payload());
    }

    @Override
    public void onLost(ErrorResponse error) {
        confirmed.clear();
        String detail = error.fields().detail();
        ErrorResponse lost = ErrorResponse.fatal("08006", "lost the connection that listens for this session")
                .detail(error.message() + (detail == null ? "" : ": " + detail) + " Notifications may have been lost.")
                .hint("Connect again, listen again, and look for what has changed in the meantime.");
        toFatal(lost);
        if (paused) {
            refusal = new ErrorResponse(lost.fields().withSeverity("ERROR"));
            resume();
        }
    }

    private void toFatal(ErrorResponse error) {
        if (!gone && fatal == null) {
            fatal = error;
            waiting.clear();
            waitingBytes = 0;
            onBoundary();
        }
    }

    /** The client is, perhaps, between two of its exchanges: now it may be told. */
    void onBoundary() {
        ErrorResponse error = fatal;
        if (error != null
                && !gone
                && exchange.input() == Input.ACCEPTING
                && !exchange.segment().isOpen()) {
            exchange.sink().onFatal(error);
            return;
        }
        deliver();
    }

    private void deliver() {
        if (!waiting.isEmpty() && exchange.isIdle()) {
            say();
        }
    }

    /** Tells what waits, as far as the client takes it. */
    void say() {
        Set<String> channels = exchange.variables().channels();
        while (!waiting.isEmpty() && exchange.sink().isWritable()) {
            ByteBuf chunk = ByteBufAllocator.DEFAULT.buffer(256);
            while (!waiting.isEmpty() && chunk.readableBytes() < CHUNK_BYTES) {
                NotificationResponse next = waiting.remove();
                waitingBytes -= ENTRY_BYTES + bytes(next);
                if (channels.contains(next.channel())) {
                    next.encode(chunk);
                    notifications.metrics().onDelivered();
                }
            }
            exchange.sink().write(chunk);
        }
    }

    // ---- transactions -----------------------------------------------------------------------------------------------

    private boolean isKept(String channel) {
        return awaited.contains(channel) || exchange.variables().hears(channel);
    }

    /** The transaction may have ended: what nobody wants to hear any more is given up. */
    void settle() {
        for (String channel : List.copyOf(confirmed.keySet())) {
            if (!isKept(channel)) {
                confirmed.remove(channel);
                notifications.switchboard().unlisten(this, channel);
            }
        }
        boolean listens = !exchange.variables().channels().isEmpty();
        if (listens != counted) {
            counted = listens;
            if (listens) {
                notifications.metrics().onListener();
            } else {
                notifications.metrics().onListenerGone();
            }
        }
    }

    /** What was done to channels without a server is so now; the client hears what waits before it is told that it may go on. */
    void atReady() {
        if (!exchange.transaction().isOpen()) {
            exchange.variables().endChannels(true);
            settle();
            say();
        }
    }

    /** The client notifies on a shard: if it listens, it is to hear that before it is told that it is done. */
    void onNotify(Shard shard) {
        if (exchange.transaction().isOpen()) {
            exchange.connections().participants().onNotify();
        } else {
            exchange.segment().onNotify();
        }
        if (!confirmed.isEmpty()) {
            notified = shard;
        }
    }

    /** Whether the client has notified, and may hear it at the end of its transaction. */
    boolean awaitsOwn() {
        return notified != null;
    }

    /** Goes on when the client's own notifications, which are committed, have come. Tells whether there may be any. */
    boolean hearOwn(Runnable then) {
        Shard shard = notified;
        if (shard == null || exchange.transaction().isOpen()) {
            return false;
        }
        notified = null;
        exchange.toInput(Input.ANSWERING);
        notifications.switchboard().whenHeard(this, shard, () -> {
            if (!gone) {
                then.run();
                exchange.sink().onResume();
            }
        });
        return true;
    }

    /** The client is gone. */
    void leave() {
        gone = true;
        waiting.clear();
        confirmed.keySet().forEach(channel -> notifications.switchboard().unlisten(this, channel));
        confirmed.clear();
        if (counted) {
            counted = false;
            notifications.metrics().onListenerGone();
        }
    }
}

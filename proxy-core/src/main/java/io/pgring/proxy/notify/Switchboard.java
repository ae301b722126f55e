package io.pgring.proxy.notify;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NotificationResponse;
import io.pgring.proxy.backend.ServerConnector;
import io.pgring.proxy.metrics.NotificationMetrics;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to which channel, for all clients of the proxy. A trigger notifies on the shard of its row, so every shard is listened to; what
 * one client's statement notifies happens on one shard, and so is heard once.
 *
 * <p>A connection that is lost takes all of them with it: whoever listened may have missed something and is told, and nothing is left that
 * would have to be made again. The next LISTEN connects anew.
 *
 * <p>Its methods may be called on any thread; the rest belongs to its own event loop.
 */
public final class Switchboard implements ListeningConnection.Owner {
    private static final long TICK_MILLIS = 10_000;

    private final EventLoop loop;
    private final List<Shard> shards;
    private final ServerConnector connector;
    private final NotificationMetrics metrics;
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private final Map<Integer, ListeningConnection> connections = new LinkedHashMap<>();
    private @Nullable Future<?> ticking;
    private boolean closed;

    /**
     * @param loop on which it listens
     * @param members the shards that notify
     * @param connector opens its connections
     */
    public Switchboard(EventLoop loop, List<Shard> members, ServerConnector connector, NotificationMetrics metrics) {
        this.loop = loop;
        this.shards = new ArrayList<>(members);
        this.connector = connector;
        this.metrics = metrics;
    }

    /** Begins the upkeep: connections are tried, and closed when nobody listens. */
    public void start() {
        ticking = loop.scheduleWithFixedDelay(this::onTick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Listens to shards that have come, and to none that are gone. Complete when all that is to be heard of new ones is. On any thread. */
    public CompletableFuture<Void> follow(Placement placement) {
        CompletableFuture<Void> listening = new CompletableFuture<>();
        loop.execute(() -> {
            List<CompletableFuture<Void>> answers = new ArrayList<>();
            for (Shard shard : placement.members()) {
                if (shards.stream().noneMatch(other -> other.index() == shard.index())) {
                    shards.add(shard);
                    subscriptions.values().forEach(known -> answers.add(listenLate(known, shard)));
                }
            }
            shards.removeIf(shard -> placement.gone().contains(shard.index()));
            placement.gone().forEach(index -> {
                ListeningConnection connection = connections.remove(index);
                if (connection != null) {
                    connection.close();
                }
            });
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).thenRun(() -> listening.complete(null));
        });
        return listening;
    }

    /** What can't be heard on all shards is heard no more: those who listen are told. */
    private CompletableFuture<Void> listenLate(Subscription subscription, Shard shard) {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        runOn(shard, subscription.command("LISTEN"), error -> {
            ListeningConnection connection = connections.get(shard.index());
            if (error != null && connection != null) {
                connection.close();
                onLost(connection, error);
            }
            answered.complete(null);
        });
        return answered;
    }

    // ---- for clients ------------------------------------------------------------------------------------------------

    /** A client wants to hear a channel. It is told when it does, or why not. */
    public void listen(Listener listener, String channel) {
        loop.execute(() -> {
            Subscription found = subscriptions.get(channel);
            Subscription subscription = found == null ? subscribe(channel) : found;
            subscription.listeners().add(listener);
            if (subscription.isDecided()) {
                tell(listener, subscription);
            }
        });
    }

    /** A client does no longer want to hear a channel. */
    public void unlisten(Listener listener, String channel) {
        loop.execute(() -> {
            Subscription subscription = subscriptions.get(channel);
            if (subscription != null) {
                subscription.listeners().remove(listener);
                endIfUnheard(subscription);
            }
        });
    }

    /** Calls back, on the client's event loop, when all that was committed on a shard before has been heard and handed on. */
    public void whenHeard(Listener listener, Shard shard, Runnable then) {
        loop.execute(() -> {
            ListeningConnection connection = connections.get(shard.index());
            if (connection == null) {
                listener.loop().execute(then);
            } else {
                connection.run("", error -> listener.loop().execute(then));
            }
        });
    }

    // ---- channels ---------------------------------------------------------------------------------------------------

    private Subscription subscribe(String channel) {
        Subscription subscription = new Subscription(channel, shards.size());
        subscriptions.put(channel, subscription);
        metrics.onChannels(subscriptions.size());
        for (Shard shard : shards) {
            runOn(shard, subscription.command("LISTEN"), error -> onAnswer(subscription, error));
        }
        return subscription;
    }

    private void runOn(Shard shard, String command, Consumer<@Nullable ErrorResponse> done) {
        if (closed) {
            done.accept(ErrorResponse.error("57P01", "the proxy is shutting down"));
            return;
        }
        ListeningConnection connection = connections.get(shard.index());
        if (connection == null) {
            connection = ListeningConnection.open(shard, loop, connector, this);
            connections.put(shard.index(), connection);
        }
        connection.run(command, done);
    }

    private void onAnswer(Subscription subscription, @Nullable ErrorResponse error) {
        subscription.onAnswer(error);
        if (subscription.isDecided()) {
            List.copyOf(subscription.listeners()).forEach(listener -> tell(listener, subscription));
            endIfUnheard(subscription);
        }
    }

    private void tell(Listener listener, Subscription subscription) {
        ErrorResponse error = subscription.error();
        if (error == null) {
            listener.loop().execute(() -> listener.onListening(subscription.channel()));
        } else {
            subscription.listeners().remove(listener);
            listener.loop().execute(() -> listener.onNotListening(subscription.channel(), error));
        }
    }

    private void endIfUnheard(Subscription subscription) {
        boolean unheard = subscription.isDecided() && subscription.listeners().isEmpty();
        if (unheard && subscriptions.remove(subscription.channel(), subscription)) {
            metrics.onChannels(subscriptions.size());
            connections.values().forEach(connection -> connection.run(subscription.command("UNLISTEN"), error -> {}));
        }
    }

    @Override
    public void onNotification(NotificationResponse notification) {
        Subscription subscription = subscriptions.get(notification.channel());
        if (subscription != null) {
            for (Listener listener : subscription.listeners()) {
                listener.loop().execute(() -> listener.onNotification(notification));
            }
        }
    }

    // ---- connections ------------------------------------------------------------------------------------------------

    /** Nobody hears any more: those who did are told, those who are about to are refused. */
    @Override
    public void onLost(ListeningConnection lost, ErrorResponse error) {
        Set<Listener> heard = new LinkedHashSet<>();
        List<Subscription> all = List.copyOf(subscriptions.values());
        subscriptions.clear();
        metrics.onChannels(0);
        for (Subscription subscription : all) {
            if (subscription.isConfirmed()) {
                heard.addAll(subscription.listeners());
            }
            subscription.fail(error);
        }
        heard.forEach(listener -> listener.loop().execute(() -> listener.onLost(error)));
        List<ListeningConnection> others = List.copyOf(connections.values());
        connections.clear();
        others.stream().filter(connection -> connection != lost).forEach(ListeningConnection::close);
    }

    private void onTick() {
        if (subscriptions.isEmpty()) {
            closeAll();
            return;
        }
        List.copyOf(connections.values()).forEach(ListeningConnection::ping);
    }

    private void closeAll() {
        List<ListeningConnection> open = List.copyOf(connections.values());
        connections.clear();
        open.forEach(ListeningConnection::close);
    }

    /** Ends it: the clients are gone. */
    public Future<?> close() {
        return loop.submit(() -> {
            closed = true;
            if (ticking != null) {
                ticking.cancel(false);
            }
            closeAll();
        });
    }
}

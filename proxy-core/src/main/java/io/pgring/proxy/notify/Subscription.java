package io.pgring.proxy.notify;

import io.pgring.pgwire.backend.ErrorResponse;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A channel to which the proxy listens, or is about to. Belongs to the {@link Switchboard}'s event loop. */
final class Subscription {
    private final String channel;
    private final Set<Listener> listeners = new LinkedHashSet<>();
    private int unconfirmed;
    private @Nullable ErrorResponse error;

    /** @param shards how many have to confirm */
    Subscription(String channel, int shards) {
        this.channel = channel;
        this.unconfirmed = shards;
    }

    String channel() {
        return channel;
    }

    /** LISTEN or UNLISTEN of the channel: its name comes quoted, whatever it is. */
    String command(String verb) {
        return verb + " \"" + channel.replace("\"", "\"\"") + '"';
    }

    Set<Listener> listeners() {
        return listeners;
    }

    /** A shard has answered, or can't. */
    void onAnswer(@Nullable ErrorResponse failure) {
        unconfirmed--;
        fail(failure);
    }

    void fail(@Nullable ErrorResponse failure) {
        error = error == null ? failure : error;
    }

    /** Whether all shards have answered. */
    boolean isDecided() {
        return unconfirmed == 0;
    }

    /** Whether all shards listen. */
    boolean isConfirmed() {
        return isDecided() && error == null;
    }

    /** Why not all do; null when none has said so. */
    @Nullable
    ErrorResponse error() {
        return error;
    }
}

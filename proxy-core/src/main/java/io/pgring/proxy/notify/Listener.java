package io.pgring.proxy.notify;

import io.netty.util.concurrent.EventExecutor;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NotificationResponse;

/** A client of the {@link Switchboard}. It is called on its own event loop. */
public interface Listener {
    /** Where it is called. */
    EventExecutor loop();

    /** Every shard has confirmed: what is committed from now on is heard. */
    void onListening(String channel);

    /** A shard has refused, or can't be reached: nothing of the channel will be heard. */
    void onNotListening(String channel, ErrorResponse error);

    /** Somebody has notified a channel. */
    void onNotification(NotificationResponse notification);

    /** A connection was lost while it listened for this one: notifications may be missing, and no more will come. */
    void onLost(ErrorResponse error);
}

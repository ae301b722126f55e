package io.pgring.proxy.frontend;

import io.pgring.proxy.backend.ShardPools;
import io.pgring.proxy.exchange.ExchangeServices;
import io.pgring.proxy.exchange.TextBuffer;
import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.routing.Planner;

/**
 * What the clients of one event loop share.
 *
 * @param services what the clients of all event loops share
 * @param flushQueue of the event loop
 * @param planner of the event loop
 * @param text scratch for texts
 * @param sessions that are logged in
 * @param exchangeServices what the exchanges of the loop work with
 */
public record FrontendLoop(
        FrontendServices services,
        FlushQueue flushQueue,
        Planner planner,
        TextBuffer text,
        SessionWatch sessions,
        ExchangeServices exchangeServices) {
    /** The pools of the event loop. */
    public ShardPools pools() {
        return exchangeServices.pools();
    }
}

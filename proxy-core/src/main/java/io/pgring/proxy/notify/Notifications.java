package io.pgring.proxy.notify;

import io.netty.util.concurrent.EventExecutor;
import io.pgring.proxy.metrics.NotificationMetrics;

/**
 * What the clients of one event loop need to listen.
 *
 * @param switchboard of all event loops
 * @param loop where they live
 * @param metrics counts what they hear
 */
public record Notifications(Switchboard switchboard, EventExecutor loop, NotificationMetrics metrics) {}

package io.pgring.proxy.admin;

import io.pgring.proxy.metrics.NotificationMetrics;

/**
 * LISTEN and what comes of it.
 *
 * @param listeners clients that listen at this moment
 * @param channels to which any of them does
 * @param delivered notifications sent to clients since the start
 */
record NotificationStats(int listeners, int channels, long delivered) {

    static NotificationStats of(NotificationMetrics metrics) {
        return new NotificationStats(metrics.listeners(), metrics.channels(), metrics.delivered());
    }
}

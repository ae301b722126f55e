package io.pgring.proxy.admin;

import io.pgring.proxy.metrics.PinMetrics;
import io.pgring.proxy.metrics.PinReason;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Connections that clients keep between their transactions because of what they have left in their sessions.
 *
 * @param now at this moment
 * @param total times that one was pinned since the start
 * @param reasons by the reason; a connection may have several
 */
record PinStats(int now, long total, Map<String, Count> reasons) {
    /**
     * Those of one reason.
     *
     * @param now at this moment
     * @param total since the start
     */
    record Count(int now, long total) {}

    static PinStats of(PinMetrics metrics) {
        Map<String, Count> reasons = new LinkedHashMap<>();
        for (PinReason reason : PinReason.values()) {
            reasons.put(reason.word(), new Count(metrics.now(reason), metrics.total(reason)));
        }
        return new PinStats(metrics.connectionsNow(), metrics.connectionsTotal(), reasons);
    }
}

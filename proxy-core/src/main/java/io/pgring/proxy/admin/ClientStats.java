package io.pgring.proxy.admin;

import io.pgring.proxy.metrics.ClientMetrics;

/**
 * Clients of the PostgreSQL port.
 *
 * @param connected at this moment
 * @param accepted since the start
 * @param turnedAway for lack of room, since the start
 * @param refusedStatements answered with an error by the proxy itself, since the start
 */
record ClientStats(int connected, long accepted, long turnedAway, long refusedStatements) {

    static ClientStats of(ClientMetrics metrics) {
        return new ClientStats(
                metrics.connected(), metrics.accepted(), metrics.turnedAway(), metrics.refusedStatements());
    }
}

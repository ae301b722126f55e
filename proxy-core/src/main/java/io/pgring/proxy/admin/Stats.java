package io.pgring.proxy.admin;

import java.util.List;

/**
 * The body of {@code /stats}.
 *
 * @param version of the program
 * @param uptimeSeconds since the proxy was started
 * @param topologyVersion grows with every change of shards, ring and tables
 * @param pins connections that clients keep because of what they have left in their sessions
 * @param inDoubt prepared parts of transactions of which it is not known whether they are committed
 */
record Stats(
        String version,
        long uptimeSeconds,
        long topologyVersion,
        int inDoubt,
        ClientStats clients,
        NotificationStats notifications,
        PinStats pins,
        List<ShardStats> shards) {}

package io.pgring.proxy.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One shard in numbers. Counts are of this proxy alone, since its start.
 *
 * @param host name, address, or folder of a Unix-domain socket
 * @param state up, down or unknown
 * @param error why it is down
 * @param share part of the ring that it owns, 0 to 1
 * @param statements exchanges that it has answered: simple queries, and series of messages up to a Sync
 * @param errors ErrorResponses that it has sent, and exchanges lost with their connection
 * @param latencyMicros from the first message of an exchange to its ReadyForQuery
 * @param pool null when the event loops are too busy to tell
 */
record ShardStats(
        String name,
        String host,
        int port,
        String state,
        @Nullable String error,
        double share,
        long statements,
        long errors,
        LatencyStats latencyMicros,
        @Nullable PoolStats pool,
        ConnectionStats connections,
        List<TableRows> tables) {}

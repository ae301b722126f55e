package io.pgring.proxy.admin;

import java.util.List;

/**
 * The body of {@code /stats}.
 *
 * @param version of the program
 * @param uptimeSeconds since the proxy was started
 * @param topologyVersion grows with every change of shards, ring and tables
 */
record Stats(String version, long uptimeSeconds, long topologyVersion, ClientStats clients, List<ShardStats> shards) {}

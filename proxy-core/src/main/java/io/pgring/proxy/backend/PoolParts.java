package io.pgring.proxy.backend;

import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.topology.TopologyView;

/** What the pools of one shard on one event loop work with. */
record PoolParts(
        FlushQueue flushQueue,
        ShardMetrics metrics,
        ServerConnector connector,
        TopologyView view,
        Attachments attachments) {}

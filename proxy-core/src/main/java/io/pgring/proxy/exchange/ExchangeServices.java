package io.pgring.proxy.exchange;

import io.pgring.proxy.backend.ShardPools;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.fanout.Coordination;
import io.pgring.proxy.metrics.ClientMetrics;

/**
 * What the exchanges of one event loop share.
 *
 * @param pools where connections come from
 * @param coordination what commits on several shards need
 * @param limits on what a client may ask for
 * @param metrics counts refusals
 * @param tables for clients that define or declare tables
 * @param exchanges all that share this
 */
public record ExchangeServices(
        ShardPools pools,
        Coordination coordination,
        Limits limits,
        ClientMetrics metrics,
        TableControl tables,
        Exchanges exchanges) {
    /** The same with connections from other pools. */
    public ExchangeServices with(ShardPools others) {
        return new ExchangeServices(others, coordination, limits, metrics, tables, exchanges);
    }
}

package io.pgring.proxy.exchange;

import io.pgring.proxy.backend.ShardPools;
import io.pgring.proxy.config.ConfigurationView;
import io.pgring.proxy.fanout.Coordination;
import io.pgring.proxy.metrics.ClientMetrics;
import io.pgring.proxy.notify.Notifications;

/**
 * What the exchanges of one event loop share.
 *
 * @param pools where connections come from
 * @param coordination what commits on several shards need
 * @param configuration bounds what a client may ask for
 * @param metrics counts refusals
 * @param tables for clients that define or declare tables
 * @param exchanges all that share this
 * @param notifications for clients that listen
 */
public record ExchangeServices(
        ShardPools pools,
        Coordination coordination,
        ConfigurationView configuration,
        ClientMetrics metrics,
        TableControl tables,
        Exchanges exchanges,
        Notifications notifications) {}

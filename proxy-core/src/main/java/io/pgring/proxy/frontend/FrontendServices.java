package io.pgring.proxy.frontend;

import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.config.ConfigurationView;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.PoolModes;
import io.pgring.proxy.metrics.ClientMetrics;
import io.pgring.proxy.tls.TlsContexts;

/**
 * What the clients of all event loops share.
 *
 * @param database the name that clients must ask for
 * @param authenticator what they are judged by
 * @param configuration how many, how long, how large; how long they keep server connections
 * @param metrics counts them
 * @param clients those that are connected
 * @param tls how their connections are encrypted
 * @param console what administrators talk to
 */
public record FrontendServices(
        String database,
        Authenticator authenticator,
        ConfigurationView configuration,
        ClientMetrics metrics,
        ClientRegistry clients,
        TlsContexts tls,
        Console console) {
    /** How many, how long, how large, at this moment. */
    public Limits limits() {
        return configuration.limits();
    }

    /** How long clients keep server connections, at this moment. */
    public PoolModes modes() {
        return configuration.get().modes();
    }
}

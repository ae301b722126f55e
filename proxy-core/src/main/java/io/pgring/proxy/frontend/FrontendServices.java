package io.pgring.proxy.frontend;

import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.metrics.ClientMetrics;

/**
 * What the clients of all event loops share.
 *
 * @param database the name that clients must ask for
 * @param authenticator what they are judged by
 * @param limits how many, how long, how large
 * @param metrics counts them
 * @param clients those that are connected
 */
public record FrontendServices(
        String database, Authenticator authenticator, Limits limits, ClientMetrics metrics, ClientRegistry clients) {}

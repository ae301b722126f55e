package io.pgring.proxy.backend;

import io.netty.channel.Channel;
import io.pgring.pgwire.backend.BackendKeyData;
import java.util.Map;

/**
 * What a login on a shard has given.
 *
 * @param channel the open socket
 * @param key process id and secret for a CancelRequest
 * @param parameters the run-time parameters that the server reported, immutable
 * @param tls whether the connection is encrypted
 * @param lowest version of the topology that the shard accepted when the connection was attached; 0 before, or without a fence
 */
public record ServerSession(
        Channel channel, BackendKeyData key, Map<String, String> parameters, boolean tls, long lowest) {
    /** The same, attached. */
    ServerSession attached(long lowest) {
        return new ServerSession(channel, key, parameters, tls, lowest);
    }
}

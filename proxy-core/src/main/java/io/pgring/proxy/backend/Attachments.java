package io.pgring.proxy.backend;

import io.netty.channel.Channel;
import io.pgring.proxy.topology.Shard;
import java.util.UUID;

/**
 * How connections of this proxy are attached to shards.
 *
 * @param proxy by which the shards know whose they are
 * @param left ends what a new connection finds
 */
public record Attachments(UUID proxy, LeftParts left) {
    /**
     * Attaches one.
     *
     * @param version of the placement by which the connection will be used
     * @param millisMax how long it may take
     */
    void begin(Channel channel, Shard shard, long version, long millisMax, ServerAttachment.Outcome outcome) {
        new ServerAttachment(shard, left, outcome).begin(channel, proxy, version, millisMax);
    }
}

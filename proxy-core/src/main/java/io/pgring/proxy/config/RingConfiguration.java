package io.pgring.proxy.config;

import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import java.util.List;

/**
 * Shape of the ring.
 *
 * @param pointsPerWeight points that a shard of weight 1 owns on the ring; every proxy must have the same
 */
public record RingConfiguration(int pointsPerWeight) {
    /** As many points as make equal shards hold nearly equal shares. */
    public static final RingConfiguration DEFAULT = new RingConfiguration(Ring.POINTS_PER_WEIGHT_DEFAULT);

    public RingConfiguration {
        InvalidValueException.unlessBetween("pointsPerWeight", pointsPerWeight, 1, 10_000);
    }

    /** The ring of these shards; a {@link Configuration} has made sure that there is one. */
    public Ring of(List<ShardConfiguration> shards) {
        return Ring.of(
                shards.stream()
                        .map(shard -> new RingMember(shard.name(), shard.weight()))
                        .toList(),
                pointsPerWeight);
    }
}

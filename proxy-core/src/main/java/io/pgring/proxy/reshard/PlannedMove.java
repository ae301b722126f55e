package io.pgring.proxy.reshard;

import io.pgring.hashring.Arcs;

/**
 * Arcs that must change hands.
 *
 * @param source name of the shard that owns them
 * @param target name of the shard that is to own them
 */
public record PlannedMove(String source, String target, Arcs arcs) {}

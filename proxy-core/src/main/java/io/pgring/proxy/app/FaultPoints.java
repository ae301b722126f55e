package io.pgring.proxy.app;

import io.pgring.proxy.fanout.CommitGate;
import io.pgring.proxy.reshard.ControlPoint;

/**
 * Where tests may stop a proxy, or end it, as if it had crashed there.
 *
 * @param commits messages of commits on several shards
 * @param moves steps of moves
 */
public record FaultPoints(CommitGate commits, ControlPoint moves) {
    /** Nothing stops it. */
    public static final FaultPoints NONE = new FaultPoints(CommitGate.OPEN, ControlPoint.NONE);
}

package io.pgring.proxy.fanout;

import java.util.concurrent.Executor;

/**
 * What commits on several shards need beside the connections.
 *
 * @param inDoubt asked when the outcome is not known
 * @param gate that the messages of a commit must pass
 * @param loop the event loop
 */
public record Coordination(InDoubt inDoubt, CommitGate gate, Executor loop) {}

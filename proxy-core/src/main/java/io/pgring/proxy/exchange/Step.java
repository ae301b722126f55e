package io.pgring.proxy.exchange;

import io.pgring.proxy.fanout.CapturedRows;
import io.pgring.proxy.fanout.FanOutTask;
import org.jspecify.annotations.Nullable;

/**
 * A part of the work on several shards that a statement needs. All steps run on the connections of one transaction, one after the other;
 * the last one answers the client.
 *
 * @param taker where its rows go; null for the client
 * @param next what follows; null for the last step
 */
record Step(
        FanOutTask task,
        CapturedRows.@Nullable Taker taker,
        @Nullable Next next) {
    /** Made when the step before is done, of what that has found. */
    interface Next {
        Step step() throws SpreadTasks.Impossible;
    }

    /** A statement of one step. */
    static Step only(FanOutTask task) {
        return new Step(task, null, null);
    }
}

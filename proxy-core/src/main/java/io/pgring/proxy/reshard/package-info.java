/**
 * Moves rows from shard to shard while clients write: which arcs must move ({@link io.pgring.proxy.reshard.RingPlan}, pure), where each
 * move stands ({@link io.pgring.proxy.reshard.MoveJournal}, durable), and what is done for it
 * ({@link io.pgring.proxy.reshard.Mover}, simple).
 *
 * <pre>
 *   RingPlan ──► MoveJournal ◄── Mover ──► MoveSteps ─┬─► MoveCheck    may these tables be moved at all?
 *                  pgring.moves      one at a time    ├─► Capture      triggers and outboxes on the source
 *                                                     ├─► RowMove      chunks, drains, comparisons, source to target
 *                                                     └─► Pause        the arcs change hands
 *   Verification: every row on its shard?   ReferenceCopies: the same rows on all?
 * </pre>
 *
 * <p>May use topology, config and hashring. Blocking JDBC on control threads; never called by the road. Proxies follow
 * the topology, and with it make the views that leave rows out; {@link io.pgring.proxy.reshard.Barrier} waits for them.
 */
@NullMarked
package io.pgring.proxy.reshard;

import org.jspecify.annotations.NullMarked;

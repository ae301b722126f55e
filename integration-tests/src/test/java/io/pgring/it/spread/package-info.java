/**
 * Statements on several shards under stress: shards that fall down, cancels, clients that vanish, crowds, slow readers, transactions.
 *
 * <pre>
 *   SpreadDeed ──► what runs, one for each road: scatter, gather, split, update
 *   Blockade   ──► makes it stand still on one shard
 *   Idleness   ──► nothing is left behind
 * </pre>
 */
@NullMarked
package io.pgring.it.spread;

import org.jspecify.annotations.NullMarked;

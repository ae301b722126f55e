/**
 * The consistent-hash ring: which shard owns a key, and which keys change hands when the ring changes.
 *
 * <pre>
 *   key ──Token──► token ──Ring.ownerOf──► member
 *                            Ring.arcs ──► Arc ─────────┐
 *   Ring, Ring ──RingDiff.between───────► ArcChange ────┴─TokenRange.toMultirange──► int8multirange for SQL
 * </pre>
 *
 * <p>It owns the token functions (PostgreSQL's own hash functions, so that a shard can say in SQL which of its rows lie
 * on an arc) and the placement of virtual nodes. Both are frozen: changing either would strand every row that has been
 * stored by the old rule. Everything here is pure and immutable, and looking up a key allocates nothing.
 *
 * <p>It may use the JDK and Guava's murmur3, and nothing else: no Netty, no I/O, no logging, no other package of PgRing.
 */
@NullMarked
package io.pgring.hashring;

import org.jspecify.annotations.NullMarked;

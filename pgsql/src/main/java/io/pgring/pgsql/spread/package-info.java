/**
 * How a statement that no key binds to one shard can run on several: {@link io.pgring.pgsql.spread.SpreadAnalysis} finds whether it
 * can be scattered over the shards and its replies combined, or gathered on the home shard, and how its text changes for that.
 *
 * <pre>
 * SpreadAnalysis ──► GatherRules     splices "pgring_gather".t for every sharded table
 *                └─► ScatterReads    FROM, functions, aggregates, ORDER BY, LIMIT ──► Scatter with its Combination
 *                └─► ScatterWrites   UPDATE and DELETE, INSERT ... SELECT of rows that stay in place
 * SplitRows          the rows of an INSERT, each to its shard
 * RelayAnalysis      any other INSERT ──► RelayedInsert: read the rows, then write them
 * KeyMove            UPDATE of a key ──► RelayedUpdate: delete the rows, then write them where they belong
 * Splicer            applies splices to a text
 * </pre>
 *
 * <p>Plans are kept by the text without its literals; so places are token indexes, not byte offsets, and no replacement ever holds
 * a literal of the text. Pure. May use {@code lexer}, {@code tree} and {@code analysis}. When in doubt the answer is that it can't.
 */
@NullMarked
package io.pgring.pgsql.spread;

import org.jspecify.annotations.NullMarked;

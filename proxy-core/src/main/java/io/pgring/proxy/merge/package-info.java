/**
 * Many replies into one: the rows that several shards send become the rows that one server would send.
 *
 * <pre>
 *   RowSource ─┐
 *   RowSource ─┼─► RowMerge ─► RowSink      AppendMerge      one source after the other
 *   RowSource ─┘      ▲                     OrderedMerge     sorted rows stay sorted
 *                     │                     AggregatedMerge  one row of each becomes one row
 *            RowMerges.of(Combination)      GroupedMerge     sorted groups, equal ones combined
 * </pre>
 *
 * Streams: it holds at most one row of its own, and pulls the rest from its sources when the sink has room. Owns no buffer that
 * it is shown; what it can't compare or add exactly is a {@link io.pgring.proxy.merge.value.MergeFailure}. May use pgwire, pgsql's
 * {@code spread} and Netty buffers; no channel.
 */
@NullMarked
package io.pgring.proxy.merge;

import org.jspecify.annotations.NullMarked;

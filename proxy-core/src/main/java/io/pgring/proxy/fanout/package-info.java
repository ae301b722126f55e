/**
 * One statement on several shards. {@link io.pgring.proxy.fanout.FanOut} borrows a connection to each shard, sends each its
 * {@link io.pgring.proxy.fanout.ShardStatement}, and makes one reply of the many; the
 * {@link io.pgring.proxy.fanout.Participants} are the connections that then hold parts of one transaction, and
 * {@link io.pgring.proxy.fanout.Conclusion} commits or rolls back all of them: how a commit goes is drawn in
 * {@code Commit}.
 *
 * <pre>
 *   exchange ──► FanOut ──┬──► ShardRun ──► backend.ServerLease      a shard's part: rows come in
 *      ▲                  ├──► ShardRun ──► ...
 *      │ ReplySink        └──► merge.RowMerge                        rows go out
 *      └─────────────────────────┘
 * </pre>
 *
 * A COPY goes the other way, too: {@link io.pgring.proxy.fanout.CopyInput} hands the client's rows to the shards of their keys.
 *
 * <p>May use backend, merge, copy, topology, routing's placement of rows, pgsql's splices and options of COPY, and pgwire. Belongs to one event loop.
 */
@NullMarked
package io.pgring.proxy.fanout;

import org.jspecify.annotations.NullMarked;

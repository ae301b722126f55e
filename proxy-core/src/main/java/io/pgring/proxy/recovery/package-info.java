/**
 * Ends transactions on several shards whose coordinator has died, or has lost a shard, between prepare and commit.
 * {@link io.pgring.proxy.recovery.TransactionRecovery} looks for their prepared parts on all shards at the start, now and then, and when
 * it is asked; {@link io.pgring.proxy.recovery.CommitLog} is the log of a shard, whose first entry for a transaction decides.
 * A shard that can't be told of a commit which clients have heard of is barred until it is: {@link io.pgring.proxy.recovery.UnfinishedCommits}.
 *
 * <pre>
 *   fanout.Commit ──► InDoubt.settle ──► TransactionRecovery ──► ShardTransactions ──► pg_prepared_xacts, COMMIT PREPARED
 *                                                          └──► CommitLog ──────────► pgring.commit_log
 * </pre>
 *
 * Control side: blocking JDBC on a thread of its own. Many proxies may do this at once: they agree because the log has one row for each
 * transaction. May use topology and fanout's interface.
 */
@NullMarked
package io.pgring.proxy.recovery;

import org.jspecify.annotations.NullMarked;

package io.pgring.proxy.fanout;

import io.pgring.pgsql.spread.Combination;
import io.pgring.pgsql.spread.RowLimit;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.proxy.merge.RowMerge;
import io.pgring.proxy.merge.RowMerges;
import io.pgring.proxy.merge.RowSource;
import java.util.ArrayList;
import java.util.List;

/** How the rows of several shards become those of one reply. */
final class MergeChoice {
    private static final RowLimit.Bound NO_BOUND = new RowLimit.Bound.None();
    private static final Combination APPEND = new Combination.Append(new RowLimit(NO_BOUND, NO_BOUND));

    private MergeChoice() {}

    /** The merge of the rows that shards send with these columns. */
    static RowMerge of(Reply reply, List<ShardRun> runs, RowDescription sent) {
        List<RowSource> sources = new ArrayList<>(runs);
        if (reply instanceof Reply.InOrder inOrder) {
            return RowMerges.interleaved(
                    sources, inOrder.sources(), sent.fields().size());
        }
        if (reply instanceof Reply.Explained explained) {
            return RowMerges.plans(sources, explained.header(), explained.titles());
        }
        Reply.Rows wanted = reply instanceof Reply.Rows some ? some : new Reply.Rows(APPEND, -1, 0);
        int[] typeOids =
                sent.fields().stream().mapToInt(RowDescription.Field::typeOid).toArray();
        int[] formats =
                sent.fields().stream().mapToInt(RowDescription.Field::format).toArray();
        return RowMerges.of(wanted.combination(), wanted.limit(), wanted.offset(), sources, typeOids, formats);
    }

    /** The columns that the client sees of them. */
    static RowDescription columns(Reply reply, RowDescription sent) {
        return reply instanceof Reply.Rows wanted ? MergedRows.visible(sent, wanted.combination()) : sent;
    }

    /** Whether rows go on as they come, up to an error behind them. */
    static boolean streams(Reply reply) {
        return reply instanceof Reply.Rows || reply instanceof Reply.CopiedOut;
    }

    /** Whether rows of any shard may come before those of another. */
    static boolean isUnordered(Reply reply) {
        return reply instanceof Reply.Rows wanted && wanted.combination() instanceof Combination.Append;
    }
}

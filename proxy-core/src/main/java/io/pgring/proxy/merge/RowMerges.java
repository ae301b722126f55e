package io.pgring.proxy.merge;

import io.pgring.pgsql.spread.AggregateColumn;
import io.pgring.pgsql.spread.Combination;
import io.pgring.proxy.merge.value.TypeOids;
import java.util.List;

/** Which merge a combination needs. */
public final class RowMerges {
    private RowMerges() {}

    /**
     * The merge of the rows of one execution.
     *
     * @param limit most rows that the client gets; below zero for no limit
     * @param offset rows that are skipped before the first that it gets
     * @param sources the shards, at least one; rows that are equal come in their order
     * @param typeOids of each column that the shards send, hidden ones as well
     * @param formats of each column that the shards send: 0 text, 1 binary
     * @throws io.pgring.proxy.merge.value.MergeFailure when rows of such columns can't be merged exactly
     */
    public static RowMerge of(
            Combination combination, long limit, long offset, List<RowSource> sources, int[] typeOids, int[] formats) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to merge");
        }
        SentColumns sent = new SentColumns(typeOids, formats);
        RowWindow window = new RowWindow(limit, offset);
        if (combination instanceof Combination.Ordered ordered) {
            RowOrder order = new RowOrder(ordered.keys(), sent);
            return new OrderedMerge(sources, order, sent.count(), ordered.hiddenColumns(), window);
        }
        if (combination instanceof Combination.Grouped grouped) {
            RowOrder order = new RowOrder(grouped.groupOrder(), sent);
            CombinedRow combined = new CombinedRow(grouped.columns(), sent);
            return new GroupedMerge(sources, order, sent.count(), combined, window);
        }
        if (combination instanceof Combination.Aggregated aggregated) {
            CombinedRow combined = new CombinedRow(aggregated.columns(), sent);
            return new AggregatedMerge(sources, sent.count(), combined, window);
        }
        return new AppendMerge(sources, sent.count(), window);
    }

    /**
     * The rows of all sources in an order that is known before.
     *
     * @param order the index of the source of each row; a source that has fewer rows than that is left out from then on
     * @param columns how many the client gets
     */
    public static RowMerge interleaved(List<RowSource> sources, int[] order, int columns) {
        return new InterleavedMerge(sources, order, columns);
    }

    /**
     * The lines of query plans, one source after the other.
     *
     * @param header lines before all
     * @param titles a line before each source, whose own lines are then indented; empty for none
     */
    public static RowMerge plans(List<RowSource> sources, List<String> header, List<String> titles) {
        return new PlanMerge(sources, header, titles);
    }

    /** The type of a combined column, which is the type that the shards send unless they send something to divide. */
    public static int typeOid(AggregateColumn column, int[] typeOids) {
        int index = column.column() < 0 ? typeOids.length + column.column() : column.column();
        return column.kind() == AggregateColumn.Kind.AVG ? TypeOids.NUMERIC : typeOids[index];
    }
}

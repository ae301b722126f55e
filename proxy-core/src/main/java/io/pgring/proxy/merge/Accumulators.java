package io.pgring.proxy.merge;

import io.pgring.pgsql.spread.AggregateColumn;
import io.pgring.proxy.merge.value.MergeFailure;
import io.pgring.proxy.merge.value.TypeOids;
import io.pgring.proxy.merge.value.ValueOrder;
import io.pgring.proxy.merge.value.ValueOrders;

/** Which accumulator a column needs, given what the shards send. */
final class Accumulators {
    private Accumulators() {}

    /** @throws MergeFailure when the column can't be combined exactly */
    static Accumulator of(AggregateColumn column, SentColumns sent) {
        int index = sent.index(column.column());
        return switch (column.kind()) {
            case GROUP_KEY -> new FirstValue(index);
            case COUNT -> new BigintSum(index, sent.typeOid(index), sent.format(index));
            case SUM -> sum(index, sent.typeOid(index), sent.format(index));
            case MIN -> new Extreme(index, order(column, sent), false);
            case MAX -> new Extreme(index, order(column, sent), true);
            case AVG ->
                new Average(
                        new NumericSum(index, sent.typeOid(index), sent.format(index)),
                        count(column.countColumn(), sent));
            case BOOL_AND -> new BooleanFold(index, sent.typeOid(index), sent.format(index), false);
            case BOOL_OR -> new BooleanFold(index, sent.typeOid(index), sent.format(index), true);
        };
    }

    private static Accumulator sum(int index, int typeOid, int format) {
        return typeOid == TypeOids.INT8
                ? new BigintSum(index, typeOid, format)
                : new NumericSum(index, typeOid, format);
    }

    private static BigintSum count(int column, SentColumns sent) {
        return new BigintSum(sent.index(column), sent.typeOid(column), sent.format(column));
    }

    private static ValueOrder order(AggregateColumn column, SentColumns sent) {
        return ValueOrders.of(sent.typeOid(column.column()), sent.format(column.column()), column.type());
    }
}

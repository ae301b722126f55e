package io.pgring.proxy.merge;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.spread.AggregateColumn;
import io.pgring.pgsql.spread.AggregateColumn.Kind;
import io.pgring.pgsql.spread.Combination;
import io.pgring.pgsql.spread.RowLimit;
import io.pgring.pgsql.spread.SortKey;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.proxy.merge.value.TypeOids;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random rows on random shards, arriving at random, against one sort or one map of all rows. */
class RowMergesPropertyTest {
    private static final RowLimit NO_LIMIT = new RowLimit(new RowLimit.Bound.None(), new RowLimit.Bound.None());

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** A row of a table {@code (number integer, name text)} on one shard. */
    private record Row(@Nullable Integer number, String name, int shard) {
        DataRow toDataRow() {
            return DataRow.ofText(name, number == null ? null : number.toString());
        }
    }

    @Test
    void sortedMergeIsOneSort() {
        for (int round = 0; round < 2_000; round++) {
            boolean descending = random.nextBoolean();
            boolean nullsFirst = random.nextBoolean();
            Comparator<Integer> values = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
            Comparator<@Nullable Integer> numbers =
                    nullsFirst ? Comparator.nullsFirst(values) : Comparator.nullsLast(values);
            Comparator<Row> order = Comparator.<Row, @Nullable Integer>comparing(Row::number, numbers)
                    .thenComparing(Row::name);
            List<Row> rows =
                    rows().stream().sorted(order.thenComparing(Row::shard)).toList();
            List<SortKey> keys = List.of(
                    new SortKey(1, ColumnType.INTEGER, descending, nullsFirst),
                    new SortKey(0, ColumnType.TEXT_BY_BYTES, false, false));
            Combination combination = new Combination.Ordered(keys, 0, NO_LIMIT);
            int limit = random.nextInt(30) - 1;
            int offset = random.nextInt(10);
            List<DataRow> expected = rows.stream()
                    .skip(offset)
                    .limit(limit < 0 ? Long.MAX_VALUE : limit)
                    .map(Row::toDataRow)
                    .toList();
            List<DataRow> merged = merged(combination, limit, offset, sources(rows), TypeOids.TEXT, TypeOids.INT4);
            assertThat(merged).as("seed %d round %d", seed, round).isEqualTo(expected);
        }
    }

    @Test
    void groupedMergeIsOneMap() {
        for (int round = 0; round < 2_000; round++) {
            List<Row> rows = rows().stream().filter(row -> row.number() != null).toList();
            List<FakeSource> sources = new ArrayList<>();
            for (int shard = 0; shard < 4; shard++) {
                int current = shard;
                sources.add(FakeSource.withoutRows(groups(rows.stream().filter(row -> row.shard() == current))));
            }
            Combination combination = new Combination.Grouped(
                    List.of(new SortKey(0, ColumnType.TEXT_BY_BYTES, false, false)),
                    List.of(
                            new AggregateColumn(Kind.GROUP_KEY, 0, 0, ColumnType.TEXT_BY_BYTES),
                            new AggregateColumn(Kind.SUM, 1, 0, ColumnType.INTEGER)),
                    0,
                    NO_LIMIT);
            assertThat(merged(combination, -1, 0, sources, TypeOids.TEXT, TypeOids.INT8))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(groups(rows.stream()));
        }
    }

    private static List<DataRow> groups(Stream<Row> rows) {
        Map<String, Long> sums = rows.collect(
                groupingBy(Row::name, TreeMap::new, summingLong(row -> Objects.requireNonNull(row.number()))));
        return sums.entrySet().stream()
                .map(group -> DataRow.ofText(group.getKey(), group.getValue().toString()))
                .toList();
    }

    private List<Row> rows() {
        return Stream.generate(() -> {
                    Integer number = random.nextInt(6) == 0 ? null : random.nextInt(10) - 5;
                    return new Row(number, Character.toString('a' + random.nextInt(4)), random.nextInt(4));
                })
                .limit(random.nextInt(40))
                .toList();
    }

    private static List<FakeSource> sources(List<Row> rows) {
        return Stream.of(0, 1, 2, 3)
                .map(shard -> FakeSource.withoutRows(rows.stream()
                        .filter(row -> row.shard() == shard)
                        .map(Row::toDataRow)
                        .toList()))
                .toList();
    }

    /** Advances with whatever the awaited source, and at times another, has brought, into a sink with little room. */
    private List<DataRow> merged(
            Combination combination, long limit, long offset, List<FakeSource> sources, int... typeOids) {
        FakeSink sink = new FakeSink();
        RowMerge merge =
                RowMerges.of(combination, limit, offset, List.copyOf(sources), typeOids, new int[typeOids.length]);
        while (!merge.isDone()) {
            sink.makeRoom(random.nextInt(4));
            merge.advance(sink, merge.rows() + random.nextInt(4));
            if (merge.awaited() instanceof FakeSource awaited) {
                awaited.arrive(1 + random.nextInt(3));
            }
            if (random.nextInt(4) == 0) {
                sources.get(random.nextInt(sources.size())).arrive(1);
            }
        }
        assertThat(merge.rows()).isEqualTo(sink.rows().size());
        return sink.rows();
    }
}

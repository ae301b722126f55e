package io.pgring.proxy.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.spread.AggregateColumn;
import io.pgring.pgsql.spread.AggregateColumn.Kind;
import io.pgring.pgsql.spread.Combination;
import io.pgring.pgsql.spread.RowLimit;
import io.pgring.pgsql.spread.SortKey;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.proxy.merge.value.MergeFailure;
import io.pgring.proxy.merge.value.TypeOids;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowMergesTest {
    private static final RowLimit NO_LIMIT = new RowLimit(new RowLimit.Bound.None(), new RowLimit.Bound.None());
    private static final Combination APPEND = new Combination.Append(NO_LIMIT);
    private static final SortKey BY_LAST = new SortKey(-1, ColumnType.INTEGER, false, false);

    private final FakeSink sink = new FakeSink();

    private static DataRow row(@Nullable String... values) {
        return DataRow.ofText(values);
    }

    private static RowMerge merge(Combination combination, List<RowSource> sources, int... typeOids) {
        return merge(combination, -1, 0, sources, typeOids);
    }

    private static RowMerge merge(
            Combination combination, long limit, long offset, List<RowSource> sources, int... typeOids) {
        return RowMerges.of(combination, limit, offset, sources, typeOids, new int[typeOids.length]);
    }

    private static Combination.Ordered ordered(int hiddenColumns, SortKey... keys) {
        return new Combination.Ordered(List.of(keys), hiddenColumns, NO_LIMIT);
    }

    private static Combination.Aggregated aggregated(AggregateColumn... columns) {
        return new Combination.Aggregated(List.of(columns));
    }

    private static AggregateColumn column(Kind kind, int column, ColumnType type) {
        return new AggregateColumn(kind, column, -1, type);
    }

    private List<String> all(RowMerge merge) {
        merge.advance(sink, Long.MAX_VALUE);
        assertThat(merge.isDone()).isTrue();
        assertThat(merge.awaited()).isNull();
        assertThat(merge.rows()).isEqualTo(sink.rows().size());
        return sink.texts();
    }

    @Test
    void appendedRowsComeOneSourceAfterTheOther() {
        List<RowSource> sources =
                List.of(FakeSource.of(row("b"), row((String) null)), FakeSource.of(), FakeSource.of(row("a")));
        assertThat(all(merge(APPEND, sources, TypeOids.TEXT))).containsExactly("b", "NULL", "a");
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, abcd", "2, 0, ab", "2, 1, bc", "-1, 3, d", "9, 9, ''", "0, 0, ''", "4, 0, abcd", "1, 3, d"})
    void limitAndOffsetCountOverAllSources(long limit, long offset, String expected) {
        List<RowSource> sources = List.of(FakeSource.of(row("a"), row("b")), FakeSource.of(row("c"), row("d")));
        RowMerge merge = merge(APPEND, limit, offset, sources, TypeOids.TEXT);
        assertThat(String.join("", all(merge))).isEqualTo(expected);
    }

    @Test
    void sortedRowsStaySortedAndHiddenColumnsAreDropped() {
        List<RowSource> sources = List.of(
                FakeSource.of(row("b", "2"), row("d", "10"), row("e", null)),
                FakeSource.of(row("a", "1"), row("c", "9")));
        RowMerge merge = merge(ordered(1, BY_LAST), sources, TypeOids.TEXT, TypeOids.INT4);
        assertThat(all(merge)).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void descendingAndNullsFirstAreKept() {
        SortKey descending = new SortKey(0, ColumnType.INTEGER, true, true);
        SortKey ascending = new SortKey(1, ColumnType.INTEGER, false, true);
        List<RowSource> sources = List.of(
                FakeSource.of(row(null, "1"), row("10", null), row("9", "1")),
                FakeSource.of(row(null, null), row("10", "1"), row("9", null)));
        RowMerge merge = merge(ordered(0, descending, ascending), sources, TypeOids.INT4, TypeOids.INT4);
        assertThat(all(merge)).containsExactly("NULL,NULL", "NULL,1", "10,NULL", "10,1", "9,NULL", "9,1");
    }

    @Test
    void equalRowsComeInTheOrderOfTheirSources() {
        List<RowSource> sources = List.of(
                FakeSource.of(row("a", "1"), row("b", "1")),
                FakeSource.of(row("c", "1")),
                FakeSource.of(row("d", "1")));
        RowMerge merge = merge(ordered(1, BY_LAST), sources, TypeOids.TEXT, TypeOids.INT4);
        assertThat(all(merge)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void noRowIsMovedBeforeEverySourceHasShownItsFirst() {
        // Given one source that has a row and one that has none yet
        FakeSource late = FakeSource.withoutRows(List.of(row("1")));
        RowMerge merge = merge(ordered(0, BY_LAST), List.of(FakeSource.of(row("2")), late), TypeOids.INT4);
        // When the merge is advanced
        merge.advance(sink, Long.MAX_VALUE);
        // Then it waits for the late one
        assertThat(sink.texts()).isEmpty();
        assertThat(merge.awaited()).isSameAs(late);
        // When its row comes, but not its end
        late.arrive(1);
        merge.advance(sink, Long.MAX_VALUE);
        // Then this row is sure to be the first, and no more
        assertThat(sink.texts()).containsExactly("1");
        assertThat(merge.awaited()).isSameAs(late);
        late.arrive(1);
        assertThat(all(merge)).containsExactly("1", "2");
    }

    @Test
    void aFullSinkAndTheClientsRowCountStopTheMerge() {
        List<RowSource> sources = List.of(FakeSource.of(row("1"), row("3")), FakeSource.of(row("2"), row("4")));
        RowMerge merge = merge(ordered(0, BY_LAST), sources, TypeOids.INT4);
        sink.makeRoom(1);
        merge.advance(sink, Long.MAX_VALUE);
        assertThat(sink.texts()).containsExactly("1");
        assertThat(merge.isDone()).isFalse();
        assertThat(merge.awaited()).isNull();
        sink.makeRoom(100);
        merge.advance(sink, 3);
        assertThat(merge.rows()).isEqualTo(3);
        assertThat(merge.isDone()).isFalse();
        assertThat(all(merge)).containsExactly("1", "2", "3", "4");
    }

    @Test
    void aSourceNeedNotEndWhenTheLimitIsReached() {
        FakeSource endless = FakeSource.withoutRows(List.of(row("1"), row("2"), row("3")));
        endless.arrive(2);
        RowMerge merge = merge(ordered(0, BY_LAST), 1, 0, List.of(endless), TypeOids.INT4);
        assertThat(all(merge)).containsExactly("1");
    }

    @Test
    void aggregatesOfAllSourcesBecomeOneRow() {
        Combination combination = aggregated(
                column(Kind.COUNT, 0, ColumnType.OTHER),
                column(Kind.SUM, 1, ColumnType.INTEGER),
                column(Kind.SUM, 2, ColumnType.NUMERIC),
                column(Kind.MIN, 3, ColumnType.INTEGER),
                column(Kind.MAX, 4, ColumnType.NUMERIC),
                new AggregateColumn(Kind.AVG, 5, -1, ColumnType.INTEGER),
                column(Kind.BOOL_AND, 6, ColumnType.BOOLEAN),
                column(Kind.BOOL_OR, 7, ColumnType.BOOLEAN));
        List<RowSource> sources = List.of(
                FakeSource.of(row("3", "10", "1.5", "9", "9.5", "10", "t", "f", "2")),
                FakeSource.of(row("0", null, null, null, null, null, null, null, "0")),
                FakeSource.of(row("2", "-4", "2.25", "10", "10", "-3", "f", "t", "1")));
        int[] typeOids = {
            TypeOids.INT8,
            TypeOids.INT8,
            TypeOids.NUMERIC,
            TypeOids.INT4,
            TypeOids.NUMERIC,
            TypeOids.INT8,
            TypeOids.BOOL,
            TypeOids.BOOL,
            TypeOids.INT8
        };
        assertThat(all(merge(combination, sources, typeOids))).containsExactly("5,6,3.75,9,10,2.3333333333333333,f,t");
    }

    @Test
    void aggregatesOfNothingAreNullAndCountsAreZero() {
        Combination combination = aggregated(
                column(Kind.COUNT, 0, ColumnType.OTHER),
                column(Kind.SUM, 1, ColumnType.INTEGER),
                column(Kind.MAX, 2, ColumnType.INTEGER),
                new AggregateColumn(Kind.AVG, 3, 0, ColumnType.NUMERIC),
                column(Kind.BOOL_AND, 4, ColumnType.BOOLEAN));
        DataRow nothing = row("0", null, null, null, null);
        List<RowSource> sources = List.of(FakeSource.of(nothing), FakeSource.of(nothing));
        int[] typeOids = {TypeOids.INT8, TypeOids.INT8, TypeOids.INT4, TypeOids.NUMERIC, TypeOids.BOOL};
        assertThat(all(merge(combination, sources, typeOids))).containsExactly("0,NULL,NULL,NULL,NULL");
    }

    @Test
    void binaryAggregatesAreAnsweredInBinary() {
        Combination combination = aggregated(
                column(Kind.COUNT, 0, ColumnType.OTHER),
                new AggregateColumn(Kind.AVG, 1, 0, ColumnType.INTEGER),
                column(Kind.BOOL_OR, 2, ColumnType.BOOLEAN));
        DataRow one = new DataRow(new byte[][] {{0, 0, 0, 0, 0, 0, 0, 2}, {0, 0, 0, 0, 0, 0, 0, 5}, {1}});
        int[] typeOids = {TypeOids.INT8, TypeOids.INT8, TypeOids.BOOL};
        List<RowSource> sources = List.of(FakeSource.of(one), FakeSource.of(one));
        RowMerge merge = RowMerges.of(combination, -1, 0, sources, typeOids, new int[] {1, 1, 1});
        merge.advance(sink, Long.MAX_VALUE);
        // numeric_send of 2.5000000000000000: two digits, weight 0, positive, display scale 16
        byte[] average = {0, 2, 0, 0, 0, 0, 0, 16, 0, 2, 0x13, (byte) 0x88};
        assertThat(sink.rows()).containsExactly(new DataRow(new byte[][] {{0, 0, 0, 0, 0, 0, 0, 4}, average, {1}}));
    }

    @Test
    void aSumOfBigintsThatOverflowsIsAnError() {
        RowMerge merge = merge(
                aggregated(column(Kind.SUM, 0, ColumnType.INTEGER)),
                List.of(FakeSource.of(row("9223372036854775807")), FakeSource.of(row("1"))),
                TypeOids.INT8);
        assertThatThrownBy(() -> merge.advance(sink, Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        MergeFailure.class,
                        failure -> assertThat(failure.sqlState()).isEqualTo("22003"))
                .hasMessage("bigint out of range");
        assertThat(sink.texts()).isEmpty();
    }

    @Test
    void aShardThatDoesNotSendOneRowOfAggregatesIsNotBelieved() {
        Combination count = aggregated(column(Kind.COUNT, 0, ColumnType.OTHER));
        for (FakeSource wrong : List.of(FakeSource.of(), FakeSource.of(row("1"), row("2")))) {
            RowMerge merge = merge(count, List.of(FakeSource.of(row("1")), wrong), TypeOids.INT8);
            assertThatThrownBy(() -> merge.advance(sink, Long.MAX_VALUE)).isInstanceOf(MergeFailure.class);
        }
        assertThat(sink.texts()).isEmpty();
    }

    @Test
    void equalGroupsOfSeveralSourcesAreCombined() {
        List<RowSource> sources = List.of(
                FakeSource.of(row("1", "a"), row("5", "c"), row("7", null)),
                FakeSource.of(row("2", "a"), row("3", "b"), row("8", null)));
        Combination.Grouped grouped = new Combination.Grouped(
                List.of(new SortKey(-1, ColumnType.TEXT_BY_BYTES, false, false)),
                List.of(column(Kind.GROUP_KEY, 1, ColumnType.TEXT_BY_BYTES), column(Kind.SUM, 0, ColumnType.INTEGER)),
                0,
                NO_LIMIT);
        assertThat(all(merge(grouped, sources, TypeOids.INT8, TypeOids.TEXT)))
                .containsExactly("a,3", "b,3", "c,5", "NULL,15");
    }

    @Test
    void groupsAreCountedByLimitAndOffsetAfterTheyWereCombined() {
        Combination.Grouped distinct = new Combination.Grouped(
                List.of(new SortKey(0, ColumnType.INTEGER, true, true)),
                List.of(column(Kind.GROUP_KEY, 0, ColumnType.INTEGER)),
                0,
                NO_LIMIT);
        List<RowSource> sources =
                List.of(FakeSource.of(row("4"), row("3"), row("1")), FakeSource.of(row("4"), row("2"), row("1")));
        assertThat(all(merge(distinct, 2, 1, sources, TypeOids.INT4))).containsExactly("3", "2");
    }

    @Test
    void aGroupIsHeldBackUntilNoSourceCanAddToIt() {
        FakeSource late = FakeSource.withoutRows(List.of(row("1"), row("1")));
        late.arrive(1);
        Combination.Grouped distinct = new Combination.Grouped(
                List.of(BY_LAST), List.of(column(Kind.GROUP_KEY, 0, ColumnType.INTEGER)), 0, NO_LIMIT);
        RowMerge merge = merge(distinct, List.of(FakeSource.of(row("1")), late), TypeOids.INT4);
        merge.advance(sink, Long.MAX_VALUE);
        assertThat(sink.texts()).isEmpty();
        assertThat(merge.awaited()).isSameAs(late);
        late.arrive(2);
        assertThat(all(merge)).containsExactly("1");
    }

    @Test
    void rowsOutOfOrderAreNotBelieved() {
        Combination.Grouped distinct = new Combination.Grouped(
                List.of(BY_LAST), List.of(column(Kind.GROUP_KEY, 0, ColumnType.INTEGER)), 0, NO_LIMIT);
        for (Combination combination : List.of(distinct, ordered(0, BY_LAST))) {
            List<RowSource> sources = List.of(FakeSource.of(row("2"), row("4"), row("3")), FakeSource.of(row("9")));
            RowMerge merge = merge(combination, sources, TypeOids.INT4);
            assertThatThrownBy(() -> merge.advance(sink, Long.MAX_VALUE)).isInstanceOf(MergeFailure.class);
        }
    }

    @Test
    void aSumWhoseOrderOfAdditionMattersIsRefused() {
        Combination sum = aggregated(column(Kind.SUM, 0, ColumnType.DOUBLE_PRECISION));
        assertThatThrownBy(() -> merge(sum, List.of(FakeSource.of()), TypeOids.FLOAT8))
                .isInstanceOf(MergeFailure.class);
    }

    @Test
    void aRowOfAnotherShapeIsNotMerged() {
        RowMerge merge = merge(ordered(0, BY_LAST), List.of(FakeSource.of(row("1", "2"))), TypeOids.INT4);
        assertThatThrownBy(() -> merge.advance(sink, Long.MAX_VALUE)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void theTypeOfAnAverageIsNumericAndOthersStayAsTheyAre() {
        int[] typeOids = {TypeOids.INT8, TypeOids.INT4};
        AggregateColumn average = new AggregateColumn(Kind.AVG, 0, -1, ColumnType.INTEGER);
        assertThat(RowMerges.typeOid(average, typeOids)).isEqualTo(TypeOids.NUMERIC);
        assertThat(RowMerges.typeOid(column(Kind.MIN, -1, ColumnType.INTEGER), typeOids))
                .isEqualTo(TypeOids.INT4);
    }
}

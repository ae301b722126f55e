package io.pgring.proxy.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgwire.backend.DataRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanMergeTest {
    private final FakeSink sink = new FakeSink();

    private static DataRow line(String text) {
        return DataRow.ofText(text);
    }

    @Test
    void onePlanStandsBelowTheHeader() {
        RowMerge merge = RowMerges.plans(
                List.of(FakeSource.of(line("Scan"), line("  Filter"))), List.of("PgRing: one"), List.of());
        merge.advance(sink, Long.MAX_VALUE);
        assertThat(merge.isDone()).isTrue();
        assertThat(sink.texts()).containsExactly("PgRing: one", "Scan", "  Filter");
        assertThat(merge.rows()).isEqualTo(3);
    }

    @Test
    void severalPlansAreIndentedBelowTheirTitles() {
        RowMerge merge = RowMerges.plans(
                List.of(FakeSource.of(line("Scan")), FakeSource.of(), FakeSource.of(line("Scan"), line("  ü"))),
                List.of("PgRing: three"),
                List.of("a:", "b:", "c:"));
        merge.advance(sink, Long.MAX_VALUE);
        assertThat(merge.isDone()).isTrue();
        assertThat(sink.texts()).containsExactly("PgRing: three", "a:", "  Scan", "b:", "c:", "  Scan", "    ü");
    }

    @Test
    void aPlanThatIsNotThereIsAwaited() {
        FakeSource first = FakeSource.withoutRows(List.of(line("Scan")));
        RowMerge merge = RowMerges.plans(List.of(first, FakeSource.of(line("Sort"))), List.of(), List.of("a:", "b:"));

        merge.advance(sink, Long.MAX_VALUE);
        assertThat(merge.awaited()).isSameAs(first);
        assertThat(sink.texts()).containsExactly("a:");

        first.arrive(2);
        merge.advance(sink, 3);
        assertThat(sink.texts()).containsExactly("a:", "  Scan", "b:");
        assertThat(merge.isDone()).isFalse();

        merge.advance(sink, Long.MAX_VALUE);
        assertThat(merge.isDone()).isTrue();
        assertThat(sink.texts()).hasSize(4);
    }
}

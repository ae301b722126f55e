package io.pgring.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.history.Operation.Append;
import io.pgring.it.history.Operation.Count;
import io.pgring.it.history.Operation.Read;
import io.pgring.it.history.Operation.Write;
import io.pgring.it.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker takes what can have been, and finds everything else: histories are made by hand, with times that tell their order. */
class HistoryCheckerTest {
    private final List<Operation> operations = new ArrayList<>();
    private final List<Row> before = new ArrayList<>();
    private final List<Row> after = new ArrayList<>();

    private void append(String key, long number, Outcome outcome, long begin, long end) {
        operations.add(new Write("w" + number, List.of(new Append(key, number, begin)), outcome, begin, end));
    }

    private void committed(String key, long number, long begin, long end) {
        append(key, number, Outcome.COMMITTED, begin, end);
    }

    private void read(String key, String value, long begin, long end) {
        operations.add(Read.of("r" + begin, new Row(key, value), begin, end));
    }

    private void scan(long begin, long end, Row... rows) {
        operations.add(new Read("s" + begin, null, Arrays.asList(rows), begin, end));
    }

    private void count(long rows, long begin, long end) {
        operations.add(new Count("c" + begin, rows, begin, end));
    }

    private void end(String key, String value) {
        after.add(new Row(key, value));
    }

    private List<Kind> found() {
        return HistoryChecker.check(operations, before, after).stream()
                .map(Violation::kind)
                .toList();
    }

    @Test
    void aHistoryThatCanHaveBeenIsRight() {
        before.add(new Row("a", "1,"));
        committed("a", 2, 10, 20);
        read("a", "1,2,", 12, 14);
        read("a", "1,", 11, 13);
        append("a", 3, Outcome.UNKNOWN, 21, 22);
        read("a", "1,2,", 23, 24);
        read("a", "1,2,3,", 25, 40);
        append("a", 4, Outcome.FAILED, 30, 31);
        committed("b", 5, 32, 36);
        scan(33, 34, new Row("a", "1,2,3,"), new Row("b", "5,"));
        scan(33, 35, new Row("a", "1,2,"));
        count(1, 31, 33);
        count(2, 31, 33);
        count(2, 37, 38);
        end("a", "1,2,3,");
        end("b", "5,");

        assertThat(HistoryChecker.check(operations, before, after)).isEmpty();
    }

    @Test
    void anAcknowledgedWriteIsLost() {
        committed("a", 1, 1, 2);
        committed("a", 2, 3, 4);
        end("a", "1,");

        assertThat(found()).containsExactly(Kind.LOST);
    }

    @Test
    void aRowIsLost() {
        committed("a", 1, 1, 2);

        assertThat(found()).containsExactly(Kind.LOST);
    }

    @Test
    void aWriteOfUnknownOutcomeMayBeThereOrNot() {
        append("a", 1, Outcome.UNKNOWN, 1, 2);
        append("a", 2, Outcome.UNKNOWN, 3, 4);
        read("a", "", 5, 6);
        read("a", "2,", 7, 8);
        end("a", "2,");

        assertThat(found()).isEmpty();
    }

    @Test
    void aWriteOfUnknownOutcomeIsSeenAndThenGone() {
        committed("a", 1, 1, 2);
        append("a", 2, Outcome.UNKNOWN, 3, 4);
        read("a", "1,2,", 5, 6);
        end("a", "1,");

        assertThat(found()).containsExactly(Kind.VANISHED);
    }

    @Test
    void aWriteOfUnknownOutcomeIsMadeTwice() {
        append("a", 1, Outcome.UNKNOWN, 1, 2);
        end("a", "1,1,");

        assertThat(found()).containsExactly(Kind.TWICE);
    }

    @Test
    void anAcknowledgedWriteIsMadeTwice() {
        committed("a", 1, 1, 2);
        committed("a", 2, 3, 4);
        end("a", "1,2,1,");

        assertThat(found()).containsExactly(Kind.TWICE);
    }

    @Test
    void aFailedWriteIsThere() {
        append("a", 1, Outcome.FAILED, 1, 2);
        end("a", "1,");

        assertThat(found()).containsExactly(Kind.UNEXPECTED);
    }

    @Test
    void somethingIsThereThatNobodyHasWritten() {
        committed("a", 1, 1, 2);
        end("a", "1,7,");

        assertThat(found()).containsExactly(Kind.UNEXPECTED);
    }

    @Test
    void aWriteIsInTheRowOfAnotherKey() {
        committed("a", 1, 1, 2);
        committed("b", 2, 1, 2);
        end("a", "2,");
        end("b", "1,");

        assertThat(found()).containsExactlyInAnyOrder(Kind.LOST, Kind.UNEXPECTED, Kind.LOST, Kind.UNEXPECTED);
    }

    @Test
    void whatWasThereBeforeIsGone() {
        before.add(new Row("a", "1,2,"));
        end("a", "2,");

        assertThat(found()).containsExactly(Kind.VANISHED);
    }

    @Test
    void aReadMissesAWriteThatWasAcknowledgedBeforeItBegan() {
        committed("a", 1, 1, 2);
        committed("a", 2, 3, 4);
        read("a", "1,", 5, 6);
        end("a", "1,2,");

        assertThat(found()).containsExactly(Kind.STALE);
    }

    @Test
    void aReadFindsNoRowThatWasAcknowledgedBeforeItBegan() {
        committed("a", 1, 1, 2);
        read("a", "", 3, 4);
        end("a", "1,");

        assertThat(found()).containsExactly(Kind.STALE);
    }

    @Test
    void aReadMissesWhatAnEarlierReadHasSeenOfAWriteUnderWay() {
        committed("a", 1, 1, 2);
        committed("a", 2, 3, 20);
        read("a", "1,2,", 4, 5);
        read("a", "1,", 6, 7);
        end("a", "1,2,");

        assertThat(found()).containsExactly(Kind.STALE);
    }

    @Test
    void readsAtTheSameTimeMaySeeAWriteUnderWayOrNot() {
        committed("a", 1, 1, 20);
        read("a", "1,", 4, 6);
        read("a", "", 5, 7);
        end("a", "1,");

        assertThat(found()).isEmpty();
    }

    @Test
    void aReadSeesAWriteThatHadNotBegun() {
        read("a", "1,", 1, 2);
        committed("a", 1, 3, 4);
        end("a", "1,");

        assertThat(found()).containsExactly(Kind.STALE);
    }

    @Test
    void aWriteComesBeforeOneThatWasAcknowledgedEarlier() {
        committed("a", 1, 1, 2);
        committed("a", 2, 3, 4);
        end("a", "2,1,");

        assertThat(found()).containsExactly(Kind.STALE);
    }

    @Test
    void twoReadsSeeWritesInTwoOrders() {
        committed("a", 1, 1, 10);
        committed("a", 2, 1, 10);
        read("a", "1,", 2, 3);
        read("a", "2,1,", 4, 5);
        end("a", "2,1,");

        assertThat(found()).containsExactly(Kind.VANISHED);
    }

    @Test
    void aReadSeesHalfOfANumber() {
        committed("a", 12, 1, 2);
        read("a", "1", 3, 4);
        end("a", "12,");

        assertThat(found()).containsExactly(Kind.VANISHED);
    }

    @Test
    void aTransactionOfUnknownOutcomeIsThereWhollyOrNotAtAll() {
        List<Append> appends = List.of(new Append("a", 1, 1), new Append("b", 1, 1));
        operations.add(new Write("w", appends, Outcome.UNKNOWN, 1, 2));

        assertThat(found()).isEmpty();
        end("a", "1,");
        assertThat(found()).containsExactly(Kind.HALF);
        end("b", "1,");
        assertThat(found()).isEmpty();
    }

    @Test
    void anUpdateOfUnknownOutcomeLeavesOutRowsThatWereNotThere() {
        List<Append> appends = List.of(new Append("a", 3, 7, true), new Append("b", 3, 7, true));
        operations.add(new Write("w", appends, Outcome.UNKNOWN, 7, 8));
        committed("a", 1, 1, 2);
        committed("b", 2, 5, 9);
        end("a", "1,3,");
        end("b", "2,");

        assertThat(found()).isEmpty();
        read("b", "2,", 5, 6);
        assertThat(found()).containsExactly(Kind.HALF);
    }

    @Test
    void aScanFindsARowTwice() {
        committed("a", 1, 1, 2);
        committed("b", 2, 1, 2);
        scan(3, 4, new Row("a", "1,"), new Row("a", "1,"), new Row("b", "2,"));
        end("a", "1,");
        end("b", "2,");

        assertThat(found()).contains(Kind.DOUBLED_ROW, Kind.COUNT);
    }

    @Test
    void aScanMissesARow() {
        committed("a", 1, 1, 2);
        committed("b", 2, 1, 2);
        scan(3, 4, new Row("a", "1,"));
        end("a", "1,");
        end("b", "2,");

        assertThat(found()).containsExactlyInAnyOrder(Kind.STALE, Kind.COUNT);
    }

    @Test
    void aReadOfSomeKeysMissesOneOrFindsAnother() {
        committed("a", 1, 1, 2);
        committed("b", 2, 1, 2);
        operations.add(new Read("r", Set.of("a"), List.of(new Row("b", "2,")), 3, 4));
        end("a", "1,");
        end("b", "2,");

        assertThat(found()).containsExactlyInAnyOrder(Kind.UNEXPECTED, Kind.STALE);
    }

    @Test
    void aRowIsOnTwoShardsInTheEnd() {
        committed("a", 1, 1, 2);
        end("a", "1,");
        end("a", "1,");

        assertThat(found()).containsExactly(Kind.DOUBLED_ROW);
    }

    @Test
    void aCountIsTooSmallOrTooGreat() {
        before.add(new Row("a", "1,"));
        committed("b", 2, 1, 4);
        count(1, 2, 3);
        count(2, 2, 3);
        count(2, 5, 6);
        end("a", "1,");
        end("b", "2,");
        assertThat(found()).isEmpty();

        count(1, 5, 6);
        assertThat(found()).contains(Kind.COUNT);
        operations.remove(operations.size() - 1);
        count(3, 2, 3);
        assertThat(found()).contains(Kind.COUNT);
    }

    @Test
    void aCountGoesDown() {
        committed("a", 1, 1, 20);
        count(1, 2, 3);
        count(0, 4, 5);
        end("a", "1,");

        assertThat(found()).containsExactly(Kind.COUNT);
    }
}

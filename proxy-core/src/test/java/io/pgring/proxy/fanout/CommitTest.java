package io.pgring.proxy.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.fanout.CommitGate.Step;
import io.pgring.proxy.fanout.InDoubt.Fate;
import io.pgring.proxy.fanout.InDoubt.Verdict;
import io.pgring.proxy.topology.GlobalTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommitTest {
    private final List<String> log = new ArrayList<>();
    private final FakePart a = new FakePart("a", true, log);
    private final FakePart b = new FakePart("b", true, log);
    private final FakePart c = new FakePart("c", true, log);
    private final FakePart reader = new FakePart("r", false, log);
    private final List<GlobalTransaction> settled = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final List<NoticeResponse> notices = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private CommitGate gate = CommitGate.OPEN;
    private Verdict verdict = new Verdict(Fate.UNKNOWN, List.of());
    private @Nullable ErrorResponse error;

    private void commit(Part... parts) {
        InDoubt inDoubt = (transaction, known, shards) -> {
            settled.add(transaction);
            asked.add(known + " " + shards);
            return CompletableFuture.completedFuture(verdict);
        };
        new Commit(List.of(parts), new Coordination(inDoubt, gate, Runnable::run), notices::add, failure -> {
                    error = failure;
                    ends.add(failure == null ? "committed" : failure.sqlState());
                })
                .start(false);
    }

    @Test
    void oneThatHasWrittenNeedsNoPrepare() {
        commit(a);

        assertThat(log).containsExactly("a: COMMIT");
        assertThat(ends).containsExactly("committed");
    }

    @Test
    void readersCommitBeforeTheOnlyWriter() {
        commit(reader, a);

        assertThat(log).containsExactly("r: HAS WRITTEN?", "r: COMMIT", "a: COMMIT");
        assertThat(ends).containsExactly("committed");
    }

    @Test
    void thoseThatOnlyReadJustCommit() {
        commit(reader, new FakePart("s", false, log));

        assertThat(log).containsExactly("r: HAS WRITTEN?", "s: HAS WRITTEN?", "r: COMMIT", "s: COMMIT");
        assertThat(ends).containsExactly("committed");
    }

    @Test
    void theFirstWriterDecidesForTheOthers() {
        commit(reader, a, b, c);

        assertThat(log)
                .containsExactly(
                        "r: HAS WRITTEN?",
                        "a: LOG ('a', true)",
                        "b: PREPARE TRANSACTION 'a:2'",
                        "c: PREPARE TRANSACTION 'a:3'",
                        "r: COMMIT",
                        "a: COMMIT",
                        "b: COMMIT PREPARED 'a:2'",
                        "c: COMMIT PREPARED 'a:3'");
        assertThat(ends).containsExactly("committed");
        assertThat(notices).isEmpty();
        assertThat(settled).isEmpty();
    }

    @Test
    void whoHasWrittenUnseenIsNoReader() {
        commit(reader.writesUnseen(), a);

        assertThat(log)
                .containsExactly(
                        "r: HAS WRITTEN?",
                        "r: LOG ('r', true)",
                        "a: PREPARE TRANSACTION 'r:1'",
                        "r: COMMIT",
                        "a: COMMIT PREPARED 'r:1'");
    }

    @Test
    void oneThatCanNotPrepareUndoesAll() {
        commit(a, b.failsAt("PREPARE TRANSACTION", "23505"), c);

        assertThat(log)
                .containsExactly(
                        "a: LOG ('a', true)",
                        "b: PREPARE TRANSACTION 'a:1'",
                        "c: PREPARE TRANSACTION 'a:2'",
                        "a: ROLLBACK",
                        "c: ROLLBACK PREPARED 'a:2'");
        assertThat(ends).containsExactly("23505");
        assertThat(settled).isEmpty();
    }

    @Test
    void aPartThatIsLostWhileItPreparesIsLeftToOthers() {
        commit(a, b.isLostAt("PREPARE TRANSACTION"), c);

        assertThat(log).contains("a: ROLLBACK", "c: ROLLBACK PREPARED 'a:2'");
        assertThat(ends).containsExactly("08006");
        assertThat(error)
                .isNotNull()
                .satisfies(failure -> assertThat(failure.fields().severity()).isEqualTo("ERROR"));
        assertThat(asked).containsExactly("UNKNOWN [b, c]");
    }

    @Test
    void aLogThatCanNotBeWrittenUndoesAll() {
        commit(a.failsAt("LOG", "42P01"), b);

        assertThat(log)
                .containsExactly(
                        "a: LOG ('a', true)",
                        "b: PREPARE TRANSACTION 'a:1'",
                        "a: ROLLBACK",
                        "b: ROLLBACK PREPARED 'a:1'");
        assertThat(ends).containsExactly("42P01");
    }

    @Test
    void aDecisionThatIsRefusedUndoesAll() {
        commit(a.failsAt("COMMIT", "40001"), b);

        assertThat(log).endsWith("a: COMMIT", "b: ROLLBACK PREPARED 'a:1'");
        assertThat(ends).containsExactly("40001");
        assertThat(settled).isEmpty();
    }

    @Test
    void aDecisionThatIsLostIsLookedUp() {
        verdict = new Verdict(Fate.COMMITTED, List.of("b"));
        commit(a.isLostAt("COMMIT"), b, c);

        assertThat(log).last().isEqualTo("a: COMMIT");
        assertThat(settled)
                .singleElement()
                .satisfies(one -> assertThat(one.first()).isEqualTo("a"));
        assertThat(asked).containsExactly("UNKNOWN [b, c]");
        assertThat(ends).containsExactly("committed");
        assertThat(notices)
                .singleElement()
                .satisfies(
                        notice -> assertThat(notice.message()).contains("\"b\"").doesNotContain("\"c\""));
    }

    @Test
    void aDecisionThatWasNeverMadeIsAnError() {
        verdict = new Verdict(Fate.ABORTED, List.of());
        commit(a.isLostAt("COMMIT"), b);

        assertThat(log).doesNotContain("b: COMMIT PREPARED 'a:1'");
        assertThat(ends).containsExactly("08006");
    }

    @Test
    void aDecisionThatNobodyKnowsIsCalledUnknown() {
        commit(a.isLostAt("COMMIT"), b);

        assertThat(ends).containsExactly("08007");
        assertThat(error)
                .isNotNull()
                .satisfies(failure -> assertThat(failure.fields().detail())
                        .contains(settled.get(0).name()));
    }

    @Test
    void theOnlyWriterThatIsLostAsItCommitsIsUnknown() {
        commit(a.isLostAt("COMMIT"), reader);

        assertThat(ends).containsExactly("08007");
        assertThat(settled).isEmpty();
    }

    /** It is not asked whether it has written, so it may have. */
    @Test
    void aSolePartThatIsLostAsItCommitsIsUnknown() {
        commit(reader.isLostAt("COMMIT"));

        assertThat(ends).containsExactly("08007");
        assertThat(settled).isEmpty();
    }

    @Test
    void oneThatCanNotBeToldIsCommittedAllTheSame() {
        verdict = new Verdict(Fate.COMMITTED, List.of("b"));
        commit(a, b.isLostAt("COMMIT PREPARED"), c);

        assertThat(asked).containsExactly("COMMITTED [b]");
        assertThat(ends).containsExactly("committed");
        assertThat(notices)
                .singleElement()
                .satisfies(
                        notice -> assertThat(notice.message()).contains("\"b\"").doesNotContain("\"c\""));
    }

    @Test
    void nothingIsSaidWhenOthersHaveToldItMeanwhile() {
        verdict = new Verdict(Fate.COMMITTED, List.of());
        commit(a, b.isLostAt("COMMIT PREPARED"));

        assertThat(ends).containsExactly("committed");
        assertThat(notices).isEmpty();
    }

    @Test
    void aPartWithoutATransactionUndoesAll() {
        commit(a, b.status(TransactionStatus.IDLE));

        assertThat(log).containsExactly("a: ROLLBACK");
        assertThat(ends).containsExactly("40000");
    }

    @Test
    void aReaderThatFailsAtTheEndUndoesAll() {
        commit(reader.failsAt("COMMIT", "40001"), a, b);

        assertThat(log).endsWith("a: ROLLBACK", "b: ROLLBACK PREPARED 'a:2'");
        assertThat(ends).containsExactly("40001");
    }

    @Test
    void nothingIsDecidedUntilAllHaveAnswered() {
        gate = (step, shard) -> !(step == Step.PREPARE && shard.equals("c"));
        commit(a, b, c);

        assertThat(log).containsExactly("a: LOG ('a', true)", "b: PREPARE TRANSACTION 'a:1'");
        assertThat(ends).isEmpty();
    }
}

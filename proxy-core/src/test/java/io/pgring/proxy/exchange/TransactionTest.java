package io.pgring.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.TransactionVerb;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionTest {
    private final Transaction transaction = new Transaction();

    private TransactionAnswer say(TransactionVerb verb, @Nullable String savepoint, String text) {
        return transaction.answer(new PlannedStatement.Transaction(verb, savepoint, false, null, text));
    }

    private TransactionAnswer say(TransactionVerb verb) {
        return say(verb, null, verb.tag());
    }

    private static String tag(TransactionAnswer answer) {
        return ((TransactionAnswer.Tag) answer).tag();
    }

    private static String error(TransactionAnswer answer) {
        return ((TransactionAnswer.Refusal) answer).error().sqlState();
    }

    @Test
    void beginIsAnsweredAtOnceAndTellsTheServerLater() {
        assertThat(tag(say(TransactionVerb.BEGIN, null, "BEGIN ISOLATION LEVEL SERIALIZABLE")))
                .isEqualTo("BEGIN");
        assertThat(transaction.status()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        say(TransactionVerb.SAVEPOINT, "a", "SAVEPOINT a");
        assertThat(transaction.toJoined()).containsExactly("BEGIN ISOLATION LEVEL SERIALIZABLE", "SAVEPOINT a");
        assertThat(transaction.isJoined()).isTrue();
        assertThat(transaction.toJoined()).isEmpty();
        assertThat(say(TransactionVerb.COMMIT)).isInstanceOf(TransactionAnswer.Server.class);
    }

    private TransactionAnswer begin(String modes) {
        return transaction.answer(new PlannedStatement.Transaction(
                TransactionVerb.BEGIN, null, false, "SET TRANSACTION " + modes, "BEGIN " + modes));
    }

    @Test
    void aSecondBeginWarnsAndSetsItsModes() {
        say(TransactionVerb.BEGIN);
        assertThat(((TransactionAnswer.Tag) begin("READ ONLY")).notice()).isNotNull();
        assertThat(transaction.isPlain()).isTrue();
        begin("ISOLATION LEVEL SERIALIZABLE");
        assertThat(transaction.isPlain()).isFalse();
        assertThat(transaction.toJoined())
                .containsExactly("BEGIN", "SET TRANSACTION READ ONLY", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    }

    @Test
    void inASubtransactionTheServerJudgesModes() {
        say(TransactionVerb.BEGIN);
        say(TransactionVerb.SAVEPOINT, "a", "SAVEPOINT a");
        assertThat(begin("ISOLATION LEVEL SERIALIZABLE")).isInstanceOf(TransactionAnswer.Server.class);
    }

    @Test
    void behindAQueryTheIsolationLevelIsSettled() {
        say(TransactionVerb.BEGIN);
        transaction.onQueryAside();
        assertThat(tag(begin("READ ONLY"))).isEqualTo("BEGIN");
        assertThat(tag(begin("ISOLATION LEVEL READ COMMITTED"))).isEqualTo("BEGIN");
        assertThat(error(begin("ISOLATION LEVEL REPEATABLE READ"))).isEqualTo("25001");
    }

    @Test
    void anEmptyTransactionNeverReachesAServer() {
        say(TransactionVerb.BEGIN);
        assertThat(tag(say(TransactionVerb.COMMIT))).isEqualTo("COMMIT");
        assertThat(transaction.isOpen()).isFalse();
        assertThat(transaction.toJoined()).isEmpty();
    }

    @Test
    void aPipelineEndsWithItsTransaction() {
        transaction.beginPipeline();
        assertThat(transaction.isPipeline()).isTrue();
        transaction.onServerStatus(TransactionStatus.IDLE);
        transaction.onServerStatus(TransactionStatus.IN_TRANSACTION);
        assertThat(transaction.isPipeline()).isFalse();
    }

    @Test
    void aRefusalFailsTheTransactionUntilItsEnd() {
        say(TransactionVerb.BEGIN);
        transaction.onRefusal();
        assertThat(transaction.status()).isEqualTo(TransactionStatus.FAILED);
        assertThat(error(say(TransactionVerb.SAVEPOINT, "a", "SAVEPOINT a"))).isEqualTo("25P02");
        assertThat(tag(say(TransactionVerb.COMMIT))).isEqualTo("ROLLBACK");
        assertThat(transaction.status()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void aRollbackToASavepointHealsAFailedTransaction() {
        say(TransactionVerb.BEGIN);
        say(TransactionVerb.SAVEPOINT, "a", "SAVEPOINT a");
        transaction.onRefusal();
        assertThat(tag(say(TransactionVerb.ROLLBACK_TO, "a", "ROLLBACK TO a"))).isEqualTo("ROLLBACK");
        assertThat(transaction.status()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        assertThat(transaction.toJoined()).containsExactly("BEGIN", "SAVEPOINT a", "ROLLBACK TO a");
    }

    @Test
    void anUnknownSavepointIsAnErrorThatFailsTheTransaction() {
        say(TransactionVerb.BEGIN);
        assertThat(error(say(TransactionVerb.RELEASE, "nope", "RELEASE nope"))).isEqualTo("3B001");
        assertThat(transaction.status()).isEqualTo(TransactionStatus.FAILED);
    }

    @Test
    void outsideOfATransactionPostgresqlWarnsOrRefuses() {
        TransactionAnswer.Tag commit = (TransactionAnswer.Tag) say(TransactionVerb.COMMIT);
        assertThat(commit.tag()).isEqualTo("COMMIT");
        assertThat(commit.notice()).isNotNull();
        assertThat(error(say(TransactionVerb.SAVEPOINT, "a", "SAVEPOINT a"))).isEqualTo("25P01");
    }

    @Test
    void theServerDecidesOnceItHasJoined() {
        say(TransactionVerb.BEGIN);
        transaction.toJoined();
        transaction.onServerStatus(TransactionStatus.FAILED);
        assertThat(transaction.status()).isEqualTo(TransactionStatus.FAILED);
        assertThat(transaction.failure()).isNull();
        transaction.onServerStatus(TransactionStatus.IDLE);
        assertThat(transaction.isOpen()).isFalse();
    }
}

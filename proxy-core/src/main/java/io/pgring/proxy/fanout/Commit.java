package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.backend.OwnRequest.Outcome;
import io.pgring.proxy.fanout.CommitGate.Step;
import io.pgring.proxy.fanout.InDoubt.Fate;
import io.pgring.proxy.fanout.InDoubt.Verdict;
import io.pgring.proxy.topology.GlobalTransaction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commit of a transaction with parts on several shards: two-phase commit whose log is in the shards. The first part with writes is
 * the one that decides. It is not prepared: it writes the name of the transaction into its {@code pgring.commit_log}, and when it is
 * committed, the transaction is.
 *
 * <pre>
 *               parts without writes        the first part        the other parts with writes
 *  ASKING       has it written?
 *  PREPARING    COMMIT                      INSERT commit_log     PREPARE TRANSACTION
 *  DECIDING                                 COMMIT
 *  FINISHING                                                      COMMIT PREPARED
 *
 *  ASKING ──► PREPARING ──► DECIDING ──► FINISHING ──► OVER     committed
 *     │           │          │    │          │           ▲
 *     │ error     │ error    │    │ lost     │ lost      │
 *     ▼           ▼          │    ▼          ▼           │
 *   UNDOING ◄─────┴──────────┘   SETTLING ◄──┘           │
 *     │           error           │                      │
 *     └───────────────────────────┴──────────────────────┘      rolled back; or as {@link InDoubt} says
 * </pre>
 *
 * With one part that has written, its COMMIT is all there is to decide, and nothing is prepared or logged. Whoever finds a part prepared
 * and nobody who commits it writes the name into the same log, as aborted: the first one of the two who does so has decided.
 */
final class Commit {
    private static final String HAS_WRITTEN = "SELECT 1 WHERE pg_catalog.txid_current_if_assigned() IS NOT NULL";

    /** A decision that a crash could undo after others have followed it would be none. */
    private static final String DURABLY = "SELECT pg_catalog.set_config('synchronous_commit', 'on', true)"
            + " WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'; ";

    private enum State {
        NEW,
        ASKING,
        PREPARING,
        DECIDING,
        FINISHING,
        SETTLING,
        UNDOING,
        OVER
    }

    private final List<Part> parts;
    private final Coordination coordination;
    private final Consumer<NoticeResponse> notices;
    private final Consumer<@Nullable ErrorResponse> onDone;
    private final List<Part> writers = new ArrayList<>();
    private final Set<Part> prepared = new LinkedHashSet<>();
    private final Set<Part> lost = new LinkedHashSet<>();
    private @Nullable GlobalTransaction named;
    private State state = State.NEW;

    /**
     * @param parts in the order of the shards
     * @param notices told warnings that do not keep it from being committed
     * @param onDone told at the end: null when it is committed
     */
    Commit(
            List<Part> parts,
            Coordination coordination,
            Consumer<NoticeResponse> notices,
            Consumer<@Nullable ErrorResponse> onDone) {
        this.parts = List.copyOf(parts);
        this.coordination = coordination;
        this.notices = notices;
        this.onDone = onDone;
    }

    // ---- before the decision ----------------------------------------------------------------------------------------

    /**
     * Begins.
     *
     * @param notifies whether one of the parts has notified, which on several of them is refused: it might be heard too early
     */
    void start(boolean notifies) {
        toState(State.NEW, State.ASKING);
        for (Part part : parts) {
            boolean open = part.status() == TransactionStatus.IN_TRANSACTION;
            if (!open && (part.hasWritten() || part.status() == TransactionStatus.FAILED)) {
                undo(CommitErrors.notCommittable(part.shard()));
                return;
            }
        }
        Round asking = new Round(CommitGate.OPEN, Step.PREPARE);
        if (parts.size() > 1) {
            parts.stream()
                    .filter(part -> isOpen(part) && !part.hasWritten())
                    .forEach(part -> asking.add(part, HAS_WRITTEN));
        }
        asking.run(answers -> onAsked(answers, notifies));
    }

    private static boolean isOpen(Part part) {
        return part.status() == TransactionStatus.IN_TRANSACTION;
    }

    private void onAsked(Map<Part, Outcome> answers, boolean notifies) {
        ErrorResponse error = null;
        for (Part part : parts) {
            Outcome answer = answers.get(part);
            if (answer != null) {
                note(part, answer);
                error = error == null && answer.error() != null ? CommitErrors.failed(part.shard(), answer) : error;
            }
            boolean sole = parts.size() == 1 && isOpen(part);
            if (sole || part.hasWritten() || (answer != null && answer.tag().equals("SELECT 1"))) {
                writers.add(part);
            }
        }
        if (error == null && notifies && writers.size() > 1) {
            error = CommitErrors.notified();
        }
        if (error == null) {
            prepare();
        } else {
            undo(error);
        }
    }

    private void prepare() {
        toState(State.ASKING, State.PREPARING);
        Round preparing = new Round(coordination.gate(), Step.PREPARE);
        if (writers.size() > 1) {
            named = GlobalTransaction.of(first().shard());
            preparing.addAsOwner(
                    first(),
                    DURABLY + "INSERT INTO pgring.commit_log (gid, committed) VALUES ('"
                            + transaction().name() + "', true)");
            others().forEach(part -> preparing.addAsOwner(part, "PREPARE TRANSACTION " + literal(part)));
        }
        parts.stream()
                .filter(part -> isOpen(part) && !writers.contains(part))
                .forEach(part -> preparing.add(part, "COMMIT"));
        preparing.run(this::onPrepared);
    }

    private void onPrepared(Map<Part, Outcome> answers) {
        ErrorResponse error = null;
        for (Part part : parts) {
            Outcome answer = answers.get(part);
            if (answer == null) {
                continue;
            }
            note(part, answer);
            if (answer.error() == null && answer.tag().equals("PREPARE TRANSACTION")) {
                prepared.add(part);
            }
            if (error == null && (answer.error() != null || !answer.tag().equals(tagOfPreparing(part)))) {
                error = CommitErrors.failed(part.shard(), answer);
            }
        }
        if (error == null) {
            decide();
        } else {
            undo(error);
        }
    }

    private String tagOfPreparing(Part part) {
        if (!writers.contains(part)) {
            return "COMMIT";
        }
        return part == first() ? "INSERT 0 1" : "PREPARE TRANSACTION";
    }

    // ---- the decision -----------------------------------------------------------------------------------------------

    private void decide() {
        toState(State.PREPARING, State.DECIDING);
        if (writers.isEmpty()) {
            over(null);
            return;
        }
        Round deciding = new Round(coordination.gate(), Step.DECIDE);
        deciding.add(first(), "COMMIT");
        deciding.run(answers -> answers.forEach(this::onDecided));
    }

    private void onDecided(Part first, Outcome answer) {
        note(first, answer);
        if (answer.lost()) {
            if (writers.size() == 1) {
                over(CommitErrors.unknown(first.shard(), ""));
            } else {
                settle(Fate.UNKNOWN, shardsOf(others()), this::onDecisionSettled);
            }
        } else if (answer.error() != null || !answer.tag().equals("COMMIT")) {
            undo(CommitErrors.failed(first.shard(), answer));
        } else {
            finish();
        }
    }

    private void onDecisionSettled(Verdict verdict) {
        switch (verdict.fate()) {
            case COMMITTED -> {
                warn(verdict.unfinished());
                over(null);
            }
            case ABORTED -> over(CommitErrors.aborted(first().shard()));
            case UNKNOWN ->
                over(CommitErrors.unknown(
                        first().shard(), " the transaction \"" + transaction().name() + "\""));
        }
    }

    // ---- after the decision -----------------------------------------------------------------------------------------

    private void finish() {
        toState(State.DECIDING, State.FINISHING);
        Round finishing = new Round(coordination.gate(), Step.FINISH);
        others().forEach(part -> finishing.addAsOwner(part, "COMMIT PREPARED " + literal(part)));
        finishing.run(this::onFinished);
    }

    private void onFinished(Map<Part, Outcome> answers) {
        List<String> missing = new ArrayList<>();
        answers.forEach((part, answer) -> {
            if (answer.error() != null) {
                missing.add(part.shard());
            }
        });
        if (missing.isEmpty()) {
            over(null);
            return;
        }
        settle(Fate.COMMITTED, missing, verdict -> {
            warn(verdict.unfinished());
            over(null);
        });
    }

    private void warn(List<String> shards) {
        if (!shards.isEmpty()) {
            notices.accept(CommitErrors.unfinished(shards, transaction().name()));
        }
    }

    /** Others find out what has become of it, and end what is prepared. */
    private void settle(Fate known, List<String> shards, Consumer<Verdict> then) {
        state = State.SETTLING;
        coordination.inDoubt().settle(transaction(), known, shards).thenAcceptAsync(then, coordination.loop());
    }

    // ---- undoing ----------------------------------------------------------------------------------------------------

    /** Nothing is decided, and so that no part may be committed. Parts without writes that are, are none of anybody's concern. */
    private void undo(ErrorResponse error) {
        state = State.UNDOING;
        Round undoing = new Round(CommitGate.OPEN, Step.FINISH);
        for (Part part : parts) {
            if (prepared.contains(part)) {
                undoing.addAsOwner(part, "ROLLBACK PREPARED " + literal(part));
            } else if (!lost.contains(part) && part.status() != TransactionStatus.IDLE) {
                undoing.add(part, "ROLLBACK");
            }
        }
        undoing.run(answers -> {
            boolean inDoubt = named != null
                    && others().stream().anyMatch(part -> lost.contains(part) || hasFailed(answers.get(part)));
            if (inDoubt) {
                // Locks that stay held are the only harm, so nobody has to wait for it.
                coordination.inDoubt().settle(transaction(), Fate.UNKNOWN, shardsOf(others()));
            }
            over(error);
        });
    }

    private static boolean hasFailed(@Nullable Outcome answer) {
        return answer != null && answer.error() != null;
    }

    private void note(Part part, Outcome answer) {
        if (answer.lost()) {
            lost.add(part);
        }
    }

    private GlobalTransaction transaction() {
        return Objects.requireNonNull(named);
    }

    private Part first() {
        return writers.get(0);
    }

    private List<Part> others() {
        return writers.subList(1, writers.size());
    }

    private static List<String> shardsOf(List<Part> parts) {
        return parts.stream().map(Part::shard).toList();
    }

    private String literal(Part part) {
        return "'" + transaction().part(parts.indexOf(part)) + "'";
    }

    private void toState(State from, State to) {
        if (state != from) {
            throw new IllegalStateException(state + " instead of " + from);
        }
        state = to;
    }

    private void over(@Nullable ErrorResponse error) {
        state = State.OVER;
        onDone.accept(error);
    }
}

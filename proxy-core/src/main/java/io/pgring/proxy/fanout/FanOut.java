package io.pgring.proxy.fanout;

import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.BindComplete;
import io.pgring.pgwire.backend.CopyDone;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.proxy.backend.OwnRequest;
import io.pgring.proxy.backend.ServerLease;
import io.pgring.proxy.merge.RowMerge;
import io.pgring.proxy.merge.value.MergeFailure;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One statement that runs on several shards. Connections are asked for in the order of the shards, so that no two clients wait for
 * each other; then all shards work at the same time.
 *
 * <pre>
 *  ACQUIRING ──► RUNNING ──► OVER          all rows merged, all shards done
 *      │          │  ▲  │
 *      │          ▼  │  └──► FAILING ──► OVER   the first error; the other shards are told to stop
 *      │       SUSPENDED                        Execute's row limit is reached
 *      └───────────────────► OVER               no connection
 * </pre>
 */
public final class FanOut {
    private enum State {
        ACQUIRING,
        RUNNING,
        SUSPENDED,
        FAILING,
        OVER
    }

    private final FanOutTask task;
    private final Participants participants;
    private final FanOutListener listener;
    private final MergedRows rows;
    private final List<ShardRun> runs = new ArrayList<>();

    private State state = State.ACQUIRING;
    private @Nullable RowMerge merge;
    private @Nullable CopyInput copyInput;
    private @Nullable ErrorResponse verdict;
    private @Nullable ErrorResponse error;
    private int acquired;
    private long rowsMax;
    private long rowsBefore;
    private boolean bindOwed;
    private boolean advancing;
    private boolean advanceAgain;

    /**
     * @param participants where connections come from, and stay
     * @param client gets notices, the description and the rows
     */
    public FanOut(FanOutTask task, Participants participants, ReplySink client, FanOutListener listener) {
        this.task = task;
        this.participants = participants;
        this.listener = listener;
        this.rows = new MergedRows(client);
    }

    /**
     * Begins.
     *
     * @param rowsWanted most rows before it is suspended; 0 for all
     */
    public void start(long rowsWanted) {
        rowsMax = rowsWanted == 0 ? Long.MAX_VALUE : rowsWanted;
        onLeaseDecided();
    }

    /** The client waits for a BindComplete, which is to come unless a shard finds fault with the values. */
    public void oweBindComplete() {
        bindOwed = true;
    }

    /** Whether no shard has found fault with the values. */
    public boolean isBound() {
        return runs.stream().filter(ShardRun::hasFailed).allMatch(ShardRun::isBound);
    }

    /** Whether {@link #onLeaseDecided} is waited for. */
    public boolean isAcquiring() {
        return state == State.ACQUIRING;
    }

    /** Goes on when the wish for a connection is decided. */
    public void onLeaseDecided() {
        while (acquired < task.statements().size()) {
            Shard shard = task.statements().get(acquired).shard();
            ServerLease.Result result = participants.acquire(shard);
            if (result == ServerLease.Result.LATER) {
                return;
            }
            ErrorResponse failure = result == ServerLease.Result.FAILED
                    ? participants.takeFailure()
                    : listener.refusal(participants.on(shard).require().session());
            if (failure != null) {
                state = State.OVER;
                listener.onFanOutFailed(failure);
                return;
            }
            acquired++;
        }
        run();
    }

    private void run() {
        state = State.RUNNING;
        String begin = String.join(";", task.begin());
        FanOutTask.Description.OfText describedBy =
                task.description() instanceof FanOutTask.Description.OfText other ? other : null;
        for (ShardStatement statement : task.statements()) {
            ServerLease lease = participants.on(statement.shard());
            runs.add(new ShardRun(this, lease, statement, runs.isEmpty() ? describedBy : null));
        }
        for (ShardRun run : runs) {
            ServerLease lease = participants.on(run.shard());
            if (!begin.isEmpty() && participants.begin(lease)) {
                OwnRequest.begin(lease.require(), begin, failure -> {
                    if (failure != null) {
                        run.fail(failure);
                    }
                });
            }
            run.send();
        }
    }

    // ---- replies ----------------------------------------------------------------------------------------------------

    /** The shards all say the same of the same: one is heard. */
    void onNotice(ShardRun run, NoticeResponse notice) {
        if (state == State.RUNNING && (!isSame() || run == runs.get(0))) {
            rows.notice(notice, isLate());
        }
    }

    private boolean isSame() {
        return task.reply() instanceof Reply.Same
                || (task.reply() instanceof Reply.CopiedIn copied && copied.placement() == null);
    }

    /** Whether the text is not to be run. */
    boolean onlyDescribes() {
        return task.reply() instanceof Reply.Described;
    }

    /**
     * A shard has failed, and so the statement has: when all that would have come before on one server has been said, which are the
     * rows that the shard has sent. While it is suspended the client has not come to them.
     */
    void onError(ShardRun run, ErrorResponse cause) {
        if (state == State.RUNNING && !isBehindRows(run)) {
            tell(run, cause);
        }
    }

    private boolean isBehindRows(ShardRun run) {
        return MergeChoice.streams(task.reply()) && !isLate() && run.head() != null;
    }

    /** Up to here the client is told what one server would have told it. */
    private void tell(ShardRun run, ErrorResponse cause) {
        if (state == State.RUNNING) {
            if (bindOwed && run.isBound()) {
                sayBound();
            }
            RowDescription told = merge == null && !isLate() ? run.description() : null;
            if (told != null) {
                describe(told);
            }
        }
        onError(cause);
    }

    private void sayBound() {
        bindOwed = false;
        rows.sayAtOnce(new BindComplete());
    }

    /** Whether the columns are told when all shards have done their work. */
    private boolean isLate() {
        return task.reply() instanceof Reply.Explained
                || (task.description() instanceof FanOutTask.Description.OfRows told && told.late());
    }

    private void onError(ErrorResponse cause) {
        if (state == State.RUNNING || state == State.SUSPENDED) {
            state = State.FAILING;
            if (isLate()) {
                rows.drop();
            }
            error = ErrorContext.ofStatement(cause, task.positions());
            if (task.reply() instanceof Reply.CopiedIn) { // A cancel might come late and hit the next statement.
                runs.forEach(run -> run.failCopy("failed elsewhere"));
                closeCopyInput();
            } else {
                runs.forEach(ShardRun::cancel);
            }
        }
    }

    /** Ends it, running or suspended, with an error that comes from no shard. */
    public void fail(ErrorResponse cause) {
        onError(cause);
        advance();
    }

    /** No more copy data is taken: if no shard finds anything wrong with what there is, this is. */
    void failUnlessShardsDo(ErrorResponse otherwise) {
        verdict = otherwise;
        closeCopyInput();
    }

    ErrorResponse inContext(ShardRun run, ErrorResponse cause) {
        return !isSame() && task.reply() instanceof Reply.CopiedIn ? ErrorContext.ofRows(cause, run.shard()) : cause;
    }

    void onServerWritability() {
        if (copyInput != null) {
            listener.onFanOutWritable();
        }
    }

    /** A shard has sent more, or all. */
    void onProgress() {
        advance();
    }

    /** The client takes more, or no longer does. */
    public void onClientWritability() {
        advance();
    }

    /** What is done here may make shards and client tell of more: that is dealt with afterwards, not within. */
    private void advance() {
        advanceAgain = true;
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (advanceAgain) {
                advanceAgain = false;
                step();
            }
        } finally {
            advancing = false;
        }
    }

    private void step() {
        if (state == State.RUNNING) {
            try {
                if (bindOwed && runs.stream().allMatch(ShardRun::isBound)) {
                    sayBound();
                }
                if (!bindOwed) {
                    moveRows();
                }
                failAtError();
            } catch (CopyRefusal refusal) {
                onError(refusal.error());
            } catch (MergeFailure failure) {
                onError(ErrorContext.of(failure));
            } catch (ProtocolViolation violation) {
                onError(ErrorResponse.of(violation));
            }
        }
        boolean over = runs.stream().allMatch(ShardRun::isOver);
        if (state == State.FAILING && over) {
            end();
            listener.onFanOutFailed(Objects.requireNonNull(error));
        } else if (state == State.RUNNING && isAtLimit()) {
            onLimit(over);
        } else if (state == State.RUNNING && over && (merge == null || merge.isDone())) {
            onAllDone();
        }
    }

    /** Whether that were all rows is not looked at: one server doesn't know either. */
    private void onLimit(boolean over) {
        ShardRun failed = failed();
        if (failed != null && !listener.maySuspend()) {
            // Its part of the transaction has failed, whether or not the client comes to the error.
            tell(failed, Objects.requireNonNull(failed.error()));
            advanceAgain = true;
        } else if (over && unequal() != null) {
            onError(Objects.requireNonNull(unequal()));
            advanceAgain = true;
        } else if (over || listener.maySuspend()) {
            state = State.SUSPENDED;
            rowsBefore += rowsMax;
            rows.flush();
            listener.onFanOutSuspended();
        } else if (heldBytes() > listener.heldBytesMax()) {
            listener.onFanOutHeldUp();
        } else {
            runs.forEach(ShardRun::keepAll);
        }
    }

    /** How many bytes of rows are kept that the client has not come for. */
    public long heldBytes() {
        return runs.stream().mapToLong(ShardRun::heldBytes).sum();
    }

    private boolean isAtLimit() {
        return merge != null && merge.rows() - rowsBefore >= rowsMax;
    }

    /** A shard that has failed has no more rows to go before its error: whichever of them comes to that first. */
    private void failAtError() {
        for (ShardRun run : runs) {
            ErrorResponse cause = run.error();
            if (cause != null && run.head() == null && !isAtLimit()) {
                tell(run, cause);
            }
        }
    }

    private @Nullable ShardRun failed() {
        return runs.stream().filter(ShardRun::hasFailed).findFirst().orElse(null);
    }

    private @Nullable ErrorResponse unequal() {
        boolean equal = !isSame()
                || runs.stream().allMatch(run -> run.tags().equals(runs.get(0).tags()));
        return equal ? null : ErrorContext.unequal();
    }

    private void onAllDone() {
        if (task.reply() instanceof Reply.Described described) {
            ShardRun first = runs.get(0);
            described.taker().onDescribed(first.parameterTypeOids(), first.description());
        }
        List<String> first = runs.get(0).tags();
        verdict = unequal() == null ? verdict : unequal();
        if (task.reply() instanceof Reply.CopiedOut) {
            rows.say(new CopyDone());
        }
        end();
        if (verdict != null) {
            listener.onFanOutFailed(verdict);
        } else {
            boolean alike = isSame() || task.reply() instanceof Reply.Explained;
            listener.onFanOutDone(
                    alike ? first : MergedTags.of(runs, task.reply(), merge == null ? -1 : merge.rows() - rowsBefore));
        }
    }

    private void end() {
        state = State.OVER;
        rows.flush();
        closeCopyInput();
        runs.forEach(ShardRun::close);
    }

    private void closeCopyInput() {
        if (copyInput != null) {
            copyInput.close();
            copyInput = null;
        }
    }

    private void askForCopyData(Reply.CopiedIn copied) {
        if (copyInput == null && verdict == null && runs.stream().allMatch(run -> run.copyInResponse() != null)) {
            copyInput = new CopyInput(this, runs, copied);
            rows.flush();
            listener.onFanOutTakesCopyData(Objects.requireNonNull(runs.get(0).copyInResponse()));
        }
    }

    private void moveRows() {
        if (task.reply() instanceof Reply.CopiedIn copied) {
            askForCopyData(copied);
            return;
        }
        if (onlyDescribes()) {
            return;
        }
        ShardRun first = runs.get(0);
        if (task.reply() instanceof Reply.CopiedOut copied && merge == null && first.copyOutResponse() != null) {
            if (copied.command() != null) {
                CopySplitters.requireKnown(copied.command());
            }
            rows.say(Objects.requireNonNull(first.copyOutResponse()));
            merge = new CopyOutMerge(runs, copied.command());
        }
        ShardRun failed = failed();
        RowDescription told = merge == null ? columns(failed) : null;
        if (told != null) {
            merge = merge(told);
        }
        RowMerge merging = merge;
        if (merging != null) {
            if (failed != null) {
                merging.onFailure(failed);
            }
            long until = rowsMax == Long.MAX_VALUE ? Long.MAX_VALUE : rowsBefore + rowsMax;
            merging.advance(task.reply() instanceof Reply.CopiedOut ? rows.asCopyData() : rows, until);
            if (merging.isDone()) {
                runs.forEach(ShardRun::discard);
            }
        }
        if (!isLate()) {
            rows.flush();
        }
    }

    private List<ShardRun> heard() {
        return isSame() ? runs.subList(0, 1) : runs;
    }

    /** The columns, when no error can come anymore in their place; where order is no matter, rows of a failed shard go first. */
    private @Nullable RowDescription columns(@Nullable ShardRun failed) {
        if (failed != null && MergeChoice.isUnordered(task.reply()) && isBehindRows(failed)) {
            return failed.description();
        }
        return isDescribed() ? runs.get(0).description() : null;
    }

    private boolean isDescribed() {
        return isLate()
                ? runs.stream().allMatch(ShardRun::hasRun) && runs.get(0).isDescribed()
                : heard().stream().allMatch(ShardRun::isDescribed);
    }

    private RowMerge merge(RowDescription sent) {
        List<ShardRun> heard = heard();
        runs.subList(heard.size(), runs.size()).forEach(ShardRun::discard);
        describe(sent);
        return MergeChoice.of(task.reply(), heard, sent);
    }

    private void describe(RowDescription sent) {
        RowDescription visible = MergeChoice.columns(task.reply(), sent);
        RowDescription ofText = runs.get(0).ofText();
        if (!(task.description() instanceof FanOutTask.Description.None)) {
            rows.say(ofText == null ? visible : ofText);
        }
    }

    // ---- the client's side ------------------------------------------------------------------------------------------

    /** Takes the client's copy data; null when the shards wait for none, or it has failed. */
    public @Nullable CopyInput copyInput() {
        return copyInput;
    }

    /** Whether more rows can be had by {@link #resume}. */
    public boolean isSuspended() {
        return state == State.SUSPENDED;
    }

    /** Execute, once more. */
    public void resume(long rowsWanted) {
        rowsMax = rowsWanted == 0 ? Long.MAX_VALUE : rowsWanted;
        state = State.RUNNING;
        advance();
    }

    /**
     * A CancelRequest has come, or time is up, or the rest of the rows is not wanted: it fails, whatever the shards say, which may have
     * said all already. Rows that are held are dropped, so there is no other end.
     *
     * @param why what it fails with, of SQLSTATE 57014
     */
    public void cancel(ErrorResponse why) {
        switch (state) {
            case ACQUIRING -> participants.cancelWish(why);
            case RUNNING, SUSPENDED -> {
                fail(why);
                cancelCopy();
            }
            case FAILING -> cancelCopy();
            case OVER -> {}
        }
    }

    /** A COPY that has failed is left to end by itself, unless it takes too long for the client. */
    private void cancelCopy() {
        if (task.reply() instanceof Reply.CopiedIn) {
            runs.forEach(ShardRun::cancel);
        }
    }

    /** The client is gone. */
    public void abandon() {
        end();
    }
}

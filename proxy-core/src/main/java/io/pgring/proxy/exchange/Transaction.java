package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.TransactionVerb;
import io.pgring.proxy.topology.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client's transaction. BEGIN names no shard, so it is answered at once and sent when a statement needs one.
 *
 * <pre>
 *            BEGIN                     first routed statement
 *   None ─────────────► Begun ─────────────────────────────► Joined ──┐
 *    ▲ ▲                 │ ▲                                  │       │ T, E
 *    │ │ COMMIT,         │ │ ROLLBACK TO                      │ ◄─────┘
 *    │ │ ROLLBACK        ▼ │                                  │
 *    │ └────────────── Failed (refused before it had a shard) │
 *    └────────────────────────────────────────────────────────┘ ReadyForQuery says idle
 * </pre>
 *
 * While joined, the server decides everything; this class only mirrors the status.
 */
final class Transaction {
    private static final String NO_ACTIVE_TRANSACTION = "25P01";
    private static final int REPLAYED_STATEMENTS_MAX = 1000;
    /** What sets a mode of the transaction. */
    private static final Pattern MODES =
            Pattern.compile("^\\s*set\\s+((local|session)\\s+)?\"?transaction", Pattern.CASE_INSENSITIVE);

    /** Another level than the default, at which alone queries run aside. */
    private static final Pattern LATE_ISOLATION =
            Pattern.compile("\\bisolation\\s+level\\s+(?!read\\s+committed\\b)", Pattern.CASE_INSENSITIVE);

    private sealed interface State {
        /** No transaction. */
        record None() implements State {}

        /** Begun for the client, not on any server. */
        record Begun(Replay replay) implements State {}

        /** As {@link Begun}, after an error. */
        record Failed(Replay replay) implements State {}

        /**
         * Servers have it, or will when they come to what was sent.
         *
         * @param replay what one more server is to be told; null when nobody knows, because the BEGIN stood among other statements
         * @param unconfirmed the first server has not answered yet
         */
        record Joined(TransactionStatus status, @Nullable Replay replay, boolean unconfirmed) implements State {}
    }

    /** What has to be said to a server that joins, in order; the first is the BEGIN. */
    private record Replay(List<String> statements, List<String> savepoints) {}

    private static final State NONE = new State.None();
    private static final TransactionAnswer SERVER = new TransactionAnswer.Server();

    private State state = NONE;
    private final Cursors cursors = new Cursors();
    private boolean queried;
    private boolean written;
    private boolean writtenElsewhere;
    /** It was begun by the proxy, for the statements up to the next Sync. */
    private boolean pipeline;

    private boolean defined;
    private boolean definedEverywhere;
    private @Nullable Catalog planned;

    /** What ReadyForQuery says to the client as long as no server says it. */
    TransactionStatus status() {
        if (state instanceof State.Joined joined) {
            return joined.status();
        }
        if (state instanceof State.None) {
            return TransactionStatus.IDLE;
        }
        return state instanceof State.Begun ? TransactionStatus.IN_TRANSACTION : TransactionStatus.FAILED;
    }

    boolean isOpen() {
        return state != NONE;
    }

    /** Whether it has failed, here or on a server, so that nothing but its end is possible. */
    boolean isFailed() {
        return status() == TransactionStatus.FAILED;
    }

    /** Whether a server has it, and so decides. */
    boolean isJoined() {
        return state instanceof State.Joined;
    }

    /** Failed before a server had it: nothing but its end may follow. */
    @Nullable
    ErrorResponse failure() {
        return state instanceof State.Failed ? aborted() : null;
    }

    /** The proxy has refused a statement. */
    void onRefusal() {
        if (state instanceof State.Begun begun) {
            state = new State.Failed(begun.replay());
        }
    }

    /** Something has failed, on no connection at hand. */
    void onFailure() {
        if (state instanceof State.Joined joined) {
            state = new State.Joined(TransactionStatus.FAILED, joined.replay(), false);
        } else {
            onRefusal();
        }
    }

    /** One of its queries is run where it has no part. */
    void onQueryAside() {
        queried = isOpen();
    }

    /**
     * Whether a statement may be planned by these tables. All of one transaction must be, as it may see rows where they were when it
     * began: with REPEATABLE READ, or in a cursor.
     */
    boolean plansBy(Catalog catalog) {
        Catalog before = planned;
        boolean same = before == null || !isOpen() || before.equals(catalog) || before.hasTablesOf(catalog);
        planned = same ? catalog : before;
        return same;
    }

    /** Its SQL cursors. */
    Cursors cursors() {
        return cursors;
    }

    /** A statement that changes rows is sent. */
    void onWrite(boolean home) {
        written = true;
        writtenElsewhere |= !home;
    }

    /** Statements up to the next Sync are one transaction, and may concern several shards: so it gets a BEGIN. */
    void beginPipeline() {
        state = begun("BEGIN");
        pipeline = true;
        forgetStatements();
    }

    /** The same, when servers have had a BEGIN already, and a statement that writes. */
    void goOnAsPipeline() {
        beginPipeline();
        if (state instanceof State.Begun begun) {
            state = new State.Joined(TransactionStatus.IN_TRANSACTION, begun.replay(), false);
        }
        onWrite(false);
    }

    private void forgetStatements() {
        queried = false;
        written = false;
        writtenElsewhere = false;
    }

    /** Whether it ends with the next Sync. */
    boolean isPipeline() {
        return pipeline && isOpen();
    }

    /** The client has sent a BEGIN among the statements: it goes on behind the Sync. */
    void toExplicit() {
        pipeline = false;
    }

    /**
     * A statement that may change tables, views or functions is sent, in a transaction or in one of its own.
     *
     * @param everywhere whether it concerns sharded or reference tables
     */
    void onDefinition(boolean everywhere) {
        defined = true;
        definedEverywhere |= everywhere;
    }

    /** Whether sharded tables may have other columns in it than the proxy knows. */
    boolean hasDefinedEverywhere() {
        return definedEverywhere && isOpen();
    }

    /** Whether such a statement was sent since {@link #takeDefinition()}. */
    boolean hasDefined() {
        return defined;
    }

    /** Whether something that is over now may have changed tables, views or functions; the next answer is no. */
    boolean takeDefinition() {
        boolean taken = defined && state == NONE;
        defined &= !taken;
        definedEverywhere &= !taken;
        return taken;
    }

    /** Whether it may have changed rows. */
    boolean hasWritten() {
        return written;
    }

    /** Whether it may have changed rows of another shard than the home shard. */
    boolean hasWrittenElsewhere() {
        return writtenElsewhere;
    }

    /** A server joins: what it must be told first. Empty when it has the transaction already, or there is none. */
    List<String> toJoined() {
        if (state instanceof State.Begun begun) {
            state = new State.Joined(TransactionStatus.IN_TRANSACTION, begun.replay(), true);
            return List.copyOf(begun.replay().statements());
        }
        return List.of();
    }

    /** A server joins that is to be failed: what it must be told before. */
    List<String> toJoinedFailed() {
        Replay replay = ((State.Failed) state).replay();
        state = new State.Joined(TransactionStatus.FAILED, replay, false);
        return List.copyOf(replay.statements());
    }

    /** What a further server must be told before it takes part; null when that is not known. */
    @Nullable
    List<String> toJoinedByAnother() {
        if (!(state instanceof State.Joined joined)) {
            return toJoined();
        }
        Replay replay = joined.replay();
        return replay == null ? null : List.copyOf(replay.statements());
    }

    /** A statement that every server must be told has succeeded on those that have the transaction. */
    void onShared(String statement) {
        if (state instanceof State.Joined joined && joined.replay() != null) {
            boolean full = joined.replay().statements().size() >= REPLAYED_STATEMENTS_MAX;
            if (full) {
                state = new State.Joined(joined.status(), null, joined.unconfirmed());
            } else {
                joined.replay().statements().add(statement);
            }
        }
    }

    /** Whether it has the isolation level that the session has by default. */
    boolean isPlain() {
        if (state instanceof State.Joined joined) {
            return joined.replay() != null && isPlain(joined.replay());
        }
        return !(state instanceof State.Begun begun) || isPlain(begun.replay());
    }

    private static boolean isPlain(Replay replay) {
        return replay.statements().stream()
                .map(statement -> statement.toLowerCase(Locale.ROOT))
                .noneMatch(statement -> statement.contains("isolation"));
    }

    /** An error has kept the server from the BEGIN: the transaction has failed before any server had it. */
    void onBeginSkipped() {
        if (state instanceof State.Joined joined && joined.unconfirmed() && joined.replay() != null) {
            state = new State.Failed(joined.replay());
        } else {
            onFailure();
        }
    }

    /** The server has said how it stands. */
    void onServerStatus(TransactionStatus status) {
        if (status == TransactionStatus.IDLE) {
            state = NONE;
            pipeline = false;
            forgetStatements();
            cursors.clear();
        } else {
            state = new State.Joined(status, state instanceof State.Joined joined ? joined.replay() : null, false);
        }
    }

    /** A statement that every server would answer alike needs none while the transaction has none. */
    TransactionAnswer answer(PlannedStatement.Transaction statement) {
        if (state instanceof State.Joined) {
            return SERVER;
        }
        if (state instanceof State.Begun begun) {
            return answerBegun(begun.replay(), statement);
        }
        return state instanceof State.Failed failed ? answerFailed(failed.replay(), statement) : answerNone(statement);
    }

    /** SET and RESET inside of a transaction that no server has yet. */
    TransactionAnswer answer(PlannedStatement.Setting setting) {
        return state instanceof State.Begun begun ? replayLater(begun.replay(), setting.text(), setting.tag()) : SERVER;
    }

    /** What else a server that joins is to be told. */
    void replayAlso(List<String> statements) {
        if (state instanceof State.Begun begun) {
            begun.replay().statements().addAll(statements);
        }
    }

    private TransactionAnswer answerNone(PlannedStatement.Transaction statement) {
        TransactionVerb verb = statement.verb();
        return switch (verb) {
            case BEGIN, START_TRANSACTION -> {
                state = begun(statement.text());
                planned = null;
                pipeline = false;
                forgetStatements();
                yield tag(verb);
            }
            case COMMIT, ROLLBACK, SAVEPOINT, RELEASE, ROLLBACK_TO, SET_TRANSACTION -> outside(statement);
        };
    }

    /** What a statement that makes sense in a transaction alone is told without one. */
    static TransactionAnswer outside(PlannedStatement.Transaction statement) {
        TransactionVerb verb = statement.verb();
        return switch (verb) {
            case BEGIN, START_TRANSACTION -> SERVER;
            case COMMIT, ROLLBACK ->
                statement.chain()
                        ? onlyInBlocks(verb.tag() + " AND CHAIN")
                        : new TransactionAnswer.Tag(verb.tag(), noTransaction());
            case SAVEPOINT -> onlyInBlocks("SAVEPOINT");
            case RELEASE -> onlyInBlocks("RELEASE SAVEPOINT");
            case ROLLBACK_TO -> onlyInBlocks("ROLLBACK TO SAVEPOINT");
            case SET_TRANSACTION ->
                warn(verb, NO_ACTIVE_TRANSACTION, "SET TRANSACTION can only be used in transaction blocks");
        };
    }

    static NoticeResponse noTransaction() {
        return NoticeResponse.warning(NO_ACTIVE_TRANSACTION, "there is no transaction in progress");
    }

    private TransactionAnswer answerBegun(Replay replay, PlannedStatement.Transaction statement) {
        TransactionVerb verb = statement.verb();
        return switch (verb) {
            case BEGIN, START_TRANSACTION ->
                setModes(replay, statement, warn(verb, "25001", "there is already a transaction in progress"));
            case COMMIT, ROLLBACK -> {
                state = statement.chain() ? begunAlike(replay) : NONE;
                queried = false;
                yield tag(verb);
            }
            case SET_TRANSACTION -> setModes(replay, statement, tag(verb));
            case SAVEPOINT -> {
                replay.savepoints().add(name(statement));
                yield replayLater(replay, statement.text(), verb.tag());
            }
            case RELEASE, ROLLBACK_TO -> {
                if (!toSavepoint(replay, statement)) {
                    state = new State.Failed(replay);
                    yield noSavepoint(statement);
                }
                yield replayLater(replay, statement.text(), verb.tag());
            }
        };
    }

    /** In a subtransaction the server judges; what a query has settled on a server that has no part, the transaction has settled. */
    private TransactionAnswer setModes(
            Replay replay, PlannedStatement.Transaction statement, TransactionAnswer answer) {
        String modes = statement.modes();
        if (modes == null) {
            return answer;
        }
        if (!replay.savepoints().isEmpty()) {
            return SERVER;
        }
        if (queried && LATE_ISOLATION.matcher(modes).find()) {
            return new TransactionAnswer.Refusal(
                    ErrorResponse.error("25001", "SET TRANSACTION ISOLATION LEVEL must be called before any query"));
        }
        return replayLater(replay, modes, statement.verb().tag()) == SERVER ? SERVER : answer;
    }

    private TransactionAnswer answerFailed(Replay replay, PlannedStatement.Transaction statement) {
        return switch (statement.verb()) {
            case COMMIT, ROLLBACK -> {
                // After a failure a chain begins with the defaults.
                state = statement.chain() ? begun("BEGIN") : NONE;
                yield tag(TransactionVerb.ROLLBACK);
            }
            case ROLLBACK_TO -> {
                if (!toSavepoint(replay, statement)) {
                    yield noSavepoint(statement);
                }
                state = new State.Begun(replay);
                yield replayLater(replay, statement.text(), statement.verb().tag());
            }
            default -> new TransactionAnswer.Refusal(aborted());
        };
    }

    private static State begunAlike(Replay replay) {
        List<String> statements = new ArrayList<>();
        for (String statement : replay.statements()) {
            if (statements.isEmpty() || MODES.matcher(statement).find()) {
                statements.add(statement);
            }
        }
        return new State.Begun(new Replay(statements, new ArrayList<>()));
    }

    private static State begun(String statement) {
        return new State.Begun(new Replay(new ArrayList<>(List.of(statement)), new ArrayList<>()));
    }

    /** Whether it is known what another transaction like it begins with. */
    boolean mayChain() {
        return !(state instanceof State.Joined joined) || isFailed() || joined.replay() != null;
    }

    /**
     * It has ended on all servers that had it.
     *
     * @param chain whether another one begins: like it, or with the defaults if it has failed
     */
    void onEnd(boolean chain) {
        State before = state;
        boolean failed = isFailed();
        onServerStatus(TransactionStatus.IDLE);
        if (chain) {
            Replay replay = before instanceof State.Joined joined ? joined.replay() : null;
            state = failed || replay == null ? begun("BEGIN") : begunAlike(replay);
        }
    }

    /** Drops the savepoints above the named one, and with RELEASE that one too; false when there is none of the name. */
    private static boolean toSavepoint(Replay replay, PlannedStatement.Transaction statement) {
        int mark = replay.savepoints().lastIndexOf(name(statement));
        if (mark < 0) {
            return false;
        }
        int from = statement.verb() == TransactionVerb.RELEASE ? mark : mark + 1;
        replay.savepoints().subList(from, replay.savepoints().size()).clear();
        return true;
    }

    private static TransactionAnswer replayLater(Replay replay, String text, String tag) {
        if (replay.statements().size() >= REPLAYED_STATEMENTS_MAX) {
            return SERVER;
        }
        replay.statements().add(text);
        return new TransactionAnswer.Tag(tag, null);
    }

    /** What any statement but one that ends a failed transaction is told. */
    static ErrorResponse aborted() {
        return ErrorResponse.error(
                "25P02", "current transaction is aborted, commands ignored until end of transaction block");
    }

    private static TransactionAnswer tag(TransactionVerb verb) {
        return new TransactionAnswer.Tag(verb.tag(), null);
    }

    private static TransactionAnswer warn(TransactionVerb verb, String sqlState, String message) {
        return new TransactionAnswer.Tag(verb.tag(), NoticeResponse.warning(sqlState, message));
    }

    private static TransactionAnswer onlyInBlocks(String what) {
        return new TransactionAnswer.Refusal(
                ErrorResponse.error(NO_ACTIVE_TRANSACTION, what + " can only be used in transaction blocks"));
    }

    private static TransactionAnswer noSavepoint(PlannedStatement.Transaction statement) {
        return new TransactionAnswer.Refusal(
                ErrorResponse.error("3B001", "savepoint \"" + name(statement) + "\" does not exist"));
    }

    private static String name(PlannedStatement.Transaction statement) {
        String name = statement.savepoint();
        return name == null ? "" : name;
    }
}

package io.pgring.proxy.routing;

import io.pgring.pgsql.spread.Gather;
import io.pgring.pgsql.spread.Scatter;
import io.pgring.pgsql.spread.Spread;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.metrics.PinReason;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy has understood of a text: its statements in order; none for an empty one. Immutable but for the count of its uses,
 * which belongs to one event loop; fits every text with the same normalised key under the same topology.
 */
public final class Plan {
    private final List<PlannedStatement> statements;
    private final List<SessionEffect> effects;
    private final PlannedStatement.@Nullable Refused refusal;
    private final boolean everywhere;
    private final boolean writes;
    private final boolean commits;
    private final boolean defines;
    private final boolean insertsSharded;
    private final boolean usesCursors;
    private final boolean listens;
    private final boolean notifies;
    private final Set<PinReason> leaves;
    private final boolean takesAway;
    private final long topologyVersion;
    private long hits;

    Plan(List<PlannedStatement> statements, long topologyVersion) {
        this(statements, topologyVersion, false);
    }

    /** @param notifies whether a statement is known to notify */
    Plan(List<PlannedStatement> statements, long topologyVersion, boolean notifies) {
        this.statements = List.copyOf(statements);
        this.effects = statements.stream()
                .map(PlannedStatement::effect)
                .filter(Objects::nonNull)
                .map(SessionEffect.class::cast)
                .toList();
        this.refusal = statements.stream()
                .filter(PlannedStatement.Refused.class::isInstance)
                .map(PlannedStatement.Refused.class::cast)
                .findFirst()
                .orElse(null);
        this.everywhere =
                !statements.isEmpty() && statements.stream().allMatch(PlannedStatement.Everywhere.class::isInstance);
        this.writes = statements.stream().anyMatch(Plan::writes);
        this.commits = statements.stream()
                .anyMatch(statement -> statement instanceof PlannedStatement.Transaction control
                        && control.verb() == TransactionVerb.COMMIT);
        this.defines = statements.stream()
                .anyMatch(statement -> (statement instanceof PlannedStatement.Home home && home.defines())
                        || (statement instanceof PlannedStatement.Everywhere everywhere && everywhere.defines()));
        this.insertsSharded = statements.stream()
                .anyMatch(statement -> (statement instanceof PlannedStatement.Keyed keyed && keyed.insert())
                        || (statement instanceof PlannedStatement.Spreads spreads && spreads.inserts())
                        || statement instanceof PlannedStatement.Relayed);
        this.usesCursors = statements.stream().anyMatch(Plan::usesCursors);
        this.listens = statements.stream().anyMatch(PlannedStatement.Listening.class::isInstance);
        this.notifies = notifies;
        this.leaves = leaves(statements);
        this.takesAway = !leaves.isEmpty()
                || defines
                || statements.stream()
                        .anyMatch(statement -> statement instanceof PlannedStatement.CloseCursors
                                || (statement instanceof PlannedStatement.OnCursor on
                                        && on.use() == PlannedStatement.OnCursor.Use.CLOSE));
        this.topologyVersion = topologyVersion;
    }

    private static Set<PinReason> leaves(List<PlannedStatement> statements) {
        EnumSet<PinReason> leaves = EnumSet.noneOf(PinReason.class);
        for (PlannedStatement statement : statements) {
            PlannedStatement query = statement;
            if (statement instanceof PlannedStatement.Declare declare) {
                query = declare.query();
                if (declare.hold()) {
                    leaves.add(PinReason.HELD_CURSORS);
                }
            }
            if (query instanceof PlannedStatement.Home home) {
                leaves.addAll(home.leaves());
            }
        }
        return Set.copyOf(leaves);
    }

    private static boolean usesCursors(PlannedStatement statement) {
        return statement instanceof PlannedStatement.Declare
                || statement instanceof PlannedStatement.OnCursor
                || statement instanceof PlannedStatement.CloseCursors;
    }

    private static boolean writes(PlannedStatement statement) {
        if (statement instanceof PlannedStatement.Declare declare) {
            return writes(declare.query());
        }
        if (statement instanceof PlannedStatement.Explained explained) {
            return explained.analyze() && writes(explained.statement());
        }
        if (statement instanceof PlannedStatement.OnCursor on) {
            return on.use() == PlannedStatement.OnCursor.Use.CHANGE;
        }
        return statement instanceof PlannedStatement.Keyed keyed
                ? keyed.writes()
                : statement instanceof PlannedStatement.Home home
                        ? home.writes()
                        : statement instanceof PlannedStatement.Everywhere
                                || statement instanceof PlannedStatement.Notification
                                || statement instanceof PlannedStatement.Relayed
                                || statement instanceof PlannedStatement.CopyIn
                                || (statement instanceof PlannedStatement.Spreads spreads && writes(spreads.spread()));
    }

    private static boolean writes(Spread spread) {
        Scatter scatter = spread.scatter();
        Gather gather = spread.gather();
        return (scatter != null && scatter.writes()) || (gather != null && gather.writes());
    }

    /** The statements in the order of the text. */
    public List<PlannedStatement> statements() {
        return statements;
    }

    /** What they do to the session, in order. */
    public List<SessionEffect> effects() {
        return effects;
    }

    /** Whether a statement touches a sharded table by its name. */
    public boolean namesSharded() {
        return statements.stream().anyMatch(Plan::namesSharded);
    }

    /**
     * Whether it depends on no other table than some sharded ones.
     *
     * @param tables as {@code schema.name}
     */
    public boolean concernsOnly(Set<String> tables) {
        for (PlannedStatement statement : statements) {
            boolean of = statement instanceof PlannedStatement.Keyed keyed
                    && tables.contains(keyed.table().definition().qualifiedName());
            boolean free = statement instanceof PlannedStatement.Anywhere
                    || statement instanceof PlannedStatement.Transaction
                    || statement instanceof PlannedStatement.Setting;
            if (!of && !free) {
                return false;
            }
        }
        return true;
    }

    private static boolean namesSharded(PlannedStatement statement) {
        if (statement instanceof PlannedStatement.Declare declare) {
            return namesSharded(declare.query());
        }
        if (statement instanceof PlannedStatement.Explained explained) {
            return namesSharded(explained.statement());
        }
        return statement instanceof PlannedStatement.Keyed
                || statement instanceof PlannedStatement.Spreads
                || statement instanceof PlannedStatement.Relayed
                || statement instanceof PlannedStatement.CopyIn
                || statement instanceof PlannedStatement.CopyOut
                || statement instanceof PlannedStatement.Everywhere
                || (statement instanceof PlannedStatement.OnCursor && writes(statement));
    }

    /** Whether its text hardly ever comes again, so that it has values in it. */
    boolean isUnique() {
        return single() instanceof PlannedStatement.Execute
                || single() instanceof PlannedStatement.Administer
                || single() instanceof PlannedStatement.Listening
                || single() instanceof PlannedStatement.Configure;
    }

    /** Whether a statement declares, uses or closes cursors. */
    public boolean usesCursors() {
        return usesCursors;
    }

    /** What it may leave in the session of the server that runs it, beyond its transaction. */
    public Set<PinReason> leaves() {
        return leaves;
    }

    /** Whether it may take away what was left in the session. */
    public boolean takesAway() {
        return takesAway;
    }

    /** Whether it asks what the session has last got from a sequence. */
    public boolean asksSequences() {
        return statements.stream()
                .map(statement -> statement instanceof PlannedStatement.Declare declare ? declare.query() : statement)
                .anyMatch(statement -> statement instanceof PlannedStatement.Home home && home.asksSequences());
    }

    /** Whether every shard must run all of it. */
    public boolean isEverywhere() {
        return everywhere;
    }

    /** Whether it may change rows, or more. */
    public boolean writes() {
        return writes;
    }

    /** Whether there is a COMMIT in it. */
    public boolean commits() {
        return commits;
    }

    /** Whether it may change the definition of tables, views or functions. */
    public boolean defines() {
        return defines;
    }

    /** Whether it inserts rows into a sharded table, by what is known of its columns. */
    public boolean insertsSharded() {
        return insertsSharded;
    }

    /** Whether there is nothing to run. */
    public boolean isEmpty() {
        return statements.isEmpty();
    }

    /** The only statement; null when there are none or several. */
    public @Nullable PlannedStatement single() {
        return statements.size() == 1 ? statements.get(0) : null;
    }

    /** The reason not to run the text whatever the values are; null when there is none. */
    public PlannedStatement.@Nullable Refused refusal() {
        return refusal;
    }

    /** Why not to run a text that was not understood, unless a server can say what is wrong with it; null when it was. */
    public @Nullable ErrorResponse unread() {
        return refusal != null && refusal.unread() && statements.size() == 1 ? refusal.error() : null;
    }

    /** It is used for one more text. */
    void onHit() {
        hits++;
    }

    /** How many texts it was used for, after the one that it was made for. */
    long hits() {
        return hits;
    }

    /** Whether a statement is known to notify. */
    public boolean notifies() {
        return notifies;
    }

    /** Whether a statement is LISTEN or UNLISTEN. */
    public boolean listens() {
        return listens;
    }

    /** The topology under which it was made. */
    public long topologyVersion() {
        return topologyVersion;
    }
}

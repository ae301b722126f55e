package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.SessionState;
import io.pgring.pgsql.tree.Ddl;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.metrics.PinReason;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Statements that make or need state of the session. The home shard has it, in a session that the client keeps as long as there is any;
 * so such a statement can use no rows of other shards.
 */
final class SessionPlans {
    private static final Map<SessionState, PinReason> REASONS = new EnumMap<>(Map.of(
            SessionState.TEMPORARY_TABLE, PinReason.TEMPORARY_OBJECTS,
            SessionState.ADVISORY_LOCK, PinReason.ADVISORY_LOCKS,
            SessionState.LOAD, PinReason.LIBRARIES,
            SessionState.UNKNOWN_SETTINGS, PinReason.SETTINGS,
            SessionState.OTHER, PinReason.FUNCTIONS));

    private SessionPlans() {}

    /** Why a statement can't be run for what it makes of the session, or needs of it; null when it can. */
    static @Nullable ErrorResponse refusal(Set<SessionState> states, Analysis analysis) {
        EnumSet<SessionState> impossible = EnumSet.noneOf(SessionState.class);
        for (SessionState state : states) {
            if (!REASONS.containsKey(state) && state != SessionState.SEQUENCE_VALUE) {
                impossible.add(state);
            }
        }
        if (!impossible.isEmpty()) {
            return impossible.contains(SessionState.SET_CONFIG)
                    ? Refusals.setConfig()
                    : Refusals.sessionState(SessionStateNames.of(impossible));
        }
        return states.isEmpty() || analysis instanceof Analysis.Unsharded
                ? null
                : Refusals.sessionWithSharded(SessionStateNames.of(states), analysis);
    }

    static PlannedStatement.Home home(boolean writes, boolean defines, Set<SessionState> states) {
        EnumSet<PinReason> leaves = EnumSet.noneOf(PinReason.class);
        for (SessionState state : states) {
            PinReason reason = REASONS.get(state);
            if (reason != null) {
                leaves.add(reason);
            }
        }
        return new PlannedStatement.Home(
                writes, defines, Set.copyOf(leaves), states.contains(SessionState.SEQUENCE_VALUE));
    }

    /** Whether all that a statement defines is the client's alone. */
    static boolean isTemporary(Statement statement, Set<SessionState> states) {
        return statement instanceof Ddl ddl
                && ddl.command().startsWith("CREATE ")
                && states.contains(SessionState.TEMPORARY_TABLE);
    }
}

package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.SessionState;
import java.util.Set;
import java.util.stream.Collectors;

/** The words for session state in messages. */
final class SessionStateNames {
    private SessionStateNames() {}

    static String of(Set<SessionState> states) {
        return states.stream().sorted().map(SessionStateNames::of).collect(Collectors.joining(", "));
    }

    private static String of(SessionState state) {
        return switch (state) {
            case SET_CONFIG -> "set_config()";
            case ADVISORY_LOCK -> "a session-level advisory lock";
            case TEMPORARY_TABLE -> "a temporary table";
            case LISTEN -> "LISTEN or pg_listening_channels() inside of another statement";
            case HOLD_CURSOR -> "a cursor WITH HOLD";
            case CURSOR -> "a cursor";
            case LOAD -> "LOAD";
            case PREPARED_STATEMENT -> "PREPARE or EXECUTE as SQL";
            case SEQUENCE_VALUE -> "currval() or lastval()";
            case UNKNOWN_SETTINGS -> "a function that runs SQL which is not in its source";
            case OTHER -> "a function with session state";
        };
    }
}

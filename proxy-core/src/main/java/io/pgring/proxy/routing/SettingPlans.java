package io.pgring.proxy.routing;

import io.pgring.pgsql.tree.SetVariable;
import io.pgring.pgwire.backend.ErrorResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Plans of SET and RESET. */
final class SettingPlans {
    private SettingPlans() {}

    static PlannedStatement plan(SetVariable set, byte[] text, String source) {
        return switch (set.action()) {
            case RESET_ALL -> new PlannedStatement.Setting(new SessionEffect.ResetAll(), "RESET", source);
            case RESET -> new PlannedStatement.Setting(new SessionEffect.Reset(set.name()), "RESET", source);
            case SET_FROM_CURRENT ->
                new PlannedStatement.Refused(ErrorResponse.error("0A000", "SET ... FROM CURRENT is not supported"));
            case SET -> assign(set, text, source);
        };
    }

    private static PlannedStatement assign(SetVariable set, byte[] text, String source) {
        String value = new String(text, set.valueStart(), set.valueEnd() - set.valueStart(), StandardCharsets.UTF_8);
        ErrorResponse unsupported = UnsupportedSettings.refuse(set.name(), value);
        if (unsupported != null && !set.toDefault()) {
            return new PlannedStatement.Refused(unsupported);
        }
        if (set.scope() == SetVariable.Scope.LOCAL) {
            if (set.name().equals("search_path") && SearchPath.leavesPublic(source)) {
                return new PlannedStatement.Refused(SearchPath.refusal());
            }
            return new PlannedStatement.Setting(new SessionEffect.Local(source), "SET", source);
        }
        SessionEffect effect = set.toDefault()
                ? new SessionEffect.Reset(set.name())
                : new SessionEffect.Assign(set.name(), withoutScope(source));
        return new PlannedStatement.Setting(effect, "SET", source);
    }

    /** The statement without a word SESSION for the scope, which doesn't change its meaning, so that equal settings look equal. */
    private static String withoutScope(String source) {
        String lower = source.toLowerCase(Locale.ROOT);
        return lower.startsWith("set session ") && !lower.startsWith("set session authorization")
                ? "SET " + source.substring("set session ".length())
                : source;
    }
}

package io.pgring.proxy.routing;

import io.pgring.pgsql.tree.TransactionControl;
import io.pgring.pgwire.backend.ErrorResponse;
import java.util.Locale;

/** Plans of the statements that control transactions. */
final class TransactionPlans {
    private TransactionPlans() {}

    /**
     * The plan.
     *
     * @param text of the statement
     * @param modes the transaction modes in it; empty without any
     */
    static PlannedStatement plan(TransactionControl control, String text, String modes) {
        return switch (control.kind()) {
            case BEGIN ->
                new PlannedStatement.Transaction(
                        isStart(text) ? TransactionVerb.START_TRANSACTION : TransactionVerb.BEGIN,
                        null,
                        false,
                        modes.isEmpty() ? null : setting(modes),
                        text);
            case COMMIT -> verb(TransactionVerb.COMMIT, control, text);
            case ROLLBACK -> verb(TransactionVerb.ROLLBACK, control, text);
            case SAVEPOINT -> verb(TransactionVerb.SAVEPOINT, control, text);
            case RELEASE -> verb(TransactionVerb.RELEASE, control, text);
            case ROLLBACK_TO -> verb(TransactionVerb.ROLLBACK_TO, control, text);
            case SET_TRANSACTION ->
                control.modes().snapshot()
                        ? refuse("SET TRANSACTION SNAPSHOT", "A snapshot belongs to one server.")
                        : new PlannedStatement.Transaction(
                                TransactionVerb.SET_TRANSACTION, null, false, setting(modes), text);
            case SET_SESSION_CHARACTERISTICS -> characteristics(control.modes(), text);
            case PREPARE_TRANSACTION -> refuse("PREPARE TRANSACTION", "A prepared transaction belongs to one server.");
            case COMMIT_PREPARED -> refuse("COMMIT PREPARED", "A prepared transaction belongs to one server.");
            case ROLLBACK_PREPARED -> refuse("ROLLBACK PREPARED", "A prepared transaction belongs to one server.");
        };
    }

    private static boolean isStart(String text) {
        return text.toLowerCase(Locale.ROOT).startsWith("start");
    }

    private static PlannedStatement verb(TransactionVerb verb, TransactionControl control, String text) {
        return new PlannedStatement.Transaction(verb, control.savepoint(), control.chain(), null, text);
    }

    private static String setting(String modes) {
        return "SET TRANSACTION " + modes;
    }

    /** Sets the default of one run-time parameter per mode; remembered under that parameter's name. */
    private static PlannedStatement characteristics(TransactionControl.Modes modes, String text) {
        int given = (modes.isolation() == null ? 0 : 1)
                + (modes.readOnly() == null ? 0 : 1)
                + (modes.deferrable() == null ? 0 : 1);
        if (given != 1) {
            return new PlannedStatement.Refused(
                    ErrorResponse.error("0A000", "SET SESSION CHARACTERISTICS with several modes is not supported")
                            .hint("Set one mode per statement."));
        }
        String parameter = modes.isolation() != null
                ? "default_transaction_isolation"
                : modes.readOnly() != null ? "default_transaction_read_only" : "default_transaction_deferrable";
        return new PlannedStatement.Setting(new SessionEffect.Assign(parameter, text), "SET", text);
    }

    private static PlannedStatement refuse(String what, String why) {
        return new PlannedStatement.Refused(ErrorResponse.error("0A000", what + " is not supported")
                .detail(why)
                .hint("Use a direct connection to the server for it."));
    }
}

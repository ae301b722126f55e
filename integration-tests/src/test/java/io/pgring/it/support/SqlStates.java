package io.pgring.it.support;

import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The SQLSTATE that an action fails with. */
public final class SqlStates {
    /** PostgreSQL's feature_not_supported: what the proxy refuses. */
    public static final String FEATURE_NOT_SUPPORTED = "0A000";

    private SqlStates() {}

    /** Runs an action that must fail with an {@link SQLException}. */
    public static String of(ThrowingCallable action) {
        return String.valueOf(failure(action).getSQLState());
    }

    /** Runs an action that must fail with an {@link SQLException}; the exception. */
    public static SQLException failure(ThrowingCallable action) {
        try {
            action.call();
        } catch (SQLException e) {
            return e;
        } catch (Throwable e) {
            throw new AssertionError("an SQLException was expected", e);
        }
        throw new AssertionError("an SQLException was expected");
    }
}

package io.pgring.proxy.distribution;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A table can't be distributed or brought home; its parts are fit for an ErrorResponse. */
public final class DistributionException extends Exception {
    private final String sqlState;
    private final @Nullable String detail;
    private final @Nullable String hint;

    private DistributionException(
            String sqlState,
            String message,
            @Nullable String detail,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(message, cause);
        this.sqlState = sqlState;
        this.detail = detail;
        this.hint = hint;
    }

    /**
     * @param sqlState five characters
     * @param message what is wrong, in lower case and without a full stop
     * @param hint a sentence on what to do, or null
     */
    public DistributionException(String sqlState, String message, @Nullable String hint) {
        this(sqlState, message, null, hint, null);
    }

    /** What a server has said, or what else went wrong. */
    public static DistributionException of(Exception failure) {
        if (failure instanceof DistributionException known) {
            return known;
        }
        ServerErrorMessage said = failure instanceof PSQLException server ? server.getServerErrorMessage() : null;
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
        String state = failure instanceof SQLException sql ? sql.getSQLState() : null;
        return new DistributionException(
                Objects.requireNonNullElse(state, "XX000"),
                said == null || said.getMessage() == null ? message : said.getMessage(),
                said == null ? null : said.getDetail(),
                said == null ? null : said.getHint(),
                failure);
    }

    /** Five characters. */
    public String sqlState() {
        return sqlState;
    }

    /** Sentences that say more. */
    public @Nullable String detail() {
        return detail;
    }

    /** A sentence on what to do. */
    public @Nullable String hint() {
        return hint;
    }
}

package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.Holdings;
import io.pgring.proxy.backend.OwnRequest;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.SessionVariables;
import io.pgring.proxy.backend.ShardPool;
import io.pgring.proxy.backend.ShardPools;
import io.pgring.proxy.backend.Waiter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a server whether it accepts a client's settings, and how it then reports them: what a login needs to know. */
public final class SettingsCheck implements Waiter {
    private final ShardPools pools;
    private final SessionVariables settings;
    private final Outcome outcome;
    private final ShardPool pool;

    /** What becomes of the question: exactly one call. */
    public interface Outcome {
        /**
         * The settings are good.
         *
         * @param reported the parameters to tell the client, immutable
         */
        void onAccepted(Map<String, String> reported);

        /** They are not, or no server could be asked. */
        void onRefused(ErrorResponse error);
    }

    private SettingsCheck(ShardPools pools, SessionVariables settings, Outcome outcome) {
        this.pools = pools;
        this.settings = settings;
        this.outcome = outcome;
        this.pool = pools.any();
    }

    /** Asks; the answer may come before this method returns. */
    public static void start(ShardPools pools, SessionVariables settings, Outcome outcome) {
        Map<String, String> known = pools.checkedSettings().find(settings);
        if (known != null) {
            outcome.onAccepted(known);
            return;
        }
        SettingsCheck check = new SettingsCheck(pools, settings, outcome);
        ServerConnection free = check.pool.tryAcquire(settings);
        if (free == null) {
            check.pool.await(check);
        } else {
            check.onServerConnection(free);
        }
    }

    @Override
    public @Nullable Holdings holdings() {
        return null;
    }

    @Override
    public void onServerConnection(ServerConnection connection) {
        String difference = connection.variables().differenceTo(settings);
        if (difference.isEmpty()) {
            onSettled(connection, null);
        } else {
            OwnRequest.query(connection, difference, error -> onSettled(connection, error));
        }
    }

    private void onSettled(ServerConnection connection, @Nullable ErrorResponse error) {
        Map<String, String> reported = connection.parameters();
        if (error == null) {
            connection.setVariables(settings);
            pools.checkedSettings().add(settings, reported);
        }
        pool.release(connection);
        if (error == null) {
            outcome.onAccepted(reported);
        } else {
            outcome.onRefused(error);
        }
    }

    @Override
    public void onNoServerConnection(ErrorResponse cause) {
        outcome.onRefused(cause);
    }
}

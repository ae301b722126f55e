package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.proxy.backend.OwnRequest;
import io.pgring.proxy.backend.ServerConnection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The end of a transaction on several shards: all of its parts are committed, or none. */
public final class Conclusion {
    private Conclusion() {}

    /**
     * Commits all, and gives the connections back.
     *
     * @param notices told what else there is to say, before the end
     * @param onDone told at the end: null when all have committed
     */
    public static void commit(
            Participants participants, Consumer<NoticeResponse> notices, Consumer<@Nullable ErrorResponse> onDone) {
        if (!participants.isWhole()) {
            rollback(participants, () -> onDone.accept(CommitErrors.partLost()));
            return;
        }
        new Commit(participants.parts(), participants.coordination(), notices, error -> {
                    participants.releaseAll();
                    onDone.accept(error);
                })
                .start(participants.hasNotified());
    }

    /**
     * Rolls back all, and gives the connections back.
     *
     * @param onDone called at the end
     */
    public static void rollback(Participants participants, Runnable onDone) {
        List<ServerConnection> servers = participants.connections();
        if (servers.isEmpty()) {
            participants.releaseAll();
            onDone.run();
            return;
        }
        int[] open = {servers.size()};
        for (ServerConnection server : servers) {
            OwnRequest.query(server, "ROLLBACK", error -> {
                if (--open[0] == 0) {
                    participants.releaseAll();
                    onDone.run();
                }
            });
        }
    }
}

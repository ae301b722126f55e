package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.OwnRequest;
import io.pgring.proxy.backend.ServerConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a transaction on several shards. All of its statements have succeeded everywhere before it commits; then the shards
 * commit one after the other. When the first says no, the others roll back, and nothing has happened. When a later one can't be
 * reached, or says no, what was committed stays: the error then names each shard and what became of its part (SQLSTATE 08007).
 */
public final class Conclusion {
    private final Participants participants;
    private final List<String> committed = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    private Conclusion(Participants participants) {
        this.participants = participants;
    }

    /**
     * Commits all, and gives the connections back.
     *
     * @param onDone told at the end: null when all have committed
     */
    public static void commit(Participants participants, Consumer<@Nullable ErrorResponse> onDone) {
        new Conclusion(participants).commit(participants.connections(), 0, onDone);
    }

    private void commit(List<ServerConnection> servers, int index, Consumer<@Nullable ErrorResponse> onDone) {
        if (index == servers.size()) {
            participants.releaseAll();
            onDone.accept(failed.isEmpty() ? null : halfDone());
            return;
        }
        ServerConnection server = servers.get(index);
        OwnRequest.query(server, "COMMIT", error -> {
            if (error == null) {
                committed.add(server.shard().name());
            } else if (index == 0 && !"08006".equals(error.sqlState())) {
                rollback(participants, () -> onDone.accept(error));
                return;
            } else {
                failed.add(server.shard().name() + " (" + error.message() + ")");
            }
            commit(servers, index + 1, onDone);
        });
    }

    private ErrorResponse halfDone() {
        return ErrorResponse.error("08007", "the transaction was not committed on every shard")
                .detail("Committed on: " + String.join(", ", committed) + ". Not known to be committed on: "
                        + String.join(", ", failed) + ".")
                .hint("Look at the rows on these shards before you repeat the statement.");
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

package io.pgring.proxy.exchange;

import io.pgring.proxy.backend.OwnConnections;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.ServerLease;
import io.pgring.proxy.backend.ShardHealth;
import io.pgring.proxy.backend.ShardPools;
import io.pgring.proxy.fanout.Coordination;
import io.pgring.proxy.fanout.Participants;
import io.pgring.proxy.topology.Shard;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server connections of one client: the one at hand, if any, and those that hold other parts of its transaction. */
final class Connections {
    private final ServerLease.Borrower borrower;
    private final ShardPools pools;
    private final ReportedParameters reported;
    private final Coordination coordination;
    private final OwnConnections own;
    private final Participants participants;
    private ServerLease lease;
    private boolean takesPart;

    /**
     * @param own those that are the client's own
     * @param coordination what commits on several of them need
     * @param atLogin the parameters that the client was told at login
     */
    Connections(
            ServerLease.Borrower borrower,
            ShardPools pools,
            OwnConnections own,
            Coordination coordination,
            Map<String, String> atLogin) {
        this.borrower = borrower;
        this.pools = pools;
        this.own = own;
        this.reported = new ReportedParameters(atLogin);
        this.coordination = coordination;
        this.participants = newParticipants();
        this.lease = newLease(false);
    }

    private ServerLease newLease(boolean spare) {
        return new ServerLease(borrower, pools, own, spare);
    }

    /** Those that are the client's own, at hand or not. */
    OwnConnections own() {
        return own;
    }

    /** Whether a shard answered when it was last asked. */
    ShardHealth health(Shard shard) {
        return pools.of(shard).health();
    }

    /** The client's user as whom the proxy logs in for him; null when it does so as the users in the configuration. */
    @Nullable
    String user() {
        return pools.user();
    }

    /** What the client knows of the parameters. */
    ReportedParameters reported() {
        return reported;
    }

    /** Connections for a statement that is no part of the client's transaction. */
    Participants newParticipants() {
        return new Participants(() -> newLease(false), coordination, null);
    }

    /** The same for one that may stop half-way: they may be others than the client's own, which it then has for what follows. */
    Participants newSpareParticipants(List<Shard> shards) {
        shards.forEach(shard -> pools.of(shard).onSpare(true));
        return new Participants(
                () -> newLease(true),
                coordination,
                () -> shards.forEach(shard -> pools.of(shard).onSpare(false)));
    }

    /**
     * Whether there are such connections. A client that holds others does not wait for them: somebody might wait for those.
     *
     * @param holds whether the client holds connections beside those of its transaction, and its own
     */
    boolean hasSpare(List<Shard> shards, boolean holds) {
        boolean waits = !holds && atHand() == null && participants.isEmpty() && !own.isKeeping();
        return shards.stream().allMatch(shard -> pools.of(shard).hasSpare(waits));
    }

    /** Those that hold parts of the transaction, without the one at hand. */
    Participants participants() {
        return participants;
    }

    /** What the connection at hand was borrowed by. */
    ServerLease lease() {
        return lease;
    }

    /** The one at hand. */
    @Nullable
    ServerConnection atHand() {
        return lease.server();
    }

    /** Whether a cancel is under way, which may hit what is sent now; the client is resumed behind it. */
    boolean isBeingCancelled(ClientSink sink) {
        ServerConnection server = beingCancelled();
        if (server == null) {
            return false;
        }
        server.afterCancel(sink::onResume);
        return true;
    }

    private @Nullable ServerConnection beingCancelled() {
        ServerConnection server = atHand();
        if (server != null && server.isBeingCancelled()) {
            return server;
        }
        if (!participants.isEmpty()) {
            for (ServerConnection part : participants.connections()) {
                if (part.isBeingCancelled()) {
                    return part;
                }
            }
        }
        return null;
    }

    /** Whether the one at hand has, or is about to have, the client's transaction. */
    boolean takesPart() {
        return takesPart;
    }

    void toPart(boolean hasTransaction) {
        takesPart = hasTransaction;
        if (!hasTransaction && participants.isEmpty()) {
            participants.forgetWrites();
        }
    }

    /** Gets one at hand, on any shard if {@code wanted} is null. LATER ends with the borrower being told. */
    ServerLease.Result acquire(@Nullable Shard wanted) {
        if (wanted != null && participants.has(wanted)) {
            lease = participants.take(wanted);
            takesPart = true;
            return ServerLease.Result.HELD;
        }
        return lease.acquire(wanted);
    }

    /** The one at hand waits among the participants, or goes back to its pool; none is at hand then. */
    void park() {
        ServerConnection server = lease.server();
        if (server == null) {
            return;
        }
        if (takesPart) {
            // The client may not have taken yet what this one has said; what it is asked next has to be read all the
            // same.
            server.setReading(true);
            participants.park(lease);
            lease = newLease(false);
        } else {
            lease.release();
        }
        takesPart = false;
    }
}

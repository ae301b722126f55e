package io.pgring.proxy.exchange;

import io.pgring.proxy.backend.Holdings;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.ServerLease;
import io.pgring.proxy.backend.ShardHealth;
import io.pgring.proxy.backend.ShardPools;
import io.pgring.proxy.fanout.Coordination;
import io.pgring.proxy.fanout.Participants;
import io.pgring.proxy.topology.Shard;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server connections of one client: the one at hand, if any, and those that hold other parts of its transaction. */
final class Connections {
    private final ServerLease.Borrower borrower;
    private final ShardPools pools;
    private final ReportedParameters reported;
    private final Coordination coordination;
    private final Holdings holdings;
    private final Participants participants;
    private ServerLease lease;
    private boolean takesPart;

    /**
     * @param coordination what commits on several of them need
     * @param atLogin the parameters that the client was told at login
     */
    Connections(
            ServerLease.Borrower borrower, ShardPools pools, Coordination coordination, Map<String, String> atLogin) {
        this.borrower = borrower;
        this.pools = pools;
        this.reported = new ReportedParameters(atLogin);
        this.coordination = coordination;
        this.holdings = new Holdings(pools.all().size());
        this.participants = newParticipants();
        this.lease = newLease();
    }

    private ServerLease newLease() {
        return new ServerLease(borrower, pools, holdings);
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
        return new Participants(this::newLease, coordination);
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
        if (lease.server() == null) {
            return;
        }
        if (takesPart) {
            participants.park(lease);
            lease = newLease();
        } else {
            lease.release();
        }
        takesPart = false;
    }
}

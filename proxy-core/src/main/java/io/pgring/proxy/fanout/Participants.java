package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.ServerLease;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server connections that one client holds on several shards at once, at most one for each: parts of its transaction, or of a
 * statement that runs on all of them.
 */
public final class Participants {
    private final Supplier<ServerLease> leases;
    private final Coordination coordination;
    private @Nullable Runnable onReleased;
    private final Map<Integer, ServerLease> byShard = new TreeMap<>();
    private final Set<ServerLease> begun = new HashSet<>();
    private final BitSet written = new BitSet();
    private boolean notified;
    private @Nullable ServerLease wanted;

    /**
     * @param leases makes one that holds nothing yet
     * @param coordination what their commit needs
     * @param onReleased for connections to spare: called once, when all have been given back. Null for others
     */
    public Participants(Supplier<ServerLease> leases, Coordination coordination, @Nullable Runnable onReleased) {
        this.leases = leases;
        this.coordination = coordination;
        this.onReleased = onReleased;
    }

    Coordination coordination() {
        return coordination;
    }

    /** Whether they may stay busy while the client does something else. */
    public boolean isSpare() {
        return onReleased != null;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return byShard.isEmpty();
    }

    /** Whether there is one on a shard. */
    public boolean has(Shard shard) {
        return byShard.containsKey(shard.index());
    }

    /** The first shard that has one; null when none has. */
    public @Nullable Shard anyShard() {
        List<ServerConnection> connections = connections();
        return connections.isEmpty() ? null : connections.get(0).shard();
    }

    /** The connections, in the order of the shards. */
    public List<ServerConnection> connections() {
        List<ServerConnection> connections = new ArrayList<>();
        for (ServerLease lease : byShard.values()) {
            ServerConnection server = lease.server();
            if (server != null) {
                connections.add(server);
            }
        }
        return connections;
    }

    /** Whether no connection has been lost that had a part of the transaction. */
    boolean isWhole() {
        return connections().size() == byShard.size();
    }

    /** Why the transaction can't go on: a connection was lost that had a part of it. Null when it can. */
    public @Nullable ErrorResponse lostPart() {
        return isWhole() ? null : CommitErrors.partLost();
    }

    /** The parts of the transaction, in the order of the shards. */
    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (ServerConnection server : connections()) {
            parts.add(new ConnectedPart(server, written.get(server.shard().index())));
        }
        return parts;
    }

    /** A statement of the transaction that may change rows of a shard is sent; until {@link #forgetWrites}. */
    public void onWrite(Shard shard) {
        written.set(shard.index());
    }

    /** A statement of the transaction that notifies is sent; until {@link #forgetWrites}. */
    public void onNotify() {
        notified = true;
    }

    boolean hasNotified() {
        return notified;
    }

    /** The transaction is over. */
    public void forgetWrites() {
        written.clear();
        notified = false;
    }

    /** Takes a lease that holds a connection with a part of the transaction on it. */
    public void park(ServerLease lease) {
        byShard.put(lease.require().shard().index(), lease);
        begun.add(lease);
    }

    /** Gives out the lease on a shard, which is then no longer among these. */
    public ServerLease take(Shard shard) {
        ServerLease lease = Objects.requireNonNull(byShard.remove(shard.index()));
        begun.remove(lease);
        return lease;
    }

    /** Gets a connection to a shard, or takes note of how the wish for one was decided. LATER ends with the borrower being told. */
    ServerLease.Result acquire(Shard shard) {
        if (wanted == null && has(shard)) {
            return ServerLease.Result.HELD;
        }
        ServerLease lease = wanted;
        ServerLease.Result result = ServerLease.Result.HELD;
        if (lease == null) {
            lease = leases.get();
            wanted = lease;
            result = lease.acquire(shard);
        } else if (lease.server() == null) {
            result = ServerLease.Result.FAILED;
        }
        if (result == ServerLease.Result.HELD) {
            wanted = null;
            byShard.put(shard.index(), lease);
        }
        return result;
    }

    /** Why the last wish has failed. */
    ErrorResponse takeFailure() {
        ServerLease failed = Objects.requireNonNull(wanted);
        wanted = null;
        return failed.takeFailure();
    }

    /** The one on a shard. */
    ServerLease on(Shard shard) {
        return Objects.requireNonNull(byShard.get(shard.index()));
    }

    /** Whether a part of the transaction has begun there; from now on it has. */
    boolean begin(ServerLease lease) {
        return begun.add(lease);
    }

    /** All are about to go back to their pools. */
    public void onLeaving() {
        byShard.values().forEach(ServerLease::onLeaving);
    }

    /** Those without a part of a transaction go back to their pools. */
    public void releaseIdle() {
        for (ServerLease lease : List.copyOf(byShard.values())) {
            if (!begun.contains(lease)) {
                byShard.values().remove(lease);
                lease.release();
            }
        }
    }

    /** All go back to their pools; one whose transaction is still open is closed there. */
    public void releaseAll() {
        begun.clear();
        forgetWrites();
        releaseIdle();
        released();
    }

    private void released() {
        Runnable then = onReleased;
        onReleased = null;
        if (then != null) {
            then.run();
        }
    }

    /** A wish for a connection is given up, for a reason. */
    void cancelWish(ErrorResponse why) {
        if (wanted != null) {
            wanted.cancel(false, why);
        }
    }

    /** Closes the connections on which answers are still to come. */
    public void closeBusy() {
        connections().stream().filter(ServerConnection::owesReplies).forEach(ServerConnection::close);
    }

    /** The client is gone: whatever runs is cancelled, and open transactions are rolled back. */
    public void abandon() {
        if (wanted != null) {
            wanted.abandon(false);
            wanted = null;
        }
        for (ServerLease lease : byShard.values()) {
            ServerConnection server = lease.server();
            lease.abandon(server != null && server.owesReplies());
        }
        byShard.clear();
        begun.clear();
        forgetWrites();
        released();
    }
}

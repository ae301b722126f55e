package io.pgring.proxy.frontend;

import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.CancelRequest;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The clients that are connected, and the keys that they were given to cancel their statements. The secrets are the proxy's own, never
 * a server's. For use by any thread.
 */
public final class ClientRegistry {
    private static final int SECRET_BYTES_3_0 = 4;
    private static final int SECRET_BYTES_3_2 = 32;
    /** The highest process id of Linux (PID_MAX_LIMIT). */
    private static final int SERVER_PROCESS_ID_MAX = 1 << 22;

    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    /** By process id. Sessions of one process id are told apart by their secrets. */
    private final ConcurrentHashMap<Integer, List<Session>> sessions = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Integer> users = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    private volatile @Nullable ErrorResponse refusal;

    private record Session(BackendKeyData key, ClientConnection connection) {}

    void add(ClientConnection connection) {
        connections.add(connection);
    }

    void remove(ClientConnection connection) {
        connections.remove(connection);
    }

    /** All connections of this moment. */
    public Set<ClientConnection> connections() {
        return Set.copyOf(connections);
    }

    /**
     * Nobody is let in any more.
     *
     * @param elsewhere whether who connects again would find another proxy on the same port
     */
    public void refuse(boolean elsewhere) {
        refusal = elsewhere
                ? ErrorResponse.fatal("57P01", "terminating connection due to administrator command")
                        .hint("Connect again: another proxy listens on this port.")
                : ErrorResponse.fatal("57P03", "the database system is shutting down")
                        .detail("It is the proxy that shuts down.");
    }

    /** What clients are told who want to come in; null when they may. */
    @Nullable
    ErrorResponse refusal() {
        return refusal;
    }

    /** Whether nobody is logged in. */
    public boolean isDrained() {
        return sessions.isEmpty();
    }

    /**
     * One more client of a user asks to come in.
     *
     * @param most how many there may be; 0 for any number
     * @return whether there is room; if so, {@link #onUserGone} must follow once
     */
    boolean onUser(String user, int most) {
        boolean[] room = {true};
        users.compute(user, (name, before) -> {
            int count = before == null ? 0 : before;
            room[0] = most == 0 || count < most;
            return room[0] ? Integer.valueOf(count + 1) : before;
        });
        return room[0];
    }

    void onUserGone(String user) {
        users.computeIfPresent(user, (name, count) -> count == 1 ? null : count - 1);
    }

    /** A client has logged in: the key by which it may cancel. No server process has its process id. */
    BackendKeyData register(ClientConnection connection, int minorVersion) {
        return register(connection, minorVersion, random.nextInt(SERVER_PROCESS_ID_MAX + 1, Integer.MAX_VALUE));
    }

    /**
     * As {@link #register(ClientConnection, int)}, of a client with a server process of its own.
     *
     * @param processId of that process, on whichever machine it is
     */
    BackendKeyData register(ClientConnection connection, int minorVersion, int processId) {
        byte[] secret = new byte[minorVersion >= 2 ? SECRET_BYTES_3_2 : SECRET_BYTES_3_0];
        random.nextBytes(secret);
        Session session = new Session(new BackendKeyData(processId, secret), connection);
        sessions.merge(processId, List.of(session), ClientRegistry::join);
        return session.key();
    }

    private static List<Session> join(List<Session> some, List<Session> others) {
        List<Session> all = new ArrayList<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    void unregister(ClientConnection connection, BackendKeyData key) {
        sessions.computeIfPresent(key.processId(), (processId, all) -> {
            List<Session> left = all.stream()
                    .filter(session -> session.connection() != connection)
                    .toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** Passes a CancelRequest on to the client whose key it shows; one with a wrong key is ignored, as PostgreSQL does. */
    void cancel(CancelRequest request) {
        for (Session session : sessions.getOrDefault(request.processId(), List.of())) {
            if (MessageDigest.isEqual(session.key().secretKey(), request.secretKey())) {
                session.connection().cancel();
            }
        }
    }
}

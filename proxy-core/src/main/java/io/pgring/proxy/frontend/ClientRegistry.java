package io.pgring.proxy.frontend;

import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.frontend.CancelRequest;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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

    private final SecureRandom random = new SecureRandom();

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

package io.pgring.proxy.frontend;

import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.frontend.CancelRequest;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clients that are connected, and the keys that they were given to cancel their statements. The keys are the proxy's own, never
 * a server's. For use by any thread.
 */
public final class ClientRegistry {
    private static final int SECRET_BYTES_3_0 = 4;
    private static final int SECRET_BYTES_3_2 = 32;

    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Integer, Session> sessions = new ConcurrentHashMap<>();
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

    /** A client has logged in: the key by which it may cancel. */
    BackendKeyData register(ClientConnection connection, int minorVersion) {
        byte[] secret = new byte[minorVersion >= 2 ? SECRET_BYTES_3_2 : SECRET_BYTES_3_0];
        random.nextBytes(secret);
        while (true) {
            int processId = random.nextInt(1, Integer.MAX_VALUE);
            BackendKeyData key = new BackendKeyData(processId, secret);
            if (sessions.putIfAbsent(processId, new Session(key, connection)) == null) {
                return key;
            }
        }
    }

    void unregister(BackendKeyData key) {
        sessions.remove(key.processId());
    }

    /** Passes a CancelRequest on to the client whose key it shows; one with a wrong key is ignored, as PostgreSQL does. */
    void cancel(CancelRequest request) {
        Session session = sessions.get(request.processId());
        if (session != null && MessageDigest.isEqual(session.key().secretKey(), request.secretKey())) {
            session.connection().cancel();
        }
    }
}

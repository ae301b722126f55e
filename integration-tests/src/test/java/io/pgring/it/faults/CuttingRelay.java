package io.pgring.it.faults;

import io.pgring.it.support.Eventually;
import io.pgring.pgwire.BackendType;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A relay of TCP between the proxy and a server that loses connections where a test wants it: between two messages, or within one, in
 * either direction. Only the connections that serve clients are harmed, and only once they are logged in; those of the proxy's control
 * side pass.
 *
 * <pre>
 *   proxy ──► requests ──► server      requests are counted from the end of the login and of the attachment, replies likewise
 *   proxy ◄── replies  ◄── server
 * </pre>
 */
final class CuttingRelay implements AutoCloseable {
    private static final String SERVES_CLIENTS = "application_name\0pgring\0";
    /** That of the login, that of pgring.attach, and that of the look for prepared parts. */
    private static final int OWN_REPLIES = 3;

    /** Where a connection is lost. */
    sealed interface Fault {
        /** Nowhere. */
        record None() implements Fault {}

        /** After so many replies; with {@code half} the next one comes to its middle. */
        record AfterReplies(int count, boolean half) implements Fault {}

        /** So many requests reach the server, and the next does not. */
        record AfterRequests(int count) implements Fault {}

        /** After so many replies the server is not heard any more, though the connection stays. */
        record Silence(int count) implements Fault {}
    }

    private final ServerSocket listening;
    private final int serverPort;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Fault> next = new AtomicReference<>();
    private volatile boolean struck;

    private CuttingRelay(ServerSocket listening, int serverPort) {
        this.listening = listening;
        this.serverPort = serverPort;
    }

    /** Starts a relay to a port of this machine. */
    static CuttingRelay to(int serverPort) throws IOException {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        CuttingRelay relay = new CuttingRelay(listening, serverPort);
        start(relay::accept);
        return relay;
    }

    /** Where the proxy is to connect to. */
    int port() {
        return listening.getLocalPort();
    }

    /** All connections that serve clients end now, and the next one meets this fault; those after it none. Returns when it is there. */
    void renew(Fault fault) {
        next.set(null);
        links.forEach(link -> {
            if (link.servesClients) {
                link.cut();
            }
        });
        struck = false;
        next.set(fault);
        Eventually.holds("the proxy has connected again", () -> next.get() == null);
    }

    /** Whether the fault has been met. */
    boolean hasStruck() {
        return struck;
    }

    /** All connections end, and no other comes about. */
    @Override
    public void close() throws IOException {
        listening.close();
        links.forEach(Link::cut);
    }

    private void accept() {
        while (true) {
            try {
                Link link = new Link(listening.accept(), new Socket(InetAddress.getLoopbackAddress(), serverPort));
                links.add(link);
                start(link::relayRequests);
                start(link::relayReplies);
            } catch (IOException e) {
                if (listening.isClosed()) {
                    return;
                }
            }
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "cutting-relay");
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection. */
    private final class Link {
        private final Socket proxy;
        private final Socket server;
        private volatile boolean servesClients;
        private volatile @Nullable Fault fault;
        private volatile boolean silent;

        Link(Socket proxy, Socket server) throws IOException {
            this.proxy = proxy;
            this.server = server;
            proxy.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void cut() {
            links.remove(this);
            try (proxy;
                    server) {
                silent = true;
            } catch (IOException e) {
                // It is as closed as it can be.
                return;
            }
        }

        private void relayRequests() {
            try (DataInputStream in = new DataInputStream(proxy.getInputStream())) {
                OutputStream out = server.getOutputStream();
                int length = in.readInt();
                byte[] startup = in.readNBytes(length - Integer.BYTES);
                servesClients = new String(startup, StandardCharsets.ISO_8859_1).contains(SERVES_CLIENTS);
                write(out, new byte[0], length, startup);
                int requests = 0;
                while (true) {
                    byte[] type = {in.readByte()};
                    int bodyLength = in.readInt();
                    byte[] body = in.readNBytes(bodyLength - Integer.BYTES);
                    if (fault instanceof Fault.AfterRequests after && requests++ == after.count) {
                        struck = true;
                        cut();
                        return;
                    }
                    write(out, type, bodyLength, body);
                }
            } catch (IOException e) {
                cut();
            }
        }

        private void relayReplies() {
            try (DataInputStream in = new DataInputStream(server.getInputStream())) {
                OutputStream out = proxy.getOutputStream();
                int replies = 0;
                int ready = 0;
                while (true) {
                    byte[] type = {in.readByte()};
                    int bodyLength = in.readInt();
                    byte[] body = in.readNBytes(bodyLength - Integer.BYTES);
                    if (meets(replies)) {
                        struck = true;
                        if (fault instanceof Fault.AfterReplies after) {
                            if (after.half) {
                                out.write(type);
                                out.flush();
                            }
                            cut();
                            return;
                        }
                        silent = true;
                    }
                    if (fault != null) {
                        replies++;
                    } else if (servesClients && type[0] == BackendType.READY_FOR_QUERY && ++ready == OWN_REPLIES) {
                        // Before the proxy knows that it is attached, so that all that it asks for then is counted.
                        fault = next.getAndSet(null);
                    }
                    if (!silent) {
                        write(out, type, bodyLength, body);
                    }
                }
            } catch (IOException e) {
                cut();
            }
        }

        private boolean meets(int replies) {
            Fault current = fault;
            return (current instanceof Fault.AfterReplies after && after.count == replies)
                    || (current instanceof Fault.Silence silence && silence.count == replies);
        }

        private static void write(OutputStream out, byte[] type, int length, byte[] body) throws IOException {
            byte[] message = new byte[type.length + Integer.BYTES + body.length];
            System.arraycopy(type, 0, message, 0, type.length);
            java.nio.ByteBuffer.wrap(message).putInt(type.length, length);
            System.arraycopy(body, 0, message, type.length + Integer.BYTES, body.length);
            out.write(message);
            out.flush();
        }
    }
}

package io.pgring.it.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between a client and the proxy and passes each byte of the client on with a write of its own. */
final class Slowly implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Slowly(int port) throws IOException {
        threads.execute(() -> {
            try {
                while (true) {
                    Socket client = listening.accept();
                    Socket proxy = new Socket(InetAddress.getLoopbackAddress(), port);
                    proxy.setTcpNoDelay(true);
                    threads.execute(() -> pass(client, proxy, 1));
                    threads.execute(() -> pass(proxy, client, 8192));
                }
            } catch (IOException e) {
                // Closed: the test is over.
            }
        });
    }

    int port() {
        return listening.getLocalPort();
    }

    private static void pass(Socket from, Socket to, int atOnce) {
        byte[] buffer = new byte[atOnce];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int read;
            while ((read = in.read(buffer)) >= 0) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // One side has hung up.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}

package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.pgwire.frontend.Query;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clients that have worked and now do nothing take little memory. */
@ExtendWith(SharedCluster.class)
class MemoryIT {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryIT.class);
    private static final int CLIENTS = 5_000;
    private static final long RESIDENT_KIB_MAX = 300 * 1024;
    /** Those of scripts/pgring that concern memory. */
    private static final String[] JVM_OPTIONS = {"-Xms128m", "-Xmx1g", "-XX:+UseSerialGC"};

    private final Cluster cluster;

    MemoryIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    @Tag("nightly")
    @EnabledOnOs(OS.LINUX)
    void idleClientsTakeLittleMemory(@TempDir Path folder) throws Exception {
        List<Socket> clients = new ArrayList<>();
        byte[] startup = RawClient.bytes(RawClient.startup(Map.of()));
        byte[] query =
                RawClient.bytes(Query.of("SELECT value FROM kv WHERE key = '" + cluster.keyOn(1, "memory") + "'"));
        try (ProxyProcess proxy = ProxyProcess.start(folder, cluster.servers().shards(), "", JVM_OPTIONS)) {
            long before = residentKib(proxy);
            for (int i = 0; i < CLIENTS; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
                clients.add(socket);
                ask(socket, startup);
                ask(socket, query);
            }
            long resident = residentKib(proxy);
            LOG.info("clients={} residentKib={} before={}", CLIENTS, resident, before);
            assertThat(proxy.http().get("/stats").body()).contains("\"connected\":" + CLIENTS);
            assertThat(resident).isLessThanOrEqualTo(RESIDENT_KIB_MAX);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static long residentKib(ProxyProcess proxy) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + proxy.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Sends a message, and reads until ReadyForQuery. */
    private static void ask(Socket socket, byte[] message) throws IOException {
        socket.getOutputStream().write(message);
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[4096];
        int length = 0;
        while (length < 6 || bytes[length - 6] != 'Z' || bytes[length - 1] != 'I') {
            int count = in.read(bytes, length, bytes.length - length);
            if (count < 0) {
                throw new EOFException(new String(bytes, 0, length, java.nio.charset.StandardCharsets.UTF_8));
            }
            length += count;
        }
    }
}

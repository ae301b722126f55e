package io.pgring.it.support;

import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * Servers from the official image, by default {@code postgres:18}; the system property {@code pgring.it.image} names another. Nobody
 * needs a password. Needs a Docker engine on this machine.
 */
final class ContainerServers implements Servers {
    private static final int PORT = 5432;
    private static final String LOGIN = "postgres";

    private final List<GenericContainer<?>> containers = new ArrayList<>();
    private final List<ShardConfiguration> shards = new ArrayList<>();

    private ContainerServers() {}

    static ContainerServers running(int count) throws Exception {
        ContainerServers servers = new ContainerServers();
        try {
            for (int i = 0; i < count; i++) {
                servers.add(i);
            }
            return servers;
        } catch (Exception | Error e) {
            servers.close();
            throw e;
        }
    }

    private void add(int index) throws IOException {
        String image = System.getProperty("pgring.it.image", "postgres:18");
        int port = freePort();
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
                .withEnv("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C.UTF-8")
                .withCommand("postgres", "-c", "max_connections=200", "-c", "max_prepared_transactions=200")
                .waitingFor(Wait.forLogMessage(".*database system is ready to accept connections.*", 2));
        // A fixed port, so that a server which is stopped comes back where it was.
        container.setPortBindings(List.of(port + ":" + PORT));
        containers.add(container);
        container.start();
        shards.add(new ShardConfiguration(
                "shard-" + index, container.getHost(), port, LOGIN, LOGIN, null, TlsMode.PREFER, 1));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public List<ShardConfiguration> shards() {
        return List.copyOf(shards);
    }

    @Override
    public void stop(int shard) {
        GenericContainer<?> container = containers.get(shard);
        container.getDockerClient().stopContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void start(int shard) throws Exception {
        GenericContainer<?> container = containers.get(shard);
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
        Eventually.succeeds(() -> connect(shard).close());
    }

    @Override
    public void close() {
        containers.forEach(GenericContainer::stop);
    }
}

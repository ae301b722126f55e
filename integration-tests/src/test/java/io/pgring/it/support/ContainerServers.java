package io.pgring.it.support;

import io.pgring.demo.FreePort;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.utility.DockerImageName;

/**
 * Servers from the official image, by default {@code postgres:18}; the system property {@code pgring.it.image} names another. Nobody
 * needs a password. Needs a Docker engine on this machine.
 *
 * <p>They listen on 127.0.0.1 of this machine itself, as the embedded ones do. Nobody outside reaches them, and they reach each other
 * where the proxy reaches them, as gathering wants it. Each keeps its port when it is stopped and started.
 */
final class ContainerServers implements Servers {
    private static final String HOST = "127.0.0.1";
    private static final String LOGIN = "postgres";
    private static final String READY = ".*database system is ready to accept connections.*";
    private static final Duration START_MAX = Duration.ofMinutes(3);
    private static final int STOP_SECONDS_MAX = 30;

    /** As those of the embedded servers. */
    private static final Map<String, String> SETTINGS = Map.of(
            "max_connections", "200",
            "max_prepared_transactions", "200",
            "fsync", "off",
            "synchronous_commit", "off");

    private final List<GenericContainer<?>> containers = new ArrayList<>();
    private final List<ShardConfiguration> shards = new ArrayList<>();

    private ContainerServers() {}

    static ContainerServers running(int count, Map<String, String> settings) {
        ContainerServers servers = new ContainerServers();
        for (int i = 0; i < count; i++) {
            servers.add(settings);
        }
        try {
            Startables.deepStart(servers.containers).join();
            return servers;
        } catch (Exception | Error e) {
            servers.close();
            throw e;
        }
    }

    private void add(Map<String, String> settings) {
        String image = System.getProperty("pgring.it.image", "postgres:18");
        int port = FreePort.choose();
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
                .withEnv("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C.UTF-8 --no-sync")
                .withNetworkMode("host")
                .withCommand(command(port, settings))
                // The entrypoint starts the server twice: at first for itself alone.
                .waitingFor(Wait.forLogMessage(READY, 2).withStartupTimeout(START_MAX));
        shards.add(new ShardConfiguration(
                "shard-" + shards.size(), HOST, port, LOGIN, LOGIN, null, ShardTls.of(TlsMode.PREFER), 1));
        containers.add(container);
    }

    private static String[] command(int port, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(SETTINGS);
        all.put("listen_addresses", HOST);
        all.put("port", Integer.toString(port));
        all.putAll(settings);
        List<String> command = new ArrayList<>(List.of("postgres"));
        all.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command.toArray(String[]::new);
    }

    @Override
    public List<ShardConfiguration> shards() {
        return List.copyOf(shards);
    }

    @Override
    public void stop(int shard) {
        GenericContainer<?> container = containers.get(shard);
        container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_SECONDS_MAX)
                .exec();
    }

    @Override
    public void crash(int shard) {
        GenericContainer<?> container = containers.get(shard);
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void freeze(int shard) {
        GenericContainer<?> container = containers.get(shard);
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void thaw(int shard) {
        GenericContainer<?> container = containers.get(shard);
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
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

package io.pgring.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.pgwire.auth.ScramVerifier;
import io.pgring.pgwire.auth.Secret;
import io.pgring.proxy.authentication.AuthenticationSettings;
import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.authentication.RoleQuery;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationView;
import io.pgring.proxy.config.Endpoint;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.Listen;
import io.pgring.proxy.config.MovesConfiguration;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.PoolModes;
import io.pgring.proxy.config.RingConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.metrics.ClientMetrics;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.recovery.PartInDoubt;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyView;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The HTTP port of a proxy with one shard that nobody can reach and no tables, without sockets. What blocks runs at once. */
final class HttpPort {
    static final int BODY_BYTES_MAX = 1024;
    static final String USER = "alice";
    static final String PASSWORD = "s3cret:\u00fc";

    private final AdminHttp admin;
    final ShardMetrics shardMetrics = new ShardMetrics();
    final ClientMetrics clientMetrics = new ClientMetrics();
    boolean stopping;

    private HttpPort(String listen, boolean scram) {
        ShardConfiguration shard = new ShardConfiguration(
                "shard-0", "127.0.0.1", 5432, "postgres", "postgres", null, ShardTls.of(TlsMode.DISABLE), 1);
        Limits limits = new Limits(10, 64 << 10, 1_000, BODY_BYTES_MAX, 10, 10, 16 << 10);
        Configuration configuration = new Configuration(
                new Listen(new Endpoint("127.0.0.1", 0), Endpoint.parse(listen)),
                "postgres",
                scram ? new Clients(AuthenticationMethod.SCRAM_SHA_256, Path.of("users"), false) : Clients.DEFAULT,
                List.of(shard),
                List.of(),
                RingConfiguration.DEFAULT,
                PoolConfiguration.DEFAULT,
                PoolModes.DEFAULT,
                limits,
                MovesConfiguration.DEFAULT,
                1);
        Topology topology = new Topology(
                7,
                List.of(new Shard(0, shard)),
                Ring.of(List.of(new RingMember("shard-0", 1))),
                new Catalog(List.of(), List.of(), Map.of()));
        ProxyStatus status = new ProxyStatus(
                "1.2.3",
                new TopologyView(topology),
                List.of(shardMetrics),
                List.of(),
                clientMetrics,
                () -> Collections.nCopies(3, new PartInDoubt("shard-0", "pgring:1", "shard-1", Instant.EPOCH)),
                () -> stopping);
        this.admin = new AdminHttp(
                new ConfigurationView(configuration),
                status,
                authenticator(configuration),
                (unreachable, pool) -> {
                    throw new SQLException("unreachable");
                },
                Runnable::run,
                channel -> {
                    throw new AssertionError("no statement should get as far as an event loop");
                },
                () -> ReloadReport.refused("nothing to reload", null));
    }

    private static Authenticator authenticator(Configuration configuration) {
        Secret secret = new Secret.Scram(ScramVerifier.of(PASSWORD, new byte[16], 1));
        RoleQuery roles = new RoleQuery(
                configuration.shards().get(0),
                configuration.pool(),
                (unreachable, pool) -> {
                    throw new SQLException("unreachable");
                },
                Thread::new);
        return new Authenticator(
                new AuthenticationSettings(configuration.clients(), Map.of(USER, secret)), roles, Runnable::run);
    }

    /** Clients are trusted. */
    static HttpPort trusting(String listen) {
        return new HttpPort(listen, false);
    }

    /** Clients need {@link #PASSWORD}. */
    static HttpPort askingForPasswords(String listen) {
        return new HttpPort(listen, true);
    }

    /** A new connection. */
    EmbeddedChannel connect() {
        return new EmbeddedChannel(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                admin.initChannel(channel);
            }
        });
    }

    /**
     * Sends one request, or several, on a connection of their own.
     *
     * @return all that is answered
     */
    String ask(String request) {
        EmbeddedChannel channel = connect();
        send(channel, request);
        String answer = answers(channel);
        channel.finishAndReleaseAll();
        return answer;
    }

    static void send(EmbeddedChannel channel, String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.UTF_8));
    }

    /** What was answered since it was last asked for. */
    static String answers(EmbeddedChannel channel) {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        ByteBuf bytes;
        while ((bytes = channel.readOutbound()) != null) {
            text.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.release();
        }
        return text.toString();
    }

    static String get(String target, String... headers) {
        return request("GET", target, "", headers);
    }

    static String post(String target, String body, String... headers) {
        return request("POST", target, body, headers);
    }

    static String request(String method, String target, String body, String... headers) {
        String more = String.join(
                "", List.of(headers).stream().map(header -> header + "\r\n").toList());
        String host = more.startsWith("Host:") ? "" : "Host: localhost:8080\r\n";
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return method + " " + target + " HTTP/1.1\r\n" + host + more + "Content-Length: " + length + "\r\n\r\n" + body;
    }
}

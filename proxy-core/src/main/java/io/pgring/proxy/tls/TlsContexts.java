package io.pgring.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.config.TlsVersion;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts of this moment. {@link #prepare} replaces all of them at once or, when a file is at fault, none; connections that
 * are open go on with what they began with. For use by any thread.
 */
public final class TlsContexts {
    /** The application protocol of PostgreSQL, as registered with IANA. */
    public static final String POSTGRESQL = "postgresql";

    static final ApplicationProtocolConfig POSTGRESQL_ALPN = new ApplicationProtocolConfig(
            Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, POSTGRESQL);

    private volatile Snapshot current;

    private record Snapshot(@Nullable ClientTls clients, Map<ShardTls, SslContext> shards) {}

    private TlsContexts(Snapshot first) {
        this.current = first;
    }

    /** Reads the files that the configuration names. */
    public static TlsContexts load(Configuration configuration) throws TlsException {
        return new TlsContexts(read(configuration));
    }

    /** Of a proxy without TLS on any side. */
    public static TlsContexts none() {
        return new TlsContexts(new Snapshot(null, Map.of()));
    }

    /**
     * Reads the files again.
     *
     * @return brings them into force, for all connections that begin after it
     * @throws TlsException when one can't be used
     */
    public Runnable prepare(Configuration configuration) throws TlsException {
        Snapshot next = read(configuration);
        return () -> replace(next);
    }

    /**
     * Reads the files of further shards.
     *
     * @throws TlsException when one can't be used
     */
    public synchronized void add(List<ShardConfiguration> others) throws TlsException {
        Map<ShardTls, SslContext> shards = new HashMap<>(current.shards());
        for (ShardConfiguration shard : others) {
            if (shard.tls().mode() != TlsMode.DISABLE && !shards.containsKey(shard.tls())) {
                shards.put(shard.tls(), shard(shard.tls(), SslContext.defaultClientProvider()));
            }
        }
        current = new Snapshot(current.clients(), Map.copyOf(shards));
    }

    /** Settings that no shard has any more are kept, since somebody may be on the way to it. */
    private synchronized void replace(Snapshot next) {
        Map<ShardTls, SslContext> shards = new HashMap<>(current.shards());
        shards.putAll(next.shards());
        current = new Snapshot(next.clients(), Map.copyOf(shards));
    }

    private static Snapshot read(Configuration configuration) throws TlsException {
        boolean listens = configuration.listen().tls().mode() != TlsMode.DISABLE;
        ClientTls clients = listens ? ClientTls.load(configuration.listen().tls()) : null;
        Map<ShardTls, SslContext> shards = new HashMap<>();
        for (ShardConfiguration shard : configuration.shards()) {
            if (shard.tls().mode() != TlsMode.DISABLE && !shards.containsKey(shard.tls())) {
                shards.put(shard.tls(), shard(shard.tls(), SslContext.defaultClientProvider()));
            }
        }
        return new Snapshot(clients, Map.copyOf(shards));
    }

    /** For clients; null when they can't have TLS. */
    public @Nullable ClientTls clients() {
        return current.clients();
    }

    /** For connections to shards with these settings, which must not be {@link TlsMode#DISABLE}. */
    public SslContext shard(ShardTls tls) {
        return Objects.requireNonNull(current.shards().get(tls), "a shard that the configuration does not have");
    }

    /** For blocking sockets to a shard; reads its files. Who uses it has to check the host. */
    public static SSLContext blocking(ShardTls tls) throws TlsException {
        return ((JdkSslContext) shard(tls, SslProvider.JDK)).context();
    }

    private static SslContext shard(ShardTls tls, SslProvider provider) throws TlsException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(provider)
                .protocols(TlsVersion.TLS_1_2.andLater())
                .applicationProtocolConfig(POSTGRESQL_ALPN)
                .endpointIdentificationAlgorithm(tls.mode() == TlsMode.VERIFY_FULL ? "HTTPS" : "");
        if (tls.rootCertificate() != null) {
            builder.trustManager(PemFile.certificates(tls.rootCertificate()));
        } else if (!tls.mode().verifies()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        if (tls.certificate() != null) {
            List<X509Certificate> chain = PemFile.certificates(tls.certificate());
            builder.keyManager(PemFile.key(Objects.requireNonNull(tls.key()), chain.get(0)), chain);
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new TlsException("TLS to the shards can't be used: " + e.getMessage(), e);
        }
    }
}

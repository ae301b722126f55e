package io.pgring.proxy.app;

import io.pgring.proxy.config.ChannelBindingMode;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.config.TlsNegotiation;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The TLS settings of a shard as properties of the JDBC driver, and back again where {@link VerifiedSocketFactory}, which the driver
 * makes, needs them.
 */
final class ShardTlsProperties {
    private static final String MODE = "pgring.tls";

    private ShardTlsProperties() {}

    static void put(ShardTls tls, Properties properties) {
        // The factory below has verified the certificate by the same rules as everywhere in the proxy.
        properties.setProperty(
                "sslmode", tls.mode().verifies() ? "require" : tls.mode().word());
        properties.setProperty("sslNegotiation", tls.negotiation().word());
        properties.setProperty("channelBinding", tls.channelBinding().word());
        properties.setProperty("sslfactory", VerifiedSocketFactory.class.getName());
        properties.setProperty(MODE, tls.mode().name());
        put(properties, "sslrootcert", tls.rootCertificate());
        put(properties, "sslcert", tls.certificate());
        put(properties, "sslkey", tls.key());
    }

    static ShardTls get(Properties properties) {
        return new ShardTls(
                TlsMode.valueOf(properties.getProperty(MODE)),
                path(properties, "sslrootcert"),
                path(properties, "sslcert"),
                path(properties, "sslkey"),
                TlsNegotiation.POSTGRES,
                ChannelBindingMode.PREFER);
    }

    private static void put(Properties properties, String name, @Nullable Path path) {
        if (path != null) {
            properties.setProperty(name, path.toString());
        }
    }

    private static @Nullable Path path(Properties properties, String name) {
        String path = properties.getProperty(name);
        return path == null ? null : Path.of(path);
    }
}

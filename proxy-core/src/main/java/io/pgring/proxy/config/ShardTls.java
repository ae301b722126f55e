package io.pgring.proxy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards a shard, with the meanings of libpq.
 *
 * @param mode as libpq's {@code sslmode}
 * @param rootCertificate PEM file of the authorities that the server's certificate must come from, whatever the mode; null to believe
 *     any server, or, when the mode verifies, the authorities that the Java runtime knows
 * @param certificate PEM file of the client certificate to show, if any
 * @param key PEM file of its private key, PKCS #8 without a password
 * @param negotiation how it begins
 * @param channelBinding whether logins are bound to it
 */
public record ShardTls(
        TlsMode mode,
        @Nullable Path rootCertificate,
        @Nullable Path certificate,
        @Nullable Path key,
        TlsNegotiation negotiation,
        ChannelBindingMode channelBinding) {

    public ShardTls {
        if ((certificate == null) != (key == null)) {
            throw new InvalidValueException(
                    certificate == null ? "tlsCertificate" : "tlsKey", "tlsCertificate and tlsKey go together");
        }
        if (negotiation == TlsNegotiation.DIRECT && !mode.isRequired()) {
            throw new InvalidValueException("tlsNegotiation", "direct needs tls: require, verify-ca or verify-full");
        }
        if (channelBinding == ChannelBindingMode.REQUIRE && mode == TlsMode.DISABLE) {
            throw new InvalidValueException("channelBinding", "can't be required with tls: disable");
        }
    }

    /** A mode, and defaults for the rest. */
    public static ShardTls of(TlsMode mode) {
        return new ShardTls(mode, null, null, null, TlsNegotiation.POSTGRES, ChannelBindingMode.PREFER);
    }
}

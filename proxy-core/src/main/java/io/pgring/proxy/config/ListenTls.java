package io.pgring.proxy.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards clients of the PostgreSQL port.
 *
 * @param mode allow and prefer mean the same here: the client decides. verify-ca wants a client certificate of {@code clientCa},
 *     verify-full one whose common name is the user too, as {@code clientcert} in pg_hba.conf does
 * @param certificate PEM file: the proxy's certificate, then those of the authorities between it and the root
 * @param key PEM file: the private key of the certificate, PKCS #8 without a password
 * @param clientCa PEM file: the authorities whose client certificates are believed; without it none is asked for
 * @param protocolVersionMin what clients have to speak at least
 * @param ciphers allowed cipher suites by their IANA names; empty for the defaults
 */
public record ListenTls(
        TlsMode mode,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path clientCa,
        TlsVersion protocolVersionMin,
        List<String> ciphers) {
    /** None. */
    public static final ListenTls DISABLED =
            new ListenTls(TlsMode.DISABLE, null, null, null, TlsVersion.TLS_1_2, List.of());

    public ListenTls {
        ciphers = List.copyOf(ciphers);
        if (mode != TlsMode.DISABLE && certificate == null) {
            throw new InvalidValueException("certificate", "is needed when listen.tls.mode is " + mode.word());
        }
        if ((certificate == null) != (key == null)) {
            throw new InvalidValueException(
                    certificate == null ? "certificate" : "key", "certificate and key go together");
        }
        if (mode.verifies() && clientCa == null) {
            throw new InvalidValueException("clientCa", "is needed when listen.tls.mode is " + mode.word());
        }
    }
}

package io.pgring.proxy.frontend;

import io.pgring.pgwire.auth.ChannelBinding;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * How a client's connection is encrypted.
 *
 * @param protocol version of TLS, such as TLSv1.3
 * @param cipher name of the cipher suite
 * @param clientCertificate that the client has shown, which comes from an authority of {@code listen.tls.clientCa}
 * @param binding of the connection, for SCRAM-SHA-256-PLUS; null when the proxy's certificate can't have one
 */
record Encryption(
        String protocol,
        String cipher,
        @Nullable X509Certificate clientCertificate,
        @Nullable ChannelBinding binding) {

    static Encryption of(SSLSession session, @Nullable ChannelBinding binding) {
        return new Encryption(session.getProtocol(), session.getCipherSuite(), clientCertificate(session), binding);
    }

    private static @Nullable X509Certificate clientCertificate(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate ? certificate : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /** The first common name in the subject of the client's certificate, as PostgreSQL takes it; null without one. */
    @Nullable
    String commonName() {
        if (clientCertificate == null) {
            return null;
        }
        try {
            for (Rdn part :
                    new LdapName(clientCertificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    return name;
                }
            }
        } catch (InvalidNameException e) {
            return null;
        }
        return null;
    }
}

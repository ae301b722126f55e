package io.pgring.proxy.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationLoader;
import io.pgring.proxy.config.ShardTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsContextsTest {
    @TempDir
    Path folder;

    private Configuration configuration;

    @BeforeEach
    void write() throws Exception {
        write(newCertificate());
        configuration = ConfigurationLoader.parse(folder.resolve("pgring.yaml"), """
                listen: {tls: {mode: require, certificate: a.crt, key: a.key}}
                shards:
                  - {name: a, host: h, tls: verify-full, tlsRootCertificate: a.crt}
                  - {name: b, host: i, tls: disable}
                """, Map.of());
    }

    private static X509Bundle newCertificate() throws Exception {
        return new CertificateBuilder()
                .subject("CN=proxy")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private void write(X509Bundle bundle) throws Exception {
        Files.writeString(folder.resolve("a.crt"), bundle.getCertificatePEM());
        Files.writeString(folder.resolve("a.key"), bundle.getPrivateKeyPEM());
    }

    @Test
    void newConnectionsGetWhatIsReadAgain() throws Exception {
        TlsContexts contexts = TlsContexts.load(configuration);
        ClientTls clients = contexts.clients();
        ShardTls settings = configuration.shards().get(0).tls();
        SslContext shard = contexts.shard(settings);
        assertThat(clients).isNotNull();

        write(newCertificate());
        contexts.prepare(configuration).run();

        assertThat(contexts.clients()).isNotNull().isNotEqualTo(clients);
        assertThat(requireNonNull(contexts.clients()).binding())
                .isNotEqualTo(requireNonNull(clients).binding());
        assertThat(contexts.shard(settings)).isNotSameAs(shard);
    }

    @Test
    void aFileAtFaultChangesNothing() throws Exception {
        TlsContexts contexts = TlsContexts.load(configuration);
        ClientTls clients = contexts.clients();

        Files.writeString(folder.resolve("a.key"), newCertificate().getPrivateKeyPEM());
        assertThatThrownBy(() -> contexts.prepare(configuration))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("a.key")
                .hasMessageContaining("not the one of the certificate");
        Files.delete(folder.resolve("a.crt"));
        assertThatThrownBy(() -> contexts.prepare(configuration))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("a.crt");

        assertThat(contexts.clients()).isSameAs(clients);
    }

    @Test
    void withoutTlsThereIsNothingToRead() {
        assertThat(TlsContexts.none().clients()).isNull();
    }
}

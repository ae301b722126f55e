package io.pgring.pgwire.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.pgring.pgwire.ProtocolViolation;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SCRAM-SHA-256-PLUS, with both sides on the same connection and on different ones. */
class ChannelBindingTest {
    private static final ScramVerifier VERIFIER = ScramVerifier.of("secret", new byte[] {1, 2, 3}, 1);
    private static final ChannelBinding HERE = new ChannelBinding(new byte[] {1, 2, 3, 4});
    private static final ChannelBinding ELSEWHERE = new ChannelBinding(new byte[] {1, 2, 3, 5});
    private static final List<String> BOTH = List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");

    @ParameterizedTest
    @CsvSource({"rsa2048, SHA-256", "ecp256, SHA-256", "ecp384, SHA-384"})
    void theHashIsTheOneOfTheSignature(Algorithm algorithm, String hash) throws Exception {
        X509Certificate certificate = certificate(algorithm);

        assertThat(Objects.requireNonNull(ChannelBinding.of(certificate)).data())
                .isEqualTo(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
    }

    @Test
    void aSignatureWithoutAHashHasNoBinding() throws Exception {
        assertThat(ChannelBinding.of(certificate(Algorithm.ed25519))).isNull();
    }

    private static X509Certificate certificate(Algorithm algorithm) throws Exception {
        return new CertificateBuilder()
                .subject("CN=server")
                .algorithm(algorithm)
                .setIsCertificateAuthority(true)
                .buildSelfSigned()
                .getCertificate();
    }

    @Test
    void bothSidesOfOneConnectionAgree() {
        ScramClient client = ScramClient.binding("secret", BOTH, HERE);
        ScramServer.AwaitingClientFirst server = ScramServer.start(VERIFIER, HERE);
        assertThat(server.mechanisms()).isEqualTo(BOTH);
        assertThat(client.mechanism()).isEqualTo("SCRAM-SHA-256-PLUS");

        ScramServer.AwaitingClientFinal awaiting = server.handleClientFirst(client.mechanism(), client.clientFirst());
        client.handleServerFirst(awaiting.serverFirst());

        assertThat(awaiting.handleClientFinal(client.clientFinal())).isInstanceOf(ScramServer.Authenticated.class);
    }

    @Test
    void aProofForAnotherConnectionIsOfNoUse() {
        ScramClient client = ScramClient.binding("secret", BOTH, ELSEWHERE);
        ScramServer.AwaitingClientFinal awaiting =
                ScramServer.start(VERIFIER, HERE).handleClientFirst(client.mechanism(), client.clientFirst());
        client.handleServerFirst(awaiting.serverFirst());
        byte[] clientFinal = client.clientFinal();

        assertThatThrownBy(() -> awaiting.handleClientFinal(clientFinal))
                .hasMessage("SCRAM channel binding check failed")
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.sqlState()).isEqualTo("28000"));
    }

    @Test
    void aClientThatDidNotSeeTheOfferIsRefused() {
        ScramClient client = ScramClient.binding("secret", List.of("SCRAM-SHA-256"), HERE);
        assertThat(client.isBound()).isFalse();

        assertThatThrownBy(() ->
                        ScramServer.start(VERIFIER, HERE).handleClientFirst(client.mechanism(), client.clientFirst()))
                .hasMessage("SCRAM channel binding negotiation error");
        assertThat(ScramServer.start(VERIFIER).handleClientFirst(client.mechanism(), client.clientFirst()))
                .isNotNull();
    }

    @Test
    void mechanismAndMessageHaveToFit() {
        byte[] unbound = new ScramClient("secret").clientFirst();
        byte[] bound = ScramClient.binding("secret", BOTH, HERE).clientFirst();
        ScramServer.AwaitingClientFirst server = ScramServer.start(VERIFIER, HERE);

        assertThatThrownBy(() -> server.handleClientFirst("SCRAM-SHA-256-PLUS", unbound))
                .hasMessageContaining("without channel binding data");
        assertThatThrownBy(() -> server.handleClientFirst("SCRAM-SHA-256", bound))
                .hasMessageContaining("with channel binding data");
        assertThatThrownBy(() -> ScramServer.start(VERIFIER).handleClientFirst("SCRAM-SHA-256-PLUS", bound))
                .hasMessageContaining("invalid SASL authentication mechanism");
        assertThat(server.handleClientFirst("SCRAM-SHA-256", unbound)).isNotNull();
        assertThat(bound).asString(UTF_8).startsWith("p=tls-server-end-point,,n=,r=");
    }
}

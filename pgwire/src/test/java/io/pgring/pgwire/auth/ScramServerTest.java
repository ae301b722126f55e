package io.pgring.pgwire.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.Wire;
import io.pgring.pgwire.backend.AuthenticationSASLContinue;
import io.pgring.pgwire.backend.AuthenticationSASLFinal;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.framing.StartupDecoder;
import io.pgring.pgwire.frontend.SASLInitialResponse;
import io.pgring.pgwire.frontend.SASLResponse;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramServerTest {
    /** RFC 7677, section 3. */
    private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";

    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String SERVER_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String WITHOUT_PROOF = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final String SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
    private static final ScramVerifier VERIFIER =
            ScramVerifier.of("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    private static ScramServer.AwaitingClientFinal afterClientFirst() {
        return new ScramServer.AwaitingClientFirst(VERIFIER, SERVER_NONCE, null)
                .handleClientFirst(ScramServer.MECHANISM, bytes(CLIENT_FIRST));
    }

    private static byte[] bytes(String message) {
        return message.getBytes(UTF_8);
    }

    @Test
    void speaksTheExampleOfTheRfc() {
        ScramServer.AwaitingClientFinal awaiting = afterClientFirst();
        assertThat(awaiting.serverFirst()).asString(UTF_8).isEqualTo(SERVER_FIRST);

        ScramServer.Finished finished = awaiting.handleClientFinal(bytes(WITHOUT_PROOF + ",p=" + PROOF));
        assertThat(finished).isInstanceOfSatisfying(ScramServer.Authenticated.class, authenticated -> {
            assertThat(authenticated.serverFinal()).asString(UTF_8).isEqualTo(SERVER_FINAL);
            assertThat(authenticated.keys()).isEqualTo(ScramKeys.derive("pencil", VERIFIER.salt(), 4096));
        });
    }

    @Test
    void rejectsAProofWithAnyBitChanged() {
        byte[] proof = Base64.getDecoder().decode(PROOF);
        for (int bit = 0; bit < proof.length * 8; bit++) {
            byte[] tampered = proof.clone();
            tampered[bit / 8] ^= (byte) (1 << bit % 8);
            String clientFinal = WITHOUT_PROOF + ",p=" + Base64.getEncoder().encodeToString(tampered);
            assertThat(afterClientFirst().handleClientFinal(bytes(clientFinal)))
                    .isInstanceOf(ScramServer.Rejected.class);
        }
    }

    @Test
    void rejectsWhatTheProofDoesNotSign() {
        assertThat(afterClientFirst().handleClientFinal(bytes(WITHOUT_PROOF + ",x=y,p=" + PROOF)))
                .isInstanceOf(ScramServer.Rejected.class);
        ScramServer.AwaitingClientFinal other = new ScramServer.AwaitingClientFirst(VERIFIER, SERVER_NONCE, null)
                .handleClientFirst(ScramServer.MECHANISM, bytes("n,,n=other,r=rOprNGfwEbeRWgbNEkqO"));
        assertThat(other.handleClientFinal(bytes(WITHOUT_PROOF + ",p=" + PROOF)))
                .isInstanceOf(ScramServer.Rejected.class);
    }

    @Test
    void refusesEveryTruncatedOrExtendedClientFinal() {
        byte[] whole = bytes(WITHOUT_PROOF + ",p=" + PROOF);
        // Without its padding the proof is still the same 32 bytes.
        for (int length = 0; length < whole.length - 1; length++) {
            byte[] message = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> afterClientFirst().handleClientFinal(message))
                    .isInstanceOf(ProtocolViolation.class);
        }
        assertThatThrownBy(() -> afterClientFirst().handleClientFinal(bytes(WITHOUT_PROOF + ",p=" + PROOF + ",x=y")))
                .isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> afterClientFirst().handleClientFinal(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c=eSws,r=N,p=P|unexpected SCRAM channel-binding attribute in client-final-message",
                "c=,r=N,p=P|unexpected SCRAM channel-binding attribute in client-final-message",
                "c=biws,r=x,p=P|invalid SCRAM response: nonce does not match",
                "c=biws,r=Nx,p=P|invalid SCRAM response: nonce does not match",
                "c=biws,r=N,p=|malformed SCRAM message",
                "c=biws,r=N,p=AAAA|malformed SCRAM message",
                "c=biws,r=N,p=!|malformed SCRAM message",
                "c=biws,r=N,1=x,p=P|malformed SCRAM message",
                "r=N,c=biws,p=P|malformed SCRAM message",
                "c=biws|malformed SCRAM message"
            })
    void refusesAClientFinalThatDoesNotBelongHere(String template, String message) {
        String nonce = "rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE;
        String clientFinal = template.replace("N", nonce).replace("P", PROOF);
        assertThatThrownBy(() -> afterClientFirst().handleClientFinal(bytes(clientFinal)))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p=tls-server-end-point,,n=,r=x|08P01|client selected SCRAM-SHA-256 with channel binding data",
                "p=tls-unique,,n=,r=x|08P01|unsupported SCRAM channel-binding type",
                "p=,,n=,r=x|08P01|unsupported SCRAM channel-binding type",
                "n,a=admin,n=,r=x|0A000|client uses authorization identity, but it is not supported",
                "n,,m=ext,n=,r=x|0A000|client requires an unsupported SCRAM extension",
                "x,,n=,r=x|08P01|malformed SCRAM message",
                "n,n=,r=x|08P01|malformed SCRAM message",
                "n,,r=x|08P01|malformed SCRAM message",
                "n,,n=|08P01|malformed SCRAM message",
                "n,,n=,r=|08P01|malformed SCRAM message",
                "n,,n=,r=a b|08P01|malformed SCRAM message",
                "n,,n=,r=\u00e4|08P01|malformed SCRAM message",
                "n|08P01|malformed SCRAM message",
                "n,,|08P01|malformed SCRAM message"
            })
    void refusesAClientFirstThatAsksForTooMuch(String clientFirst, String sqlState, String message) {
        assertThatThrownBy(
                        () -> ScramServer.start(VERIFIER).handleClientFirst(ScramServer.MECHANISM, bytes(clientFirst)))
                .hasMessage(message)
                .isInstanceOfSatisfying(ProtocolViolation.class, violation -> {
                    assertThat(violation.sqlState()).isEqualTo(sqlState);
                    assertThat(violation.fatal()).isTrue();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "n,,n=\0,r=x"})
    void refusesEmptyMessagesAndZeroBytes(String clientFirst) {
        assertThatThrownBy(
                        () -> ScramServer.start(VERIFIER).handleClientFirst(ScramServer.MECHANISM, bytes(clientFirst)))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void takesAClientThatCouldBindToAChannelAndIgnoresNameAndExtensions() {
        ScramServer.AwaitingClientFinal awaiting = new ScramServer.AwaitingClientFirst(VERIFIER, "s", null)
                .handleClientFirst(ScramServer.MECHANISM, "y,,n=\u00fc=2C,r=c,ext=1".getBytes(ISO_8859_1));
        String withoutProof = "c=eSws,r=cs";
        String authMessage = "n=\u00fc=2C,r=c,ext=1,r=cs,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096," + withoutProof;
        ScramKeys keys = ScramKeys.derive("pencil", VERIFIER.salt(), 4096);
        byte[] signature = Sha256.hmac(keys.storedKey(), authMessage.getBytes(ISO_8859_1));
        String proof = Base64.getEncoder().encodeToString(Sha256.xor(keys.clientKey(), signature));

        assertThat(awaiting.handleClientFinal(bytes(withoutProof + ",p=" + proof)))
                .isInstanceOf(ScramServer.Authenticated.class);
    }

    @Test
    void makesANewNonceEachTime() {
        assertThat(ScramServer.start(VERIFIER).serverNonce())
                .hasSize(24)
                .isNotEqualTo(ScramServer.start(VERIFIER).serverNonce());
    }

    /** The login of a real psql to a real server, with the server's part played by us. */
    @Test
    void answersARecordedPsqlAsPostgresDid() {
        ByteBuf frontend = Unpooled.wrappedBuffer(Wire.capture("psql.frontend"));
        ByteBuf backend = Unpooled.wrappedBuffer(Wire.capture("psql.backend"));
        new StartupDecoder().decode(frontend);
        SASLInitialResponse initial =
                SASLInitialResponse.decode(nextBody(frontend, new MessageCursor(MessageLimits.FRONTEND)));
        SASLResponse response = SASLResponse.decode(nextBody(frontend, new MessageCursor(MessageLimits.FRONTEND)));
        MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
        nextBody(backend, cursor);
        var challenge = (AuthenticationSASLContinue) BackendMessage.decode((byte) 'R', nextBody(backend, cursor));
        var serverFinal = (AuthenticationSASLFinal) BackendMessage.decode((byte) 'R', nextBody(backend, cursor));
        Matcher serverFirst = Pattern.compile("r=(.*),s=(.*),i=(.*)").matcher(new String(challenge.data(), UTF_8));
        assertThat(serverFirst.matches()).isTrue();
        byte[] clientFirst = Objects.requireNonNull(initial.response());
        String clientNonce = new String(clientFirst, UTF_8).replaceFirst(".*,r=", "");
        ScramVerifier verifier = ScramVerifier.of(
                "secret", Base64.getDecoder().decode(serverFirst.group(2)), Integer.parseInt(serverFirst.group(3)));

        ScramServer.AwaitingClientFinal awaiting = new ScramServer.AwaitingClientFirst(
                        verifier, serverFirst.group(1).substring(clientNonce.length()), null)
                .handleClientFirst(ScramServer.MECHANISM, clientFirst);

        assertThat(awaiting.serverFirst()).isEqualTo(challenge.data());
        assertThat(awaiting.handleClientFinal(response.data()))
                .isInstanceOfSatisfying(
                        ScramServer.Authenticated.class,
                        authenticated -> assertThat(authenticated.serverFinal()).isEqualTo(serverFinal.data()));
    }

    private static ByteBuf nextBody(ByteBuf in, MessageCursor cursor) {
        assertThat(cursor.next(in)).isTrue();
        ByteBuf body = in.slice(in.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength());
        cursor.advance(in);
        return body;
    }
}

package io.pgring.pgwire.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import io.pgring.pgwire.ProtocolViolation;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our client against our server, and against servers that lie. */
class ScramClientTest {
    private static final byte[] SALT = {1, 2, 3, 4, 5};

    private static ScramServer.AwaitingClientFinal challenge(ScramClient client, ScramVerifier verifier) {
        ScramServer.AwaitingClientFinal awaiting =
                ScramServer.start(verifier).handleClientFirst(ScramServer.MECHANISM, client.clientFirst());
        client.handleServerFirst(awaiting.serverFirst());
        return awaiting;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "I\u00adX",
                "\u2168",
                "\u0007",
                "\u06271",
                "\u00ad",
                "p\u00e4ss w\u00f6rd \u20ac",
                "a,b=c"
            })
    void logsInWithTheRightPassword(String password) {
        ScramClient client = new ScramClient(password);
        ScramServer.AwaitingClientFinal awaiting = challenge(client, ScramVerifier.of(password, SALT, 64));

        assertThat(awaiting.handleClientFinal(client.clientFinal()))
                .isInstanceOfSatisfying(
                        ScramServer.Authenticated.class,
                        authenticated -> client.handleServerFinal(authenticated.serverFinal()));
        assertThat(client.isFinished()).isTrue();
    }

    /** The bare message of a client whose nonce is c, answered by a server whose nonce is s; computed by libpq's rules. */
    @Test
    void saysWhatLibpqSays() {
        ScramClient client = new ScramClient("secret", "c", new Gs2Header('n'), null);
        assertThat(client.clientFirst()).asString(UTF_8).isEqualTo("n,,n=,r=c");
        assertThat(client.handleServerFirst("r=cs,s=AQIDBAU=,i=64".getBytes(UTF_8))
                        .iterations())
                .isEqualTo(64);
        assertThat(client.clientFinal()).asString(UTF_8).startsWith("c=biws,r=cs,p=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "I\u00adX", "p\u00e4ss w\u00f6rd \u20ac"})
    void ourServerTakesAnotherClient(String password) throws ScramException {
        com.ongres.scram.client.ScramClient other = com.ongres.scram.client.ScramClient.builder()
                .advertisedMechanisms(List.of("SCRAM-SHA-256"))
                .username("*")
                .password(password.toCharArray())
                .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION)
                .build();
        ScramServer.AwaitingClientFinal awaiting = ScramServer.start(ScramVerifier.of(password, SALT, 4096))
                .handleClientFirst(
                        ScramServer.MECHANISM,
                        other.clientFirstMessage().toString().getBytes(UTF_8));
        other.serverFirstMessage(new String(awaiting.serverFirst(), UTF_8));
        var finished =
                awaiting.handleClientFinal(other.clientFinalMessage().toString().getBytes(UTF_8));
        assertThat(finished).isInstanceOf(ScramServer.Authenticated.class);
        other.serverFinalMessage(((ScramServer.Authenticated) finished).serverFinalText());
    }

    @Test
    void takesKeysThatWereDerivedBefore() {
        ScramClient client = new ScramClient("unused");
        ScramServer.AwaitingClientFinal awaiting = challenge(client, ScramVerifier.of("secret", SALT, 1));

        assertThat(awaiting.handleClientFinal(client.clientFinal(ScramKeys.derive("secret", SALT, 1))))
                .isInstanceOf(ScramServer.Authenticated.class);
    }

    @Test
    void isRejectedWithTheWrongPassword() {
        ScramClient client = new ScramClient("wrong");
        ScramServer.AwaitingClientFinal awaiting = challenge(client, ScramVerifier.of("right", SALT, 1));

        assertThat(awaiting.handleClientFinal(client.clientFinal())).isInstanceOf(ScramServer.Rejected.class);
    }

    @Test
    void isRejectedByTheVerifierOfAnUnknownUser() {
        ScramClient client = new ScramClient("any");
        ScramServer.AwaitingClientFinal awaiting = challenge(client, ScramVerifier.mock("nobody", SALT, 2));

        assertThat(awaiting.handleClientFinal(client.clientFinal())).isInstanceOf(ScramServer.Rejected.class);
    }

    @Test
    void treatsPasswordsAlikeThatSaslPrepMakesAlike() {
        ScramClient client = new ScramClient("I\u00adX");
        ScramServer.AwaitingClientFinal awaiting = challenge(client, ScramVerifier.of("IX", SALT, 1));

        assertThat(awaiting.handleClientFinal(client.clientFinal())).isInstanceOf(ScramServer.Authenticated.class);
    }

    @Test
    void sendsNoEmptyPassword() {
        assertThatThrownBy(() -> new ScramClient("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsItsMechanism() {
        assertThat(ScramClient.isOffered(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")))
                .isTrue();
        assertThat(ScramClient.isOffered(List.of("SCRAM-SHA-256-PLUS"))).isFalse();
    }

    @Test
    void doesNotBelieveAServerThatDoesNotKnowTheVerifier() {
        ScramClient client = new ScramClient("secret");
        challenge(client, ScramVerifier.of("secret", SALT, 1));
        client.clientFinal();
        assertThat(client.isFinished()).isFalse();
        byte[] forged = ("v=" + Base64.getEncoder().encodeToString(new byte[32])).getBytes(UTF_8);

        assertThatThrownBy(() -> client.handleServerFinal(forged))
                .hasMessage("incorrect server signature")
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.sqlState()).isEqualTo("28000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"e=invalid-proof", "e=some-new-error", "", "x", "v=", "v=!!", "v", "e=", "v=AAAA,x=y"})
    void doesNotTakeAnythingElseForASignature(String serverFinal) {
        ScramClient client = new ScramClient("secret");
        challenge(client, ScramVerifier.of("secret", SALT, 1));
        client.clientFinal();

        assertThatThrownBy(() -> client.handleServerFinal(serverFinal.getBytes(UTF_8)))
                .isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "r=",
                "r=other,s=AQID,i=1",
                "r=N,s=AQID,i=0",
                "r=N,s=AQID,i=-1",
                "r=N,s=AQID,i=x",
                "r=N,s=AQID,i=99999999999",
                "r=N,s=AQID,i=10000001",
                "r=N,s=AQID",
                "s=AQID,r=N,i=1",
                "r=N,s=AQID,i=1,x=y",
                "r=N,s=,i=1",
                "r=N,s=!!!,i=1",
                "m=ext,r=N,s=AQID,i=1",
                "e=other-error"
            })
    void refusesAServerFirstThatCanNotBe(String template) {
        ScramClient client = new ScramClient("secret");
        String clientFirst = new String(client.clientFirst(), UTF_8);
        String nonce = clientFirst.replaceFirst(".*,r=", "") + "more";

        assertThatThrownBy(() -> {
                    client.handleServerFirst(template.replace("N", nonce).getBytes(UTF_8));
                })
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void keepsToItsOrder() {
        ScramClient client = new ScramClient("secret");
        assertThatThrownBy(client::clientFinal).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.handleServerFinal("v=AAAA".getBytes(UTF_8)))
                .isInstanceOf(IllegalStateException.class);
        challenge(client, ScramVerifier.of("secret", SALT, 1));
        assertThatThrownBy(client::clientFirst).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void neitherSideSaysAnythingButAViolationToMutatedMessages() {
        long seed = 20_261_122;
        Random random = new Random(seed);
        ScramVerifier verifier = ScramVerifier.of("secret", SALT, 1);
        for (int round = 0; round < 3_000; round++) {
            ScramClient client = new ScramClient("secret");
            try {
                var awaiting = ScramServer.start(verifier)
                        .handleClientFirst(ScramServer.MECHANISM, mutated(client.clientFirst(), random));
                client.handleServerFirst(mutated(awaiting.serverFirst(), random));
                ScramClient prover = new ScramClient("secret");
                awaiting = challenge(prover, verifier);
                awaiting.handleClientFinal(mutated(prover.clientFinal(), random));
                prover.handleServerFinal(mutated("v=AAAA".getBytes(UTF_8), random));
            } catch (ProtocolViolation violation) {
                assertThat(violation.fatal()).isTrue();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round, e);
            }
        }
    }

    private static byte[] mutated(byte[] message, Random random) {
        byte[] result = message.clone();
        if (random.nextInt(3) == 0) {
            result[random.nextInt(result.length)] = (byte) random.nextInt();
        }
        int length = random.nextInt(3) == 0 ? random.nextInt(result.length) : result.length;
        return Arrays.copyOf(result, length);
    }
}

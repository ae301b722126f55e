package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgwire.auth.Md5Password;
import io.pgring.pgwire.auth.ScramChallenge;
import io.pgring.pgwire.auth.ScramKeys;
import io.pgring.pgwire.auth.ScramVerifier;
import org.junit.jupiter.api.Test;

/** What can be proved with what is known. */
class ServerSecretTest {
    private static final byte[] SALT = new byte[9];
    private static final ScramChallenge CHALLENGE = new ScramChallenge("", "nonce", SALT, 10);

    @Test
    void nothingProvesNothing() {
        ServerSecret none = new ServerSecret.None();

        assertThat(none.password()).isNull();
        assertThat(none.md5("alice")).isNull();
        assertThat(none.keys(CHALLENGE)).isNull();
    }

    @Test
    void aHashProvesItselfByMd5Alone() {
        ServerSecret hash = new ServerSecret.Md5(Md5Password.stored("alice", "secret"));

        assertThat(hash.md5("alice")).isEqualTo(Md5Password.stored("alice", "secret"));
        assertThat(hash.password()).isNull();
        assertThat(hash.keys(CHALLENGE)).isNull();
        assertThat(hash.toString()).isEqualTo("Md5[hidden]");
    }

    @Test
    void aPasswordProvesItselfInEveryWayAndItsKeysAreMadeOnce() {
        ServerSecret password = new ServerSecret.Password("secret");

        assertThat(password.password()).isEqualTo("secret");
        assertThat(password.md5("alice")).isEqualTo(Md5Password.stored("alice", "secret"));
        assertThat(password.keys(CHALLENGE)).isEqualTo(ScramKeys.derive("secret", SALT, 10));
        assertThat(password.keys(CHALLENGE)).isSameAs(password.keys(CHALLENGE));
        assertThat(password).isEqualTo(new ServerSecret.Password("secret")).hasToString("Password[hidden]");
    }

    @Test
    void keysFitTheSameVerifierAlone() {
        ScramKeys keys = ScramKeys.derive("secret", SALT, 10);
        ServerSecret proved = new ServerSecret.Keys(ScramVerifier.of("secret", SALT, 10), keys);

        assertThat(proved.keys(CHALLENGE)).isEqualTo(keys);
        assertThat(proved.keys(new ScramChallenge("", "nonce", SALT, 11))).isNull();
        assertThat(proved.keys(new ScramChallenge("", "nonce", new byte[8], 10)))
                .isNull();
        assertThat(proved.password()).isNull();
        assertThat(proved.md5("alice")).isNull();
    }
}

package io.pgring.pgwire.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Md5PasswordTest {
    /** From PostgreSQL 15: {@code CREATE ROLE md PASSWORD 'secret'} with password_encryption = md5. */
    private static final String STORED = "md5d7a84ec8cb0b9b78e5ac40740627a360";

    private static final byte[] SALT = {1, 2, 3, -1};

    /** {@code "md5" + md5("d7a84ec8cb0b9b78e5ac40740627a360" + salt)}, by md5sum. */
    private static final String ANSWER = "md58644f76ce7d0927f0cb8ff7a3c72cf3b";

    @Test
    void storesAsPostgresDoes() {
        assertThat(Md5Password.stored("md", "secret")).isEqualTo(STORED);
        assertThat(Md5Password.stored("md", STORED)).isEqualTo(STORED);
    }

    @Test
    void answersFromThePasswordAndFromTheStoredForm() {
        assertThat(Md5Password.hash("md", "secret", SALT)).isEqualTo(ANSWER);
        assertThat(Md5Password.hash("md", STORED, SALT)).isEqualTo(ANSWER);
    }

    @Test
    void fitsTheRightAnswerAlone() {
        assertThat(Md5Password.fits("md", STORED, SALT, ANSWER.getBytes(UTF_8))).isTrue();
        assertThat(Md5Password.fits("md", "secret", SALT, ANSWER.getBytes(UTF_8)))
                .isTrue();
        assertThat(Md5Password.fits("md", "Secret", SALT, ANSWER.getBytes(UTF_8)))
                .isFalse();
        assertThat(Md5Password.fits("md", STORED, new byte[4], ANSWER.getBytes(UTF_8)))
                .isFalse();
        assertThat(Md5Password.fits("md", STORED, SALT, new byte[0])).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "md5",
                "md5D7A84EC8CB0B9B78E5AC40740627A360",
                "md5d7a84ec8cb0b9b78e5ac40740627a36",
                "xd5d7a84ec8cb0b9b78e5ac40740627a360"
            })
    void takesAnythingElseForAPassword(String text) {
        assertThat(Md5Password.isStored(text)).isFalse();
        assertThat(Md5Password.isStored(STORED)).isTrue();
    }
}

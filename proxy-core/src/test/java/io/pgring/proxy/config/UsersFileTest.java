package io.pgring.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgring.pgwire.auth.ScramVerifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PgBouncer's list of users, with verifiers and plain passwords. */
class UsersFileTest {
    private static final ScramVerifier VERIFIER =
            ScramVerifier.of("secret", "sixteen bytes...".getBytes(StandardCharsets.US_ASCII), 4096);

    @Test
    void verifiersAreKeptAndPlainPasswordsHashed() throws Exception {
        Map<String, ScramVerifier> users = parse("""
                ; comment
                # another

                "alice" "%s"
                  "b ""o"" b"   "pass ""word"" \u00e4"
                """.formatted(VERIFIER.format()));

        assertThat(users).containsOnlyKeys("alice", "b \"o\" b");
        assertThat(users.get("alice")).isEqualTo(VERIFIER);
        assertThat(users.get("b \"o\" b"))
                .matches(verifier -> verifier.fits("pass \"word\" \u00e4"))
                .matches(verifier -> !verifier.fits("password"));
    }

    @Test
    void md5HashesAreRefusedWithAWayOut() {
        ConfigurationException e = problem("\"bob\" \"md5d41d8cd98f00b204e9800998ecf8427e\"");

        assertThat(e).hasMessage("users.txt:1:8: an md5 hash can't be used for scram-sha-256");
        assertThat(e.hint()).contains("pg_authid", "password_encryption");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\0',
            delimiter = '|',
            value = {
                "bob secret|1:1: must be \"user\" \"password or verifier\", both in quotes",
                "\"bob\"|1:1: must be \"user\" \"password or verifier\", both in quotes",
                "\"bob\" \"x|1:1: must be \"user\" \"password or verifier\", both in quotes",
                "\"\" \"x\"|1:1: the name of the user is empty",
                "\"bob\" \"\"|1:8: the password is empty",
                "\"bob\" \"SCRAM-SHA-256$1\"|1:8: invalid SCRAM verifier: not in the form SCRAM-SHA-256$n:salt$key:key",
            })
    void mistakesAreNamedWithTheirLine(String line, String message) {
        assertThat(problem(line)).hasMessage("users.txt:" + message);
    }

    @Test
    void aUserCanBeListedOnlyOnce() {
        assertThat(problem("\"bob\" \"x\"\n\"bob\" \"y\"")).hasMessage("users.txt:2:1: user 'bob' is listed twice");
    }

    private static Map<String, ScramVerifier> parse(String text) throws ConfigurationException {
        return UsersFile.parse(Path.of("users.txt"), text);
    }

    private static ConfigurationException problem(String text) {
        return catchThrowableOfType(ConfigurationException.class, () -> parse(text));
    }
}

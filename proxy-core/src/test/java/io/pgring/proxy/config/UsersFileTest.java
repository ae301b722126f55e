package io.pgring.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgring.pgwire.auth.ScramVerifier;
import io.pgring.pgwire.auth.Secret;
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
    void allFormsOfSecretsAreKept() throws Exception {
        Map<String, Secret> users = parse("""
                ; comment
                # another

                "alice" "%s"
                "carol" "md5d41d8cd98f00b204e9800998ecf8427e"
                  "b ""o"" b"   "pass ""word"" \u00e4"
                """.formatted(VERIFIER.format()));

        assertThat(users).containsOnlyKeys("alice", "carol", "b \"o\" b");
        assertThat(users)
                .containsEntry("alice", new Secret.Scram(VERIFIER))
                .containsEntry("carol", new Secret.Md5("md5d41d8cd98f00b204e9800998ecf8427e"));
        assertThat(users.get("b \"o\" b"))
                .isInstanceOfSatisfying(
                        Secret.Plain.class,
                        plain -> assertThat(plain.password()).isEqualTo("pass \"word\" \u00e4"))
                .matches(secret -> secret.fits("b \"o\" b", "pass \"word\" \u00e4"))
                .matches(secret -> !secret.fits("b \"o\" b", "password"));
        assertThat(users.toString()).doesNotContain("pass", "d41d8");
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

    @Test
    void aPasswordMayBeAsLongAsAToken() throws Exception {
        String token = "to\"\"ken".repeat(10_000);

        assertThat(parse("\"bob\" \"" + token + "\"").get("bob"))
                .isInstanceOfSatisfying(
                        Secret.Plain.class,
                        plain -> assertThat(plain.password()).isEqualTo("to\"ken".repeat(10_000)));
    }

    private static Map<String, Secret> parse(String text) throws ConfigurationException {
        return UsersFile.parse(Path.of("users.txt"), text);
    }

    private static ConfigurationException problem(String text) {
        return catchThrowableOfType(ConfigurationException.class, () -> parse(text));
    }
}

package io.pgring.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What of a changed file comes into force. */
class ConfigurationMergeTest {
    private static final String SHARDS = "shards: [{name: a, host: one, weight: 1}, {name: b, host: two}]\n";

    private static Configuration configuration(String more) throws ConfigurationException {
        return ConfigurationLoader.parse(
                Path.of("pgring.yaml"), (more.contains("shards:") ? "" : SHARDS) + more, Map.of());
    }

    private static ConfigurationMerge.Merged merge(String before, String next, Predicate<String> live)
            throws Exception {
        return ConfigurationMerge.of(configuration(before), configuration(next), live);
    }

    @Test
    void theSameFileChangesNothing() throws Exception {
        ConfigurationMerge.Merged merged = merge("", "limits: {}\n", path -> true);
        assertThat(merged.applied()).isEmpty();
        assertThat(merged.restart()).isEmpty();
        assertThat(merged.configuration()).isEqualTo(configuration(""));
    }

    @Test
    void whatIsLiveIsTakenAndTheRestIsNamed() throws Exception {
        ConfigurationMerge.Merged merged = merge(
                "limits: {clientsMax: 5}\n",
                "limits: {clientsMax: 6, queryMillisMax: 7}\nthreads: 3\nlisten: {http: \"*:1\"}\n",
                path -> path.startsWith("limits."));
        assertThat(merged.applied())
                .containsExactlyInAnyOrder("limits.clientsMax=6 (was 5)", "limits.queryMillisMax=7 (was 0)");
        assertThat(merged.restart()).containsExactlyInAnyOrder("threads", "listen.http");
        assertThat(merged.configuration()).isEqualTo(configuration("limits: {clientsMax: 6, queryMillisMax: 7}\n"));
    }

    @Test
    void shardsAreNamedOneByOneAndSecretsAreNotShown() throws Exception {
        String next = "shards: [{name: a, host: one, weight: 2}, {name: b, host: two, password: secret}]\n";
        assertThat(merge("", next, path -> false).restart())
                .containsExactlyInAnyOrder("shards[0].weight", "shards[1].password");
        assertThat(merge("", next, path -> true).applied().toString()).doesNotContain("secret");
        assertThat(merge("", "shards: [{name: a, host: one}]\n", path -> false).restart())
                .containsExactly("shards");
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        String scram = "clients: {authentication: scram-sha-256, usersFile: users}\n";
        assertThatThrownBy(() -> merge(scram, "", "clients.usersFile"::equals))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("usersFile");
    }
}

package io.pgring.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every complaint names file, line, column and the path of the key. */
class ConfigurationErrorsTest {
    private static final String SHARD = "shards: [{name: a, host: h}]\n";

    static Stream<Arguments> mistakesInShards() {
        return Stream.of(
                mistake("", "1:1: shards: at least one shard is needed"),
                mistake("shards: []", "1:9: shards: at least one shard is needed"),
                mistake("shards: none", "1:9: shards: must be a list, one '- ' for each entry, not 'none'"),
                mistake("shards: [a]", "1:10: shards[0]: must be a section of 'key: value' lines, not 'a'"),
                mistake("shards:\n  - host: h", "2:5: shards[0].name: is missing"),
                mistake("shards:\n  - name: a", "2:5: shards[0].host: is missing"),
                mistake(
                        "shards:\n- name: a\n  host: h\n  port: 99999",
                        "4:9: shards[0].port: must be between 1 and 65535, not 99999"),
                mistake(
                        "shards:\n- name: a\n  host: h\n  port: five",
                        "4:9: shards[0].port: must be a whole number, not 'five'"),
                mistake(
                        "shards:\n- name: a\n  host: h\n  port: 5000000000",
                        "4:9: shards[0].port: is too large a number: 5000000000"),
                mistake(
                        "shards:\n- name: a b\n  host: h",
                        "2:9: shards[0].name: must be 1 to 63 letters, digits or any of '_.-', starting with a letter or digit, not 'a b'"),
                mistake(
                        "shards:\n- {name: a, host: h}\n- {name: A, host: i}",
                        "3:10: shards[1].name: 'A' is the name of another shard"),
                mistake(
                        "shards:\n- {name: a, host: h}\n- {name: b, host: h}",
                        "3:3: shards[1]: another shard is at h port 5432 database postgres already"),
                mistake(
                        "shards: [{name: a, host: h, weight: 0}]",
                        "1:37: shards[0].weight: must be between 1 and 100, not 0"),
                mistake(
                        "shards: [{name: a, host: h, tls: verify}]",
                        "1:34: shards[0].tls: must be one of disable, allow, prefer, require, verify-ca, verify-full, not 'verify'"),
                mistake(
                        "shards: [{name: a, host: /s, tls: require}]",
                        "1:35: shards[0].tls: can't be required on a Unix-domain socket"),
                mistake(
                        "shards: [{name: a, host: h, tlsCertificate: x}]",
                        "1:10: shards[0].tlsKey: tlsCertificate and tlsKey go together"),
                mistake(
                        "shards: [{name: a, host: h, tlsNegotiation: direct}]",
                        "1:45: shards[0].tlsNegotiation: direct needs tls: require, verify-ca or verify-full"),
                mistake(
                        "shards: [{name: a, host: h, tls: disable, channelBinding: require}]",
                        "1:59: shards[0].channelBinding: can't be required with tls: disable"),
                mistake(
                        "shards: [{name: a, host: h, password: x, passwordEnv: Y}]",
                        "1:10: shards[0]: only one of password, passwordEnv and passwordFile can be given"),
                mistake(
                        "shards: [{name: a, host: h, passwordEnv: Y}]",
                        "1:42: shards[0].passwordEnv: the environment variable Y is not set"),
                mistake(
                        "shards: [{name: a, host: h, passwordFile: /no/such/file}]",
                        "1:43: shards[0].passwordFile: can't read /no/such/file: there is no such file"));
    }

    static Stream<Arguments> mistakesInAddressesAndTables() {
        return Stream.of(
                mistake(
                        SHARD + "listen: {postgresql: here}",
                        "2:22: listen.postgresql: must be host:port such as 127.0.0.1:6432 or \"[::1]:6432\", not 'here'"),
                mistake(
                        SHARD + "listen: {postgresql: 'h:70000'}",
                        "2:22: listen.postgresql: must be between 0 and 65535, not 70000"),
                mistake(
                        SHARD + "listen:\n  http: 127.0.0.1:6432",
                        "3:9: listen.http: must differ from listen.postgresql, both are 127.0.0.1:6432"),
                mistake(
                        SHARD + "listen: {tls: {mode: require}}",
                        "2:15: listen.tls.certificate: is needed when listen.tls.mode is require"),
                mistake(
                        SHARD + "listen: {tls: {mode: verify-ca, certificate: c, key: k}}",
                        "2:15: listen.tls.clientCa: is needed when listen.tls.mode is verify-ca"),
                mistake(
                        SHARD + "listen: {tls: {protocolVersionMin: TLSv1}}",
                        "2:36: listen.tls.protocolVersionMin: must be one of TLSv1.2, TLSv1.3, not 'TLSv1'"),
                mistake(
                        SHARD + "clients: {authentication: scram-sha-256}",
                        "2:10: clients.usersFile: is needed when clients.authentication is scram-sha-256"),
                mistake(
                        SHARD + "clients: {trustBeyondLoopback: yes}",
                        "2:32: clients.trustBeyondLoopback: must be true or false, not 'yes'"),
                mistake(
                        SHARD + "tables:\n- name: a.b.c\n  keyColumn: k",
                        "3:9: tables[0].name: must be table or schema.table, not 'a.b.c'"),
                mistake(
                        SHARD + "tables:\n- name: a-b\n  keyColumn: k",
                        "3:9: tables[0].name: is not a name as in SQL: 'a-b'"),
                mistake(
                        SHARD + "tables:\n- name: a.\n  keyColumn: k",
                        "3:9: tables[0].name: is not a name as in SQL: 'a.'"),
                mistake(
                        SHARD + "tables:\n- name: t\n  keyColumn: a.b",
                        "4:14: tables[0].keyColumn: must be the name of one column, not 'a.b'"),
                mistake(
                        SHARD + "tables:\n- {name: t, reference: true, keyColumn: k}",
                        "3:41: tables[0].keyColumn: a reference table has none"),
                mistake(
                        SHARD + "tables:\n- {name: t, reference: maybe}",
                        "3:24: tables[0].reference: must be true or false, not 'maybe'"),
                mistake(SHARD + "tables:\n- {name: t, reference: false}", "3:3: tables[0].keyColumn: is missing"),
                mistake(
                        SHARD + "tables:\n- {name: t, keyColumn: k}\n- {name: PUBLIC.T, keyColumn: k}",
                        "4:10: tables[1].name: table public.t is listed twice"));
    }

    static Stream<Arguments> mistakesInOtherPlaces() {
        return Stream.of(
                mistake(
                        SHARD + "ring: {pointsPerWeight: 0}",
                        "2:25: ring.pointsPerWeight: must be between 1 and 10000, not 0"),
                mistake(
                        "shards: [{name: a, host: h, weight: 100}, {name: b, host: h2, weight: 100}, {name: c, host: h3,"
                                + " weight: 100}, {name: d, host: h4, weight: 100}, {name: e, host: h5, weight: 100}]\n"
                                + "ring: {pointsPerWeight: 10000}",
                        "2:25: ring.pointsPerWeight: must be at most 8388 for shards of a total weight of 500"),
                mistake(
                        SHARD + "pool:\n  healthCheckMillis: 1",
                        "3:22: pool.healthCheckMillis: must be between 100 and 86400000, not 1"),
                mistake(
                        SHARD + "limits: {clientsMax: [1]}",
                        "2:22: limits.clientsMax: must be a single value, not a list"),
                mistake(SHARD + "database: ' '", "2:11: database: must not be empty"),
                mistake(SHARD + "threads: -1", "2:10: threads: must be between 0 and 1024, not -1"),
                mistake(SHARD + "threads: 1\nthreads: 2", "3:1: threads: is given twice, first in line 2"),
                mistake(SHARD + "pool: 3", "2:7: pool: must be a section of 'key: value' lines, not '3'"),
                mistake("a: &x 1\nb: *x", "2:4: b: aliases (*name) are not supported"),
                mistake(SHARD + "---\nthreads: 1", "3:1: there must be only one document in the file"));
    }

    @ParameterizedTest
    @MethodSource({"mistakesInShards", "mistakesInAddressesAndTables", "mistakesInOtherPlaces"})
    void theMessageSaysWhereAndWhat(String yaml, String message) {
        assertThat(problem(yaml)).hasMessage("pgring.yaml:" + message);
    }

    @Test
    void unknownKeysAreErrorsWithASuggestion() {
        ConfigurationException wrongCase = problem(SHARD + "pool:\n  connectionspershardmax: 3");
        ConfigurationException nothingLike = problem("shards: [{name: a, host: h, zzzzzzzzz: 1}]");

        assertThat(wrongCase).hasMessage("pgring.yaml:3:3: pool.connectionspershardmax: there is no such key");
        assertThat(wrongCase.hint()).isEqualTo("Did you mean 'connectionsPerShardMax'?");
        assertThat(wrongCase.position()).isEqualTo(new Position(3, 3));
        assertThat(wrongCase.keyPath()).isEqualTo("pool.connectionspershardmax");
        assertThat(nothingLike.hint()).startsWith("Possible here: name, host, port");
    }

    @Test
    void whatIsNotYamlIsPointedAt() {
        ConfigurationException bracket = problem(SHARD + "listen:\n  postgresql: [::1]:6432\n");
        ConfigurationException tab = problem("shards:\n\t- name: a");

        assertThat(bracket.getMessage()).startsWith("pgring.yaml:3:").contains("this is not YAML");
        assertThat(bracket.hint()).contains("quotes");
        assertThat(tab.getMessage()).startsWith("pgring.yaml:2:1: this is not YAML");
        assertThat(tab.hint()).contains("spaces");
    }

    @Test
    void trustIsForLoopbackOnlyUnlessSaidOtherwise() throws Exception {
        String open = SHARD + "listen:\n  postgresql: 0.0.0.0:6432\n";

        assertThat(problem(open).getMessage())
                .startsWith("pgring.yaml:3:15: listen.postgresql: anyone who can reach 0.0.0.0:6432 could come in");
        assertThat(problem(open.replace("0.0.0.0", "'*'").replace("'*':6432", "'*:6432'"))
                        .getMessage())
                .contains("listen.postgresql: anyone who can reach *:6432");
        assertThat(problem(open.replace("0.0.0.0", "localhost.example")).getMessage())
                .contains("listen.postgresql");
        assertThat(parse(open + "clients: {trustBeyondLoopback: true}")
                        .listen()
                        .postgresql()
                        .isLoopback())
                .isFalse();
        assertThat(parse(open + "clients: {authentication: scram-sha-256, usersFile: u}"))
                .isNotNull();
        for (String loopback : new String[] {"127.8.9.1:1", "localhost:1", "'[::1]:1'", "6433"}) {
            assertThat(parse(open.replace("0.0.0.0:6432", loopback))).isNotNull();
        }
    }

    private static Arguments mistake(String yaml, String message) {
        return Arguments.of(yaml, message);
    }

    private static Configuration parse(String yaml) throws ConfigurationException {
        return ConfigurationLoader.parse(Path.of("pgring.yaml"), yaml, Map.of());
    }

    private static ConfigurationException problem(String yaml) {
        return catchThrowableOfType(ConfigurationException.class, () -> parse(yaml));
    }
}

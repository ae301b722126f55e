package io.pgring.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The annotated example says the truth: about every key, and about every default. */
class ExampleConfigurationTest {
    private static final Path EXAMPLE = Path.of("..", "deploy", "pgring.yaml");

    /** Lines that show an alternative rather than a default. */
    private static final List<String> ALTERNATIVES = List.of(
            "password",
            "usersFile",
            "certificate",
            "key:",
            "clientCa",
            "ciphers",
            "tlsRootCertificate",
            "tlsCertificate",
            "tlsKey");

    @Test
    void itIsValid() throws Exception {
        assertThat(ConfigurationLoader.load(EXAMPLE).shards()).hasSize(3);
    }

    @Test
    void whatIsCommentedOutIsTheDefault() throws Exception {
        String everything = Files.readString(EXAMPLE)
                .lines()
                .map(line -> line.replaceFirst("^( *)# ?( *)(?=[a-zA-Z]+:( |$))", "$1$2"))
                .filter(line -> ALTERNATIVES.stream().noneMatch(line.strip()::startsWith))
                .collect(Collectors.joining("\n"));

        assertThat(everything).contains("\nlisten:", "\n  http: 127", "\n    weight: 1", "\nthreads: 0");
        assertThat(ConfigurationLoader.parse(EXAMPLE, everything, Map.of()))
                .isEqualTo(ConfigurationLoader.load(EXAMPLE));
    }
}

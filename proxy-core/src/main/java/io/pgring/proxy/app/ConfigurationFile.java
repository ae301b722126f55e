package io.pgring.proxy.app;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationException;
import io.pgring.proxy.config.ConfigurationLoader;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --config} of the commands that need a configuration. */
final class ConfigurationFile {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "${env:PGRING_CONFIG:-pgring.yaml}",
            description = "Configuration file (default: PGRING_CONFIG, or pgring.yaml).")
    private Path path = Path.of("pgring.yaml");

    Path path() {
        return path;
    }

    Configuration load() throws ConfigurationException {
        return ConfigurationLoader.load(path);
    }
}

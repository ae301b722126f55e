package io.pgring.proxy.app;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationException;
import io.pgring.proxy.config.ConfigurationLoader;
import io.pgring.proxy.config.InvalidValueException;
import io.pgring.proxy.config.Listen;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardUrl;
import io.pgring.proxy.distribution.ShardFurnishing;
import io.pgring.proxy.reshard.ShardAdministration;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How commands find the home shard, whose catalog says everything else: by a configuration file, or by its address alone. */
final class HomeOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "${env:PGRING_CONFIG:-pgring.yaml}",
            description =
                    "Configuration file; its first shard is the home shard (default: PGRING_CONFIG, or pgring.yaml).")
    private Path path = Path.of("pgring.yaml");

    @Option(
            names = "--home",
            paramLabel = "URL",
            description =
                    "The home shard, instead of a file: postgresql://user@host:port/database. The password may be in"
                            + " PGPASSWORD.")
    private @Nullable String home;

    /** Null when there is a URL instead. */
    @Nullable
    Path path() {
        return home == null ? path : null;
    }

    Configuration load() throws ConfigurationException, CommandException, StartupException {
        return load(Listen.DEFAULT);
    }

    /**
     * What the proxies are told.
     *
     * @param listen where one without a file listens
     */
    Configuration load(Listen listen) throws ConfigurationException, CommandException, StartupException {
        return home == null
                ? ConfigurationLoader.load(path)
                : HomeConfiguration.read(parse("shard-0", home, 1), listen);
    }

    /** What changes the ring. */
    ShardAdministration administration() throws ConfigurationException, CommandException, StartupException {
        return administration(load());
    }

    static ShardAdministration administration(Configuration configuration) {
        return new ShardAdministration(configuration, ShardLogin::open, furnishing(configuration));
    }

    /** What gives a shard its tables, and looks whether it has them. */
    static ShardFurnishing furnishing(Configuration configuration) {
        return new ShardFurnishing(configuration.shards().get(0), configuration.pool(), ShardLogin::open);
    }

    /** What the file says of a shard; null when it says nothing. */
    static @Nullable ShardConfiguration entry(Configuration configuration, String name) {
        return configuration.shards().stream()
                .filter(shard -> shard.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    static ShardConfiguration parse(String name, String url, int weight) throws CommandException {
        try {
            return ShardUrl.parse(name, url, weight, System.getenv());
        } catch (InvalidValueException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), null, e);
        }
    }
}

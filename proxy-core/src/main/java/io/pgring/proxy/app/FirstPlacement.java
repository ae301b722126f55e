package io.pgring.proxy.app;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.InvalidValueException;
import io.pgring.proxy.config.RingConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.ConfiguredTables;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.TopologyCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which shards there are and what each owns, when a proxy starts. The catalog on the home shard says so; the first proxy of all makes it of
 * its configuration, and from then on the configuration file is asked for addresses and logins alone. A proxy that can't read the catalog does
 * not start: rows may have been moved since its file was written.
 *
 * @param configuration with the shards of the placement, but for those that are gone, in place of those of the file
 * @param file as it was read
 */
record FirstPlacement(Placement placement, Configuration configuration, Configuration file) {
    private static final Logger LOG = LoggerFactory.getLogger(FirstPlacement.class);
    private static final int HOME_SECONDS_MAX = 60;
    /** Whatever can't be mended by waiting: a login that is refused, a database that is not there. */
    private static final Set<String> FINAL = Set.of("28000", "28P01", "3D000");

    private static final Set<String> MISSING = Set.of("42P01", "42703", "3F000");
    private static final String MISSING_RIGHT = "42501";

    /** Asks the home shard. Waits for it a while if it is the only one that does not answer. */
    static FirstPlacement of(Configuration configuration) throws StartupException {
        SQLException failure = null;
        for (int second = 0; second <= HOME_SECONDS_MAX; second++) {
            ShardConfiguration home = configuration.shards().get(0);
            try (Connection connection = ShardLogin.open(home, configuration.pool())) {
                return read(connection, configuration);
            } catch (SQLException e) {
                if (failure == null && !FINAL.contains(String.valueOf(e.getSQLState()))) {
                    LOG.warn("waiting for the home shard shard={} reason=\"{}\"", home.name(), e.getMessage());
                }
                failure = e;
            }
            if (FINAL.contains(String.valueOf(failure.getSQLState())) || !isAnyReachable(configuration) || !pause()) {
                break;
            }
        }
        throw unreachable(configuration, failure);
    }

    private static boolean isAnyReachable(Configuration configuration) {
        for (ShardConfiguration shard :
                configuration.shards().subList(1, configuration.shards().size())) {
            try {
                ShardLogin.open(shard, configuration.pool()).close();
                return true;
            } catch (SQLException e) {
                LOG.debug("not reachable either", e);
            }
        }
        return false;
    }

    private static boolean pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static StartupException unreachable(Configuration configuration, @Nullable SQLException failure) {
        String reason = failure == null
                ? ""
                : String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        boolean alone = !isAnyReachable(configuration);
        String name = configuration.shards().get(0).name();
        return new StartupException(
                (alone ? "no shard can be reached: shard " : "the home shard can't be reached: shard ") + name
                        + ": can't log in: " + reason,
                alone
                        ? "Start the servers, or mend host, port, user and password under shards."
                        : "It has the catalog, which says where the rows are: start it, or mend its entry under shards.");
    }

    private static FirstPlacement read(Connection home, Configuration configuration) throws StartupException {
        try {
            make(home, configuration);
            Optional<Placement> placement = TopologyCatalog.read(home, configuration.shards());
            if (placement.isPresent()) {
                return of(placement.get(), configuration);
            }
        } catch (SQLException e) {
            if (!MISSING.contains(String.valueOf(e.getSQLState()))) {
                throw new StartupException(
                        "the catalog can't be read: " + e.getMessage(),
                        "The role of the proxy on the home shard must own schema pgring.");
            }
        }
        LOG.warn("there is no catalog, and no right to make one: shards can't be added or removed");
        Placement configured = Placement.configured(
                shards(configuration.shards()), configuration.ring().of(configuration.shards()));
        return new FirstPlacement(configured, configuration, configuration);
    }

    private static void make(Connection home, Configuration configuration) throws SQLException {
        try {
            CatalogSchema.ensureHome(home);
            TopologyCatalog.begin(home, configuration);
            ConfiguredTables.write(home, configuration.tables());
        } catch (SQLException e) {
            if (!MISSING_RIGHT.equals(e.getSQLState())) {
                throw e;
            }
            LOG.debug("the catalog can't be made or changed", e);
        }
    }

    private static FirstPlacement of(Placement placement, Configuration file) throws StartupException {
        String home = placement.shards().get(0).name();
        if (!file.shards().get(0).name().equals(home)) {
            throw new StartupException(
                    "shards[0] is " + file.shards().get(0).name() + ", but the home shard is " + home,
                    "Put " + home + " first: the catalog is on it.");
        }
        List<String> members = placement.members().stream().map(Shard::name).toList();
        for (ShardConfiguration shard : file.shards()) {
            if (!members.contains(shard.name())) {
                LOG.warn(
                        "shard is in the file alone, and so not used shard={} hint=\"pgring shard add makes it a member\"",
                        shard.name());
            }
        }
        warnOfWeights(placement, file);
        RingConfiguration ring = new RingConfiguration(placement.ring().pointsPerWeight());
        try {
            return new FirstPlacement(
                    placement,
                    file.withShards(
                            placement.members().stream()
                                    .map(Shard::configuration)
                                    .toList(),
                            ring),
                    file);
        } catch (InvalidValueException e) {
            throw new StartupException(
                    "the shards of the catalog and of the file don't fit: " + e.getMessage(),
                    "See pgring.shards on the home shard.");
        }
    }

    private static void warnOfWeights(Placement placement, Configuration file) {
        for (Shard shard : placement.members()) {
            for (ShardConfiguration other : file.shards()) {
                if (other.name().equals(shard.name())
                        && other.weight() != shard.configuration().weight()) {
                    LOG.warn(
                            "the weight of a shard is that of the catalog shard={} weight={} file={}",
                            shard.name(),
                            shard.configuration().weight(),
                            other.weight());
                }
            }
        }
        if (placement.ring().pointsPerWeight() != file.ring().pointsPerWeight()) {
            LOG.warn(
                    "ring.pointsPerWeight is that of the catalog pointsPerWeight={} file={}",
                    placement.ring().pointsPerWeight(),
                    file.ring().pointsPerWeight());
        }
    }

    private static List<Shard> shards(List<ShardConfiguration> configured) {
        List<Shard> shards = new ArrayList<>();
        configured.forEach(shard -> shards.add(new Shard(shards.size(), shard)));
        return shards;
    }
}

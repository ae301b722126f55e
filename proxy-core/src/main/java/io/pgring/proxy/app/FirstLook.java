package io.pgring.proxy.app;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.distribution.DistributionException;
import io.pgring.proxy.distribution.TableAdministration;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.Gathering;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardInspection;
import io.pgring.proxy.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a proxy finds when it starts.
 *
 * @param inspections of all shards that are not gone
 * @param topology of this moment
 */
record FirstLook(List<ShardInspection> inspections, Topology topology) {
    private static final Logger LOG = LoggerFactory.getLogger(FirstLook.class);

    /** Mends what a crash has left half done, then looks at the shards. */
    static FirstLook at(FirstPlacement first, Executor blocking) throws StartupException {
        recoverTables(first);
        List<ShardInspection> found = inspectShards(first.configuration(), blocking);
        return new FirstLook(found, topology(first.placement(), found));
    }

    /** What was found of a shard. */
    ShardInspection of(Shard shard) {
        return inspections.stream()
                .filter(inspection -> inspection.shard().name().equals(shard.name()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Looks at the home shard, then at all others at once. Those that can't be reached are tried again later; one that is unfit stops the
     * start.
     */
    private static List<ShardInspection> inspectShards(Configuration configuration, Executor blocking)
            throws StartupException {
        List<ShardInspection> found = ShardInspection.ofAll(configuration, ShardLogin::open, blocking);
        List<String> problems = new ArrayList<>();
        for (ShardInspection inspection : found) {
            if (!inspection.isUnreachable()) {
                inspection
                        .problems()
                        .forEach(problem ->
                                problems.add("shard " + inspection.shard().name() + ": " + problem));
            }
            if (found.size() > 1) {
                inspection
                        .warnings()
                        .forEach(warning -> LOG.warn(
                                "shard lacks something shard={} warning=\"{}\"",
                                inspection.shard().name(),
                                warning));
            }
        }
        if (!problems.isEmpty()) {
            throw new StartupException(
                    String.join("\n", problems),
                    "Create the sharded tables with the same definition on every shard; pgring check --connect looks again.");
        }
        if (found.stream().allMatch(ShardInspection::isUnreachable)) {
            throw new StartupException(
                    "no shard can be reached: shard " + found.get(0).shard().name() + ": "
                            + String.join("; ", found.get(0).problems()),
                    "Start the servers, or mend host, port, user and password under shards.");
        }
        return found;
    }

    /** Before clients can see what a crash has left half done. */
    private static void recoverTables(FirstPlacement first) {
        Topology bare = topology(first.placement(), new Catalog(List.of(), List.of(), Map.of()));
        try {
            new TableAdministration(first.configuration(), () -> bare, ShardLogin::open, () -> {}).recover();
        } catch (DistributionException e) {
            LOG.warn("tables that are half way to other shards or back stay refused reason=\"{}\"", e.getMessage());
        }
    }

    private static Topology topology(Placement placement, Catalog catalog) {
        return new Topology(
                1,
                placement,
                catalog,
                Gathering.unavailable("The shards have not been prepared for it yet."),
                List.of());
    }

    private static Topology topology(Placement placement, List<ShardInspection> found) throws StartupException {
        Catalog catalog = found.stream()
                .map(ShardInspection::catalog)
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElseThrow(() -> new StartupException("the tables of no shard can be read", "See the log."));
        for (ShardInspection inspection : found) {
            Catalog other = inspection.catalog();
            if (other != null && !other.differenceTo(catalog).isEmpty()) {
                throw new StartupException(
                        "shard " + inspection.shard().name() + ": " + other.differenceTo(catalog),
                        "Columns, their order and types must be the same on every shard.");
            }
        }
        return topology(placement, catalog);
    }
}

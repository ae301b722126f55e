package io.pgring.proxy.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.ShardAdministration;
import io.pgring.proxy.topology.Membership;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes which servers are shards. The rows are moved by the running proxies. */
@Command(
        name = "shard",
        description = "Add shards to the ring and remove them, while clients write. The running proxies move the rows.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false)
final class ShardCommand implements Runnable {
    /** One shard, as in {@code --json}. */
    record ShardLine(
            String name, String host, int port, String database, String user, int weight, String state, double share) {}

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: add, remove, list, weight");
    }

    @Command(
            name = "add",
            description = "Make a server a shard, and move its share of the rows to it.",
            sortOptions = false)
    int add(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NAME", description = "What the shard is called from now on.") String name,
            @Parameters(
                            paramLabel = "URL",
                            arity = "0..1",
                            description = "Where it is: postgresql://user@host:port/database. The password may be in"
                                    + " PGPASSWORD. Not needed if the configuration file has the shard.")
                    @Nullable
                    String url,
            @Option(
                            names = "--weight",
                            paramLabel = "W",
                            defaultValue = "1",
                            description = "2 takes twice the rows of 1 (default: ${DEFAULT-VALUE}).")
                    int weight,
            @Option(names = "--wait", description = "Show the moves until they are over.") boolean waits)
            throws Exception {
        Configuration configuration = options.load();
        ShardConfiguration known = HomeOptions.entry(configuration, name);
        if (url == null && known == null) {
            throw new CommandException(
                    ExitCode.USAGE, "where is shard " + name + "?", "Add postgresql://user@host:port/database.", null);
        }
        ShardConfiguration shard =
                url == null ? Objects.requireNonNull(known).withWeight(weight) : HomeOptions.parse(name, url, weight);
        ShardAdministration administration = HomeOptions.administration(configuration);
        return planned(administration, administration.add(shard), "shard " + name + " joins", waits);
    }

    @Command(
            name = "remove",
            description = "Move all rows of a shard to the others, and take it away.",
            sortOptions = false)
    int remove(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NAME", description = "Not the home shard.") String name,
            @Option(names = "--wait", description = "Show the moves until they are over.") boolean waits)
            throws Exception {
        ShardAdministration administration = options.administration();
        return planned(administration, administration.remove(name), "shard " + name + " leaves", waits);
    }

    @Command(name = "weight", description = "Give a shard another share of the rows.", sortOptions = false)
    int weight(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NAME", description = "Of the shard.") String name,
            @Parameters(paramLabel = "W", description = "2 takes twice the rows of 1.") int weight,
            @Option(names = "--wait", description = "Show the moves until they are over.") boolean waits)
            throws Exception {
        ShardAdministration administration = options.administration();
        return planned(
                administration,
                administration.weigh(name, weight),
                "shard " + name + " has weight " + weight + " from now on",
                waits);
    }

    private int planned(ShardAdministration administration, List<JournalEntry> moves, String what, boolean waits)
            throws Exception {
        var out = spec.commandLine().getOut();
        double share = moves.stream().mapToDouble(move -> move.arcs().share()).sum();
        out.println(what + ": " + moves.size() + (moves.size() == 1 ? " move" : " moves") + " of "
                + String.format(Locale.ROOT, "%.1f", 100 * share) + " % of the ring"
                + (waits || moves.isEmpty() ? "" : "; pgring reshard status --watch shows them"));
        out.flush();
        return !waits || new MoveWatch(administration, out).run() ? ExitCode.OK : ExitCode.FAILED;
    }

    @Command(name = "list", description = "Show the shards, their state and share.", sortOptions = false)
    int list(@Mixin HomeOptions options, @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        ShardAdministration.State state = options.administration().state();
        Topology topology = state.topology();
        Placement placement = topology.placement();
        List<ShardLine> lines = new ArrayList<>();
        for (Shard shard : placement.members()) {
            ShardConfiguration configuration = shard.configuration();
            lines.add(new ShardLine(
                    shard.name(),
                    configuration.host(),
                    configuration.port(),
                    configuration.database(),
                    configuration.user(),
                    configuration.weight(),
                    placement.membershipOf(shard).word(),
                    topology.shareOf(shard)));
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(lines));
            return ExitCode.OK;
        }
        BarChart chart = new BarChart();
        for (ShardLine line : lines) {
            chart.add(
                    line.name(),
                    line.share(),
                    line.state() + "  weight " + line.weight() + "  " + line.host() + ":" + line.port() + "/"
                            + line.database());
        }
        chart.lines(Terminal.showsBlocks()).forEach(out::println);
        if (state.open().isEmpty()) {
            placement.members().stream()
                    .filter(shard -> placement.membershipOf(shard) == Membership.JOINING)
                    .forEach(shard -> out.println("shard " + shard.name() + " has not been added to its end: "
                            + ShardAdministration.whatHelps(shard.name())));
        }
        return ExitCode.OK;
    }
}

package io.pgring.proxy.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.reshard.PlanFigures;
import io.pgring.proxy.reshard.RingChangeException;
import io.pgring.proxy.reshard.RingPlan;
import io.pgring.proxy.reshard.ShardAdministration;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a change of the ring would move. */
@Command(
        name = "plan",
        description = "Show what adding, removing or weighing a shard would move. Changes nothing.",
        sortOptions = false)
final class PlanCommand implements Callable<Integer> {
    /** One of them. */
    static final class Change {
        @Option(names = "--add", paramLabel = "NAME", required = true, description = "A new shard.")
        private @Nullable String add;

        @Option(names = "--remove", paramLabel = "NAME", required = true, description = "A shard less.")
        private @Nullable String remove;

        @Option(
                names = "--reweigh",
                paramLabel = "NAME",
                required = true,
                description = "Another --weight for a shard.")
        private @Nullable String reweigh;
    }

    /** One move, as in {@code --json}. */
    record PlanLine(String source, String target, int arcs, double share, long rows, long bytes, boolean counted) {}

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private HomeOptions home = new HomeOptions();

    @ArgGroup(multiplicity = "1")
    private Change change = new Change();

    @Option(
            names = "--weight",
            paramLabel = "W",
            defaultValue = "1",
            description = "Of the shard that is added or weighed anew (default: ${DEFAULT-VALUE}).")
    private int weight;

    @Option(names = "--count", description = "Count the rows, instead of asking the servers for an estimate.")
    private boolean count;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Configuration configuration = home.load();
        ShardAdministration administration = HomeOptions.administration(configuration);
        ShardAdministration.State state = administration.state();
        RingPlan plan = plan(configuration, administration, state);
        List<PlanFigures> figures =
                PlanFigures.of(plan, state.topology(), ShardLogin::open, configuration.pool(), count);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            List<PlanLine> lines = figures.stream()
                    .map(one -> new PlanLine(
                            one.move().source(),
                            one.move().target(),
                            one.move().arcs().ranges(),
                            one.share(),
                            one.rows(),
                            one.bytes(),
                            one.counted()))
                    .toList();
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(lines));
        } else {
            print(out, plan, figures);
        }
        return ExitCode.OK;
    }

    private RingPlan plan(
            Configuration configuration, ShardAdministration administration, ShardAdministration.State state)
            throws RingChangeException, CommandException {
        if (change.add != null) {
            ShardConfiguration known = HomeOptions.entry(configuration, change.add);
            ShardConfiguration joining = known == null
                    ? HomeOptions.parse(change.add, "postgresql://not-looked-at.invalid", weight)
                    : known.withWeight(weight);
            return administration.planAdd(state, joining);
        }
        if (change.remove != null) {
            return administration.planRemove(state, change.remove);
        }
        return administration.planWeight(state, String.valueOf(change.reweigh), weight);
    }

    private static void print(PrintWriter out, RingPlan plan, List<PlanFigures> figures) {
        for (PlanFigures one : figures) {
            out.println(String.format(
                    Locale.ROOT,
                    "%s > %s  %d arcs  %.2f %% of the ring  %s%,d rows  about %s",
                    one.move().source(),
                    one.move().target(),
                    one.move().arcs().ranges(),
                    100 * one.share(),
                    one.counted() ? "" : "about ",
                    one.rows(),
                    MoveLine.size(one.bytes())));
        }
        out.println(String.format(
                Locale.ROOT,
                "%d moves, %.2f %% of the ring, %,d rows",
                figures.size(),
                100 * plan.shareMoved(),
                figures.stream().mapToLong(PlanFigures::rows).sum()));
    }
}

package io.pgring.proxy.app;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.reshard.ReferenceCopies;
import io.pgring.proxy.reshard.ReferenceCopies.Copy;
import io.pgring.proxy.reshard.RingChangeException;
import io.pgring.proxy.reshard.RowRepair;
import io.pgring.proxy.reshard.RowRepair.Repaired;
import io.pgring.proxy.reshard.ShardAdministration;
import io.pgring.proxy.reshard.Verification;
import io.pgring.proxy.reshard.Verification.Finding;
import io.pgring.proxy.topology.Topology;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks whether every row is on the shard that owns it, and reference tables are the same on all. */
@Command(
        name = "verify",
        description = {
            "Look at every row of the sharded tables: is it on the shard that owns it? And at reference tables: are they the"
                    + " same on all shards?",
            "Fails if not."
        },
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(
            names = "--repair",
            description =
                    "Bring misplaced rows to their shard, after asking, but for one whose primary key is there already. Copy"
                            + " reference tables that differ from the home shard, likewise.")
    private boolean repair;

    @Option(names = "--yes", description = "Don't ask.")
    private boolean yes;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    private final BufferedReader answers =
            new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));

    @Override
    public Integer call() throws Exception {
        Configuration configuration = home.load();
        ShardAdministration administration = HomeOptions.administration(configuration);
        administration.requireAllTables();
        Supplier<Topology> topology = () -> topology(administration);
        Verification verification = new Verification(topology, ShardLogin::open, configuration.pool());
        ReferenceCopies references = new ReferenceCopies(
                topology, ShardLogin::open, configuration.pool(), HomeOptions.furnishing(configuration));
        PrintWriter out = spec.commandLine().getOut();
        Found found = new Found(verification.run(), references.look());
        print(out, found);
        if (repair && !found.isRight()) {
            if (found.misplaced() > 0 && isWanted(out, "Bring the rows to their shards?")) {
                printRepaired(out, new RowRepair(topology, ShardLogin::open, configuration.pool()).run(found.tables()));
            }
            if (found.differing() > 0
                    && isWanted(out, "Copy reference tables from the home shard where they differ?")) {
                references.repair(found.copies());
            }
            found = new Found(verification.run(), references.look());
            print(out, found);
        }
        return found.isRight() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** All that there is to tell. */
    private record Found(List<Finding> tables, List<Copy> copies) {
        long misplaced() {
            return tables.stream().mapToLong(Finding::misplaced).sum();
        }

        long differing() {
            return copies.stream().filter(copy -> !copy.same()).count();
        }

        @JsonIgnore
        boolean isRight() {
            return misplaced() == 0 && differing() == 0;
        }
    }

    private static Topology topology(ShardAdministration administration) {
        try {
            return administration.state().topology();
        } catch (SQLException | RingChangeException e) {
            throw new IllegalStateException("the catalog can't be read: " + e.getMessage(), e);
        }
    }

    private void print(PrintWriter out, Found found) throws IOException {
        if (json) {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(found));
            return;
        }
        for (Finding finding : found.tables()) {
            out.println(String.format(
                    Locale.ROOT,
                    "%s on %s: %,d rows%s%s",
                    finding.table(),
                    finding.shard(),
                    finding.rows(),
                    finding.hidden() == 0 ? "" : String.format(Locale.ROOT, ", %,d of them copies", finding.hidden()),
                    finding.misplaced() == 0
                            ? ""
                            : String.format(Locale.ROOT, ", %,d MISPLACED", finding.misplaced())));
        }
        for (Copy copy : found.copies()) {
            out.println(copy.table() + " on " + copy.shard()
                    + (copy.same() ? ": as on the home shard" : ": DIFFERS from the home shard"));
        }
        out.println(
                found.misplaced() == 0
                        ? "every row is on its shard"
                        : String.format(Locale.ROOT, "%,d rows are not on their shard", found.misplaced()));
        if (found.differing() > 0) {
            out.println(found.differing() + " copies of reference tables are not as on the home shard");
        }
        out.flush();
    }

    private static void printRepaired(PrintWriter out, List<Repaired> repaired) {
        for (Repaired one : repaired) {
            out.println(String.format(
                    Locale.ROOT,
                    "%s on %s: %,d rows brought to their shard, %,d left",
                    one.table(),
                    one.shard(),
                    one.moved(),
                    one.left()));
        }
    }

    private boolean isWanted(PrintWriter out, String question) throws IOException {
        if (yes) {
            return true;
        }
        out.print(question + " [y/N] ");
        out.flush();
        String answer = answers.readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}

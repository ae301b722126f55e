package io.pgring.proxy.app;

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
                    "Bring misplaced rows to their shard, after asking. A row whose primary key is there already stays.")
    private boolean repair;

    @Option(names = "--yes", description = "Don't ask.")
    private boolean yes;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Configuration configuration = home.load();
        ShardAdministration administration = HomeOptions.administration(configuration);
        administration.requireAllTables();
        Supplier<Topology> topology = () -> topology(administration);
        Verification verification = new Verification(topology, ShardLogin::open, configuration.pool());
        ReferenceCopies references = new ReferenceCopies(topology, HomeOptions.furnishing(configuration));
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = verification.run();
        if (!json) {
            print(out, findings);
        }
        if (misplaced(findings) > 0 && repair && (yes || isWanted(out))) {
            printRepaired(out, new RowRepair(topology, ShardLogin::open, configuration.pool()).run(findings));
            findings = verification.run();
            if (!json) {
                print(out, findings);
            }
        }
        Found found = new Found(findings, references.look());
        if (json) {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(found));
        } else {
            printCopies(out, found.copies());
        }
        return misplaced(findings) == 0 && differing(found.copies()) == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    /** All that there is to tell. */
    private record Found(List<Finding> tables, List<Copy> copies) {}

    private static long misplaced(List<Finding> findings) {
        return findings.stream().mapToLong(Finding::misplaced).sum();
    }

    private static long differing(List<Copy> copies) {
        return copies.stream().filter(copy -> !copy.same()).count();
    }

    private static Topology topology(ShardAdministration administration) {
        try {
            return administration.state().topology();
        } catch (SQLException | RingChangeException e) {
            throw new IllegalStateException("the catalog can't be read: " + e.getMessage(), e);
        }
    }

    private static void print(PrintWriter out, List<Finding> findings) {
        for (Finding finding : findings) {
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
        long misplaced = misplaced(findings);
        out.println(
                misplaced == 0
                        ? "every row is on its shard"
                        : String.format(Locale.ROOT, "%,d rows are not on their shard", misplaced));
        out.flush();
    }

    private static void printCopies(PrintWriter out, List<Copy> copies) {
        for (Copy copy : copies) {
            out.println(copy.table() + " on " + copy.shard()
                    + (copy.same() ? ": as on the home shard" : ": DIFFERS from the home shard"));
        }
        long differing = differing(copies);
        if (differing > 0) {
            out.println(String.format(
                    Locale.ROOT,
                    "%,d copies of reference tables are not as on the home shard; make them the same on the servers",
                    differing));
        } else if (!copies.isEmpty()) {
            out.println("every reference table is the same on all shards");
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

    private static boolean isWanted(PrintWriter out) throws IOException {
        out.print("Bring them to their shards? [y/N] ");
        out.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}

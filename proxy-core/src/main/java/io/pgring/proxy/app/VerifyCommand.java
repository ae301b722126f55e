package io.pgring.proxy.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgring.proxy.config.Configuration;
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

/** Looks whether every row is on the shard that owns it. */
@Command(
        name = "verify",
        description = {
            "Look at every row of the sharded tables: is it on the shard that owns it?",
            "Fails if one is not."
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
        Supplier<Topology> topology = () -> topology(administration);
        Verification verification = new Verification(topology, ShardLogin::open, configuration.pool());
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = verification.run();
        print(out, findings);
        if (misplaced(findings) > 0 && repair && (yes || isWanted(out))) {
            List<Repaired> repaired = new RowRepair(topology, ShardLogin::open, configuration.pool()).run(findings);
            for (Repaired one : repaired) {
                out.println(String.format(
                        Locale.ROOT,
                        "%s on %s: %,d rows brought to their shard, %,d left",
                        one.table(),
                        one.shard(),
                        one.moved(),
                        one.left()));
            }
            findings = verification.run();
            print(out, findings);
        }
        return misplaced(findings) == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Topology topology(ShardAdministration administration) {
        try {
            return administration.state().topology();
        } catch (SQLException | RingChangeException e) {
            throw new IllegalStateException("the catalog can't be read: " + e.getMessage(), e);
        }
    }

    private static long misplaced(List<Finding> findings) {
        return findings.stream().mapToLong(Finding::misplaced).sum();
    }

    private void print(PrintWriter out, List<Finding> findings) throws IOException {
        if (json) {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(findings));
            return;
        }
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

    private static boolean isWanted(PrintWriter out) throws IOException {
        out.print("Bring them to their shards? [y/N] ");
        out.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}

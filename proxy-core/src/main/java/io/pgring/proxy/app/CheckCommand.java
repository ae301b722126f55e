package io.pgring.proxy.app;

import io.pgring.proxy.authentication.AuthenticationSettings;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.ReferenceTable;
import io.pgring.proxy.topology.ShardInspection;
import io.pgring.proxy.topology.ShardedTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says whether a configuration is valid and, when asked, whether its shards can be used. */
@Command(
        name = "check",
        description = "Validate the configuration file and, with --connect, every shard that it names.",
        sortOptions = false)
final class CheckCommand implements Callable<Integer> {
    private static final int THREADS_MAX = 16;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationFile file = new ConfigurationFile();

    @Option(names = "--connect", description = "Log in to every shard: version, encoding, tables, key columns.")
    private boolean connect;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Configuration configuration = file.load();
        AuthenticationSettings.load(configuration.clients());
        long references = configuration.tables().stream()
                .filter(TableConfiguration::isReference)
                .count();
        out.println(file.path() + " is valid: " + counted(configuration.shards().size(), "shard") + ", "
                + counted(configuration.tables().size() - references, "sharded table")
                + (references == 0 ? "" : ", " + counted(references, "reference table")));
        if (!connect) {
            return ExitCode.OK;
        }
        List<ShardInspection> inspections = inspect(configuration);
        inspections.forEach(inspection -> print(out, inspection, inspections.size() > 1));
        List<String> differences = differences(inspections);
        differences.forEach(difference -> out.println("problem: " + difference));
        boolean usable = inspections.stream()
                .allMatch(inspection -> inspection.problems().isEmpty());
        return usable && differences.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static List<ShardInspection> inspect(Configuration configuration) {
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(THREADS_MAX, configuration.shards().size()));
        try {
            return ShardInspection.ofAll(configuration, ShardLogin::open, threads);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void print(PrintWriter out, ShardInspection inspection, boolean among) {
        ShardConfiguration shard = inspection.shard();
        String server = inspection.server().isEmpty() ? "" : "  " + inspection.server();
        out.println(shard.name() + "  " + shard.host() + ":" + shard.port() + "/" + shard.database() + server
                + (inspection.problems().isEmpty() ? "  ok" : ""));
        Catalog catalog = inspection.catalog();
        if (catalog != null) {
            for (ReferenceTable table : catalog.references()) {
                out.println("  " + table.qualifiedName() + ": reference table");
            }
            for (ShardedTable table : catalog.sharded()) {
                String type = table.keyType().name().toLowerCase(Locale.ROOT);
                out.println("  " + table.definition().qualifiedName() + ": key type " + type);
            }
        }
        inspection.problems().forEach(problem -> out.println("  problem: " + problem));
        if (among) {
            inspection.warnings().forEach(warning -> out.println("  warning: " + warning));
        }
    }

    /** Tables that are not the same on all shards: equal keys would have different tokens, or equal rows other columns. */
    private static List<String> differences(List<ShardInspection> inspections) {
        List<String> differences = new ArrayList<>();
        Catalog first = null;
        for (ShardInspection inspection : inspections) {
            Catalog catalog = inspection.catalog();
            if (catalog == null || !inspection.problems().isEmpty()) {
                continue;
            }
            first = first == null ? catalog : first;
            String difference = catalog.differenceTo(first);
            if (!difference.isEmpty()) {
                differences.add("shard " + inspection.shard().name() + ": " + difference);
            }
        }
        return differences;
    }

    private static String counted(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}

package io.pgring.proxy.app;

import io.pgring.proxy.app.load.LoadPlan;
import io.pgring.proxy.app.load.LoadResult;
import io.pgring.proxy.app.load.LoadRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes keys through the proxy, reads them back, and checks every value. */
@Command(
        name = "load",
        description = {
            "Write keys through the proxy, read them back, and check every value.",
            "Fails if there was an error or a wrong value. The password is taken from PGPASSWORD."
        },
        sortOptions = false)
final class LoadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Option(
            names = "--table",
            defaultValue = "kv",
            description = "Has columns key and value (default: ${DEFAULT-VALUE}).")
    private String table = "";

    @Option(
            names = "--prefix",
            defaultValue = "user_",
            description = "What keys begin with; a number follows (default: ${DEFAULT-VALUE}).")
    private String prefix = "user_";

    @Option(names = "--keys", defaultValue = "50000", description = "How many keys (default: ${DEFAULT-VALUE}).")
    private int keys;

    @Option(names = "--clients", defaultValue = "16", description = "How many connections (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--read-ratio",
            paramLabel = "R",
            defaultValue = "1",
            description = "After the first write of every key, part of the visits that read, 0 to 1; the others write"
                    + " again (default: ${DEFAULT-VALUE}).")
    private double readRatio;

    @Option(
            names = "--seconds",
            defaultValue = "0",
            description = "How long to go on visiting keys (default: until each was visited once).")
    private int seconds;

    @Option(
            names = "--value-bytes",
            paramLabel = "BYTES",
            defaultValue = "100",
            description = "Least length of a value (default: ${DEFAULT-VALUE}).")
    private int valueBytes;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "Ask the proxy's HTTP port how many rows each shard has.")
    private @Nullable String http;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Compute from this configuration how many of the keys each shard has.")
    private @Nullable Path config;

    @Override
    public Integer call() throws Exception {
        checkOptions();
        ShardDistribution computed = config == null ? null : ShardDistribution.ofRing(config, plan()::key, keys);
        PrintWriter out = spec.commandLine().getOut();
        LoadResult result;
        try {
            result = new LoadRun(plan(), new ProgressDisplay(spec.commandLine().getErr())).run();
        } catch (SQLException e) {
            throw ProxyOptions.unreachable(e);
        }
        LoadReport.print(out, result);
        if (http != null) {
            print(out, ShardDistribution.ofHttp(http, table));
        }
        if (computed != null) {
            print(out, computed);
        }
        return result.isGood() ? ExitCode.OK : ExitCode.FAILED;
    }

    private LoadPlan plan() {
        Map<String, String> properties = new HashMap<>();
        proxy.properties("pgring load").forEach((key, value) -> properties.put(key.toString(), value.toString()));
        long seed = System.currentTimeMillis();
        return new LoadPlan(
                proxy.target(), properties, table, prefix, keys, clients, readRatio, seconds, valueBytes, seed);
    }

    private void checkOptions() {
        check(keys >= 1 && keys <= 100_000_000, "--keys must be between 1 and 100000000");
        check(clients >= 1 && clients <= 10_000, "--clients must be between 1 and 10000");
        check(readRatio >= 0 && readRatio <= 1, "--read-ratio must be between 0 and 1");
        check(seconds >= 0 && seconds <= 86_400, "--seconds must be between 0 and 86400");
        check(valueBytes >= 0 && valueBytes <= 16 << 20, "--value-bytes must be between 0 and 16777216");
        proxy.check(spec);
        check(http == null || http.matches("\\S+:\\d{1,5}"), "--http must be HOST:PORT, such as 127.0.0.1:8080");
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private static void print(PrintWriter out, ShardDistribution distribution) {
        out.println(distribution.title());
        distribution.chart().lines(Terminal.showsBlocks()).forEach(out::println);
    }
}

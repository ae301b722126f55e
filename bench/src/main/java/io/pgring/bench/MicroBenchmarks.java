package io.pgring.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every benchmark of this package and prints a table. Exit code 1 when one of them allocates that should not: that does not
 * depend on the machine, as times do. What is too slow is only said.
 */
public final class MicroBenchmarks {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private static final int WARM_UPS = 5;
    private static final int MEASUREMENTS = 5;
    private static final int FORKS = 3;
    private static final int MEASUREMENTS_QUICK = 3;
    /** JMH allocates some kilobytes for each, which must vanish among the operations. */
    private static final TimeValue ITERATION = TimeValue.seconds(1);

    private MicroBenchmarks() {}

    /**
     * Runs and ends the program.
     *
     * @param args none, or {@code --quick}: a glance, too short to judge by
     */
    public static void main(String[] args) throws RunnerException {
        List<String> options = List.of(args);
        if (!options.isEmpty() && !options.equals(List.of("--quick"))) {
            System.err.println("usage: scripts/pgring bench micro [--quick]");
            System.exit(USAGE);
        }
        Map<String, Measurement> measurements = run(!options.isEmpty());
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.print(new MeasurementTable(measurements).text());
        boolean allocates = Limit.ALL.stream().anyMatch(limit -> {
            Measurement measurement = measurements.get(limit.benchmark());
            return measurement != null && limit.isBrokenBy(measurement);
        });
        boolean complete = measurements.size() == Limit.ALL.size();
        if (allocates || !complete) {
            System.err.println(allocates ? "an operation allocates" : "not every benchmark could be run");
        }
        System.exit(allocates || !complete ? FAILED : OK);
    }

    private static Map<String, Measurement> run(boolean quick) throws RunnerException {
        Map<String, Measurement> measurements = new HashMap<>();
        for (int i = 0; i < Limit.ALL.size(); i++) {
            Limit limit = Limit.ALL.get(i);
            System.err.println("[" + (i + 1) + "/" + Limit.ALL.size() + "] " + limit.title());
            ChainedOptionsBuilder options = new OptionsBuilder()
                    .include("^io\\.pgring\\.bench\\." + limit.benchmark().replace(".", "\\.") + "$")
                    .addProfiler(GCProfiler.class)
                    .forks(quick ? 1 : FORKS)
                    .warmupIterations(WARM_UPS)
                    .warmupTime(ITERATION)
                    .measurementIterations(quick ? MEASUREMENTS_QUICK : MEASUREMENTS)
                    .measurementTime(ITERATION)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT);
            for (RunResult result : new Runner(options.build()).run()) {
                measurements.put(limit.benchmark(), Measurement.of(result));
            }
        }
        return measurements;
    }
}

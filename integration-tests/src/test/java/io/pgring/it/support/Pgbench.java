package io.pgring.it.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The pgbench program, without its own tables. */
public final class Pgbench {
    private Pgbench() {}

    /** Runs it against a proxy with these arguments, until it ends. */
    public static ProgramResult run(Cluster cluster, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("pgbench", "--no-vacuum"));
        command.addAll(List.of(arguments));
        try (RunningProgram program = RunningProgram.start(cluster.psql().environment(), command)) {
            program.endInput();
            return program.finish();
        }
    }
}

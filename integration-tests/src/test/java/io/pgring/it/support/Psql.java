package io.pgring.it.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The psql program, connected to the proxy or a server as {@code postgres}. Reads no start-up file, and no setting of the user's
 * environment but the search path.
 */
public final class Psql {
    private final String host;
    private final int port;
    private final String database;

    Psql(String host, int port, String database) {
        this.host = host;
        this.port = port;
        this.database = database;
    }

    /** Runs a script from its standard input, with these arguments. */
    public ProgramResult script(String input, String... arguments) throws IOException, InterruptedException {
        try (RunningProgram program = start(arguments)) {
            program.type(input);
            program.endInput();
            return program.finish();
        }
    }

    /** Runs it with these arguments and an empty input. */
    public ProgramResult run(String... arguments) throws IOException, InterruptedException {
        return script("", arguments);
    }

    /** Starts it with these arguments. */
    public RunningProgram start(String... arguments) {
        List<String> command = new ArrayList<>(List.of("psql", "--no-psqlrc"));
        command.addAll(List.of(arguments));
        return RunningProgram.start(environment(), command);
    }

    /** The variables that tell any program of libpq where to connect. */
    public Map<String, String> environment() {
        return Map.of(
                "PGHOST", host,
                "PGPORT", Integer.toString(port),
                "PGUSER", "postgres",
                "PGDATABASE", database,
                "PGCLIENTENCODING", "UTF8",
                "PGSSLMODE", "prefer",
                "PAGER", "",
                "LC_ALL", "C.UTF-8",
                "PSQL_HISTORY", "/dev/null");
    }
}

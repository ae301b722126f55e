package io.pgring.demo;

import io.pgring.proxy.app.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that no server outlives this program, even one that is killed. A shell waits at the end of a pipe that this
 * program holds open; when the pipe breaks, it stops the servers.
 */
final class Watchdog implements AutoCloseable {
    private static final String SCRIPT = """
            trap '' HUP INT QUIT TERM
            while read -r line; do :; done
            as=$1; control=$2; temporary=$3
            shift 3
            for data in "$@"; do $as "$control" -D "$data" -m fast -W stop; done
            if [ -n "$temporary" ]; then
              for data in "$@"; do $as "$control" -D "$data" -m immediate -t 30 -w stop; done
              rm -rf -- "$temporary"
            fi
            """;

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Process process;

    private Watchdog(Process process) {
        this.process = process;
    }

    /**
     * Begins to watch.
     *
     * @param temporary folder to be deleted with the servers, or null
     * @param servers folders of the servers
     */
    static Watchdog start(PostgresBinaries binaries, @Nullable Path temporary, List<Path> servers)
            throws StartupException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            // Out of reach of signals to the process group of the terminal.
            command.add(SETSID.toString());
        }
        command.addAll(List.of("sh", "-c", SCRIPT, "sh"));
        command.add(String.join(" ", Program.unprivileged()));
        command.add(binaries.pgCtl());
        command.add(temporary == null ? "" : temporary.toString());
        servers.forEach(server -> command.add(server.toString()));
        try {
            return new Watchdog(new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new StartupException("can't run sh: " + e.getMessage(), null, e);
        }
    }

    /** Ends the watch, when the servers are stopped. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}

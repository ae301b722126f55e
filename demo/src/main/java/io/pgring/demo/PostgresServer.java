package io.pgring.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgring.proxy.app.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One PostgreSQL server with a folder of its own. {@code pg_ctl} gives it a session of its own too, so Ctrl-C in the
 * terminal does not reach it, and it lives until it is told to stop.
 */
final class PostgresServer {
    /** The role that owns everything. */
    static final String SUPERUSER = "postgres";

    private static final Pattern COMPLAINT = Pattern.compile(
            "FATAL:|PANIC:|could not bind|invalid value|unrecognized configuration parameter|is outside the valid");
    private static final int PORTS_MAX = 5;
    private static final String SETTINGS_FILE = "pgring.conf";
    private static final String STOP_SECONDS_MAX = "30";
    private static final String START_SECONDS_MAX = "100";

    private final PostgresBinaries binaries;
    private final Path data;
    private final Path log;
    private final Map<String, String> settings;
    private int port;
    private boolean running;
    private boolean closed;

    /**
     * @param data folder of the server; made on first start
     * @param log file that the server's messages go to
     * @param settings of {@code postgresql.conf}, except the port
     */
    PostgresServer(PostgresBinaries binaries, Path data, Path log, Map<String, String> settings) {
        this.binaries = binaries;
        this.data = data;
        this.log = log;
        this.settings = Map.copyOf(settings);
    }

    Path data() {
        return data;
    }

    /** The port that it listens on, the same at every start; 0 before the first. */
    synchronized int port() {
        return port;
    }

    /** Starts the server and waits until it accepts connections; does nothing when it runs already. */
    synchronized void start() throws StartupException {
        if (closed) {
            throw new StartupException("the servers are being stopped", null);
        }
        if (running) {
            return;
        }
        try {
            initialize();
            stopOrphan();
            for (int attempt = 1; !running; attempt++) {
                boolean portIsMine = port != 0;
                int candidate = portIsMine ? port : FreePort.choose();
                running = tryStart(candidate, portIsMine || attempt == PORTS_MAX);
                port = running ? candidate : port;
            }
        } catch (IOException e) {
            throw new StartupException("can't write to " + data + ": " + e, null, e);
        }
    }

    /** Stops the server, open connections too, and waits for it; does nothing when it does not run. */
    synchronized void stop() throws StartupException {
        if (!running) {
            return;
        }
        if (control("stop", "-m", "fast", "-w", "-t", STOP_SECONDS_MAX).exitCode() != 0) {
            Program.Result result = control("stop", "-m", "immediate", "-w", "-t", STOP_SECONDS_MAX);
            if (result.exitCode() != 0 && isUp()) {
                throw new StartupException(
                        "can't stop the server in " + data + ": "
                                + result.output().strip(),
                        null);
            }
        }
        running = false;
    }

    /** Stops the server for good. */
    synchronized void close() throws StartupException {
        closed = true;
        stop();
    }

    private void initialize() throws StartupException, IOException {
        Path versionFile = data.resolve("PG_VERSION");
        if (Files.exists(versionFile)) {
            String version = Files.readString(versionFile).strip();
            if (!version.equals(Integer.toString(binaries.majorVersion()))) {
                throw new StartupException(
                        "the data in " + data + " is of PostgreSQL " + version + ", not " + binaries.majorVersion(),
                        "Start over with --fresh, or choose another folder.");
            }
            return;
        }
        Path unfinished = data.resolveSibling(data.getFileName() + ".new");
        Folders.delete(unfinished);
        List<String> command = Program.unprivileged(
                binaries.initdb(),
                "-D",
                unfinished.toString(),
                "-U",
                SUPERUSER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync");
        // The built-in locale is the same on every system; servers before 17 have only that of the C library.
        command.addAll(
                binaries.majorVersion() >= 17
                        ? List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
                        : List.of("--locale=C.UTF-8"));
        Program.run(command, "initdb");
        Files.writeString(
                unfinished.resolve("postgresql.conf"),
                "\ninclude '" + SETTINGS_FILE + "'\n",
                StandardOpenOption.APPEND);
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A server that still runs here was left by a program that was killed. */
    private void stopOrphan() throws StartupException {
        if (isUp()) {
            running = true;
            stop();
        }
    }

    private boolean isUp() throws StartupException {
        return control("status").exitCode() == 0;
    }

    private boolean tryStart(int candidate, boolean mustWork) throws StartupException, IOException {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("port", Integer.toString(candidate));
        List<String> lines = new ArrayList<>();
        all.forEach((name, value) -> lines.add(name + " = '" + value.replace("'", "''") + "'"));
        Files.write(data.resolve(SETTINGS_FILE), lines);
        long logged = Files.exists(log) ? Files.size(log) : 0;
        Program.Result result = control("start", "-w", "-t", START_SECONDS_MAX, "-l", log.toString());
        if (result.exitCode() == 0) {
            return true;
        }
        String reason = reason(logged, result.output().strip());
        boolean taken = reason.contains("could not bind") || reason.contains("could not create any TCP/IP sockets");
        if (mustWork || !taken) {
            throw new StartupException(
                    "the PostgreSQL server in " + data + " does not start: " + reason, "See " + log + ".");
        }
        return false;
    }

    /** The first complaint in what the server has logged since; what it has said to clients that came too early is none. */
    private String reason(long from, String otherwise) throws IOException {
        if (!Files.exists(log)) {
            return otherwise;
        }
        byte[] bytes = Files.readAllBytes(log);
        String text =
                new String(bytes, (int) Math.min(from, bytes.length), (int) Math.max(0, bytes.length - from), UTF_8);
        return text.lines()
                .filter(line -> COMPLAINT.matcher(line).find() && !line.contains("the database system is "))
                .findFirst()
                .orElse(otherwise)
                .replaceFirst(".*?(FATAL|PANIC|LOG|WARNING): +", "");
    }

    private Program.Result control(String action, String... options) throws StartupException {
        List<String> command = Program.unprivileged(binaries.pgCtl(), "-D", data.toString());
        command.addAll(List.of(options));
        command.add(action);
        return Program.tryRun(command, "pg_ctl " + action);
    }
}

package io.pgring.it.faults;

import io.pgring.it.support.Eventually;
import io.pgring.it.support.HttpFace;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.RunningProgram;
import io.pgring.proxy.app.Main;
import io.pgring.proxy.config.ShardConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy in a JVM of its own, so that its memory can be bounded and it gets signals. */
public final class ProxyProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("psql -h \\S+ -p (\\d+)");
    private static final Pattern HTTP = Pattern.compile("curl http://127.0.0.1:(\\d+)/stats");

    private static final String TABLES = "tables: [{name: kv, keyColumn: key}]\n";

    private final RunningProgram program;
    private final int port;
    private final int httpPort;

    private ProxyProcess(RunningProgram program, int port, int httpPort) {
        this.program = program;
        this.port = port;
        this.httpPort = httpPort;
    }

    /**
     * Starts a proxy, and waits until clients can connect.
     *
     * @param folder for its configuration
     * @param more further lines of the configuration; its table is {@code kv} unless they name others
     */
    public static ProxyProcess start(Path folder, List<ShardConfiguration> shards, String more, String... jvmOptions)
            throws Exception {
        List<String> serve = List.of(Main.class.getName(), "serve", "--config");
        return start(folder, configuration(shards, more), serve, jvmOptions);
    }

    /** Starts one that knows nothing but the address of the home shard. */
    public static ProxyProcess startWithoutFile(String home) throws Exception {
        return start(List.of(
                Main.class.getName(), "serve", "--home", home, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"));
    }

    /** Starts one that ends at a point of a commit: see {@link CrashingProxy}. */
    static ProxyProcess crashing(Path folder, List<ShardConfiguration> shards, List<String> point) throws Exception {
        List<String> command = new ArrayList<>(List.of(CrashingProxy.class.getName()));
        command.addAll(point);
        return start(folder, configuration(shards, ""), command, "-XX:TieredStopAtLevel=1", "-Xshare:auto");
    }

    /** Starts one that takes orders on its input, by the method {@code main} of a class. */
    public static ProxyProcess obedient(Path folder, List<ShardConfiguration> shards, Class<?> main) throws Exception {
        List<String> command = List.of(main.getName());
        return start(folder, configuration(shards, ""), command, "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx128m");
    }

    /** @param main the class and its arguments, of which the last one follows: the file of the configuration */
    private static ProxyProcess start(Path folder, String yaml, List<String> main, String... jvmOptions)
            throws Exception {
        Path configuration = folder.resolve("pgring.yaml");
        Files.writeString(configuration, yaml);
        List<String> arguments = new ArrayList<>(main);
        arguments.add(configuration.toString());
        return start(arguments, jvmOptions);
    }

    private static ProxyProcess start(List<String> main, String... jvmOptions) throws Exception {
        // A build in the background, by nohup, hands on that SIGHUP is ignored; then no JVM can hear it.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(main);
        RunningProgram program = RunningProgram.start(Map.of(), command);
        try {
            Eventually.holds(
                    "the proxy listens", () -> HTTP.matcher(program.output()).find());
            return new ProxyProcess(program, port(PORT, program), port(HTTP, program));
        } catch (RuntimeException | Error e) {
            program.close();
            throw e;
        }
    }

    private static int port(Pattern pattern, RunningProgram program) {
        Matcher found = pattern.matcher(program.output());
        if (!found.find()) {
            throw new AssertionError(program.output() + program.error());
        }
        return Integer.parseInt(found.group(1));
    }

    /**
     * The text of a configuration with one event loop and free ports.
     *
     * @param more further lines; its table is {@code kv} unless they name others
     */
    public static String configuration(List<ShardConfiguration> shards, String more) {
        StringBuilder yaml = new StringBuilder("threads: 1\n");
        if (!more.contains("listen:")) {
            yaml.append("listen: {postgresql: \"127.0.0.1:0\", http: \"127.0.0.1:0\"}\n");
        }
        if (!more.contains("tables:")) {
            yaml.append(TABLES);
        }
        yaml.append(more).append("shards:\n");
        for (ShardConfiguration shard : shards) {
            yaml.append("  - {name: ").append(shard.name());
            yaml.append(", host: ").append(shard.host());
            yaml.append(", port: ").append(shard.port());
            yaml.append(", database: ").append(shard.database());
            yaml.append(", user: ").append(shard.user()).append("}\n");
        }
        return yaml.toString();
    }

    /** Port of the PostgreSQL protocol, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Its HTTP port. */
    public HttpFace http() {
        return new HttpFace(httpPort);
    }

    /** Its process id. */
    public long pid() {
        return program.pid();
    }

    /** Sends it a signal, such as {@code TERM}. */
    public void signal(String name) throws IOException, InterruptedException {
        program.signal(name);
    }

    /** Waits until it ends by itself. */
    public ProgramResult finish() throws InterruptedException {
        return program.finish();
    }

    /** Writes to its input. */
    public void type(String line) throws IOException {
        program.type(line);
    }

    /** What it has written so far. */
    public String output() {
        return program.output();
    }

    /** What it has complained about so far. */
    public String log() {
        return program.error();
    }

    /** Waits until it has ended by itself. */
    int awaitEnd() throws InterruptedException {
        return program.finish().exitCode();
    }

    /** Kills it: it can't end anything that it has begun. */
    @Override
    public void close() {
        program.close();
    }
}

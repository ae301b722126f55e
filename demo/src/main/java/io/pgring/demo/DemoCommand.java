package io.pgring.demo;

import io.pgring.proxy.app.CommandException;
import io.pgring.proxy.app.ExitCode;
import io.pgring.proxy.app.Foreground;
import io.pgring.proxy.app.PgRing;
import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.Endpoint;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.Listen;
import io.pgring.proxy.config.MovesConfiguration;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.PoolModes;
import io.pgring.proxy.config.RingConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts everything that it takes to try PgRing: servers, the proxy in front of them, and a table. */
@Command(
        name = "demo",
        description = "Start PostgreSQL servers and a proxy in front of them, to try; nothing needs to be installed.",
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final String HOST = "127.0.0.1";
    private static final int SHARDS = 3;
    private static final String TABLE = "CREATE TABLE IF NOT EXISTS kv (key text PRIMARY KEY, value text)";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--fresh", description = "Start over: delete the data of earlier demos in this folder.")
    private boolean fresh;

    @Option(names = "--shards", paramLabel = "N", description = "How many servers (default: as many as before, or 3).")
    private @Nullable Integer shards;

    @Option(names = "--port", defaultValue = "6432", description = "Port of the proxy (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--http-port",
            defaultValue = "8080",
            description = "HTTP port of the proxy (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = ".pgring",
            description = "Where the data is kept (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".pgring");

    @Option(
            names = "--postgres-bin",
            paramLabel = "FOLDER",
            description = "Use the PostgreSQL server whose initdb is here, not the one that comes with PgRing.")
    private @Nullable Path postgresBin;

    @Override
    public Integer call() throws Exception {
        checkPort("--port", port);
        checkPort("--http-port", httpPort);
        if (port != 0 && port == httpPort) {
            throw new ParameterException(spec.commandLine(), "--port and --http-port must differ");
        }
        if (shards != null && (shards < 1 || shards > 64)) {
            throw new ParameterException(spec.commandLine(), "--shards must be between 1 and 64");
        }
        PrintWriter err = spec.commandLine().getErr();
        try (Foreground foreground = new Foreground(err)) {
            EmbeddedShards servers = foreground.closeLater(builder().create());
            err.println("Starting PostgreSQL servers in " + data + " ...");
            servers.start();
            servers.executeEverywhere(TABLE);
            Configuration configuration = configuration(servers.shards());
            PgRing proxy = foreground.closeLater(PgRing.start(configuration));
            foreground.whenHurried(proxy::hurry);
            writeConfiguration(configuration);
            printExamples(proxy, servers.shards().size());
            foreground.awaitSignal();
        } catch (SQLException e) {
            throw new CommandException(ExitCode.FAILED, "can't make the table kv: " + e.getMessage(), null, e);
        }
        return ExitCode.OK;
    }

    private EmbeddedShardsBuilder builder() throws StartupException {
        int present = fresh ? 0 : new DataFolder(data).servers();
        int count = shards != null ? shards : present != 0 ? present : SHARDS;
        EmbeddedShardsBuilder builder =
                EmbeddedShards.builder().count(count).folder(data).fresh(fresh);
        return postgresBin == null ? builder : builder.binaries(PostgresBinaries.installed(postgresBin));
    }

    private void checkPort(String option, int number) throws CommandException {
        if (number < 0 || number > 65_535) {
            throw new ParameterException(spec.commandLine(), option + " must be between 0 and 65535");
        }
        if (number != 0 && !FreePort.isFree(number)) {
            throw new CommandException(
                    "port " + number + " of " + HOST + " is taken",
                    "Choose another with " + option + ", or stop its user.");
        }
    }

    private Configuration configuration(List<ShardConfiguration> members) {
        return new Configuration(
                new Listen(new Endpoint(HOST, port), new Endpoint(HOST, httpPort)),
                EmbeddedShards.DATABASE,
                Clients.DEFAULT.withAdmins(List.of(System.getProperty("user.name", ""), "postgres")),
                members,
                List.of(new TableConfiguration("public", "kv", "key")),
                RingConfiguration.DEFAULT,
                PoolConfiguration.DEFAULT,
                PoolModes.DEFAULT,
                Limits.DEFAULT,
                MovesConfiguration.DEFAULT,
                0);
    }

    /** Leaves a file for the commands that want {@code --config}. */
    private void writeConfiguration(Configuration configuration) throws CommandException {
        StringBuilder yaml = new StringBuilder("# Written by pgring demo at every start.\n");
        yaml.append("listen:\n  postgresql: ").append(configuration.listen().postgresql());
        yaml.append("\n  http: ").append(configuration.listen().http()).append("\nshards:\n");
        for (ShardConfiguration shard : configuration.shards()) {
            yaml.append("  - {name: ").append(shard.name()).append(", host: ").append(shard.host());
            yaml.append(", port: ")
                    .append(shard.port())
                    .append(", user: ")
                    .append(shard.user())
                    .append("}\n");
        }
        yaml.append("tables:\n  - {name: public.kv, keyColumn: key}\n");
        try {
            Files.writeString(data.resolve("pgring.yaml"), yaml);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "can't write to " + data + ": " + e.getMessage(), null, e);
        }
    }

    private void printExamples(PgRing proxy, int count) {
        int sql = proxy.postgresqlAddress().getPort();
        String http = "http://" + HOST + ":" + proxy.httpAddress().getPort();
        PrintWriter out = spec.commandLine().getOut();
        out.println("PgRing is ready: " + count + " shards, kept in " + data + ". Ctrl-C stops it. Try:");
        out.println("  psql -h " + HOST + " -p " + sql + " -U postgres");
        out.println("  jdbc:postgresql://" + HOST + ":" + sql + "/postgres?user=postgres");
        out.println("  curl " + http + "/write -d '{\"key\":\"user_1\",\"value\":\"Alice\"}'");
        out.println("  curl '" + http + "/read?key=user_1'");
        out.println("  " + System.getProperty("pgring.command", "pgring") + " load --port " + sql + " --http " + HOST
                + ":" + proxy.httpAddress().getPort());
        out.flush();
    }
}

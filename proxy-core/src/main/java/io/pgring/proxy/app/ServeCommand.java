package io.pgring.proxy.app;

import io.pgring.proxy.config.Endpoint;
import io.pgring.proxy.config.InvalidValueException;
import io.pgring.proxy.config.Listen;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a proxy until it is told to stop. */
@Command(name = "serve", description = "Run the proxy until Ctrl-C or SIGTERM.", sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "With --home: where clients connect (default: 127.0.0.1:6432). Those of other machines prove who they"
                            + " are by scram-sha-256.")
    private @Nullable String listen;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "With --home: where HTTP is served (default: 127.0.0.1:8080).")
    private @Nullable String http;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (Foreground foreground = new Foreground(spec.commandLine().getErr())) {
            PgRing server = foreground.closeLater(start());
            foreground.whenHurried(server::hurry);
            foreground.whenHungUp(server::reload);
            InetSocketAddress postgresql = server.postgresqlAddress();
            out.println("psql -h " + hostOf(postgresql) + " -p " + postgresql.getPort() + " -d " + server.database());
            out.println("curl http://" + urlHostOf(server.httpAddress()) + "/stats");
            out.flush();
            foreground.awaitSignal();
        }
        return ExitCode.OK;
    }

    private PgRing start() throws Exception {
        Path file = home.path();
        if (file == null) {
            Endpoint postgresql = endpoint("--listen", listen, Listen.DEFAULT.postgresql());
            return PgRing.start(home.load(new Listen(postgresql, endpoint("--http", http, Listen.DEFAULT.http()))));
        }
        if (listen != null || http != null) {
            throw new CommandException(
                    ExitCode.USAGE, "--listen and --http go with --home", "The file says where to listen.", null);
        }
        return PgRing.start(file);
    }

    private static Endpoint endpoint(String option, @Nullable String text, Endpoint otherwise) throws CommandException {
        try {
            return text == null ? otherwise : Endpoint.parse(text);
        } catch (InvalidValueException e) {
            throw new CommandException(ExitCode.USAGE, option + " " + e.problem(), null, e);
        }
    }

    /** A host that a client on this machine can connect to. */
    static String hostOf(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (host.isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        return host.getHostAddress();
    }

    private static String urlHostOf(InetSocketAddress address) {
        String host = hostOf(address);
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}

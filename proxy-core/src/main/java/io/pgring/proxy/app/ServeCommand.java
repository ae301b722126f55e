package io.pgring.proxy.app;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a proxy until it is told to stop. */
@Command(name = "serve", description = "Run the proxy until Ctrl-C or SIGTERM.", sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private HomeOptions home = new HomeOptions();

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
        return file == null ? PgRing.start(home.load()) : PgRing.start(file);
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

package io.pgring.demo;

import io.pgring.proxy.app.CommandException;
import io.pgring.proxy.app.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells a running demo to start one more server. */
@Command(
        name = "add-server",
        description =
                "Start one more PostgreSQL server in a running demo, empty, not on the ring yet. Prints its name and URL.",
        sortOptions = false)
final class AddServerCommand implements Callable<Integer> {
    /** The order. */
    static final String ORDER = "add-server";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = ".pgring",
            description = "Where the demo keeps its data (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".pgring");

    @Override
    public Integer call() throws CommandException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(DemoSocket.order(data, ORDER));
        out.flush();
        return ExitCode.OK;
    }
}

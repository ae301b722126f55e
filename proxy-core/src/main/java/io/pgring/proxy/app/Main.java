package io.pgring.proxy.app;

import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line {@code pgring}. Its commands are the classes named below and those of {@link CommandProvider}s. */
@Command(
        name = "pgring",
        description = "Makes many PostgreSQL servers look like one: each row lives on the shard that a ring chooses.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:the command failed, or found something wrong",
            "2:wrong command line or configuration"
        },
        subcommands = {
            ServeCommand.class,
            CheckCommand.class,
            RingCommand.class,
            ShardCommand.class,
            ReshardCommand.class,
            VerifyCommand.class,
            CountCommand.class,
            LoadCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show where an error happened.")
    private boolean verbose;

    private Main() {}

    /** Runs one command and ends the program with its {@link ExitCode}. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command line, ready to be run, with output that can be redirected. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
            commandLine.addSubcommand(provider.command());
        }
        // Not an annotation: the commands would inherit it.
        commandLine
                .getCommandSpec()
                .usageMessage()
                .footer("%nscripts/pgring bench measures PgRing beside a direct connection and PgBouncer.");
        ErrorReport report = new ErrorReport();
        return commandLine
                .setExecutionExceptionHandler(report)
                .setParameterExceptionHandler(report)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    boolean isVerbose() {
        return verbose;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Name a command: " + String.join(", ", spec.subcommands().keySet()));
    }
}

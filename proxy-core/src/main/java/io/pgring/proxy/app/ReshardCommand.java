package io.pgring.proxy.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.ShardAdministration;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows moves of rows, and stops them. */
@Command(
        name = "reshard",
        description = "Show how far moves of rows are, and abort them.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false)
final class ReshardCommand implements Runnable {
    private static final int LAST = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: status, abort");
    }

    @Command(
            name = "status",
            description = "Show the moves that are open; else the last ones that there were.",
            sortOptions = false)
    int status(
            @Mixin HomeOptions options,
            @Option(names = "--watch", description = "Until all are over. Fails if one of them is aborted.")
                    boolean watch,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        ShardAdministration administration = options.administration();
        if (watch && !json) {
            boolean good = new MoveWatch(administration, out).run();
            out.println("no rows are being moved");
            return good ? ExitCode.OK : ExitCode.FAILED;
        }
        List<JournalEntry> open = administration.open();
        Instant now = Instant.now();
        List<MoveLine> lines = (open.isEmpty() && !json ? administration.moves(LAST) : open)
                .stream().map(move -> MoveLine.of(move, now)).toList();
        if (json) {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(lines));
            return ExitCode.OK;
        }
        if (open.isEmpty()) {
            out.println(lines.isEmpty() ? "no rows are being moved" : "no rows are being moved; the last moves were:");
        }
        lines.forEach(line -> out.println(line.text(Terminal.showsBlocks())));
        return ExitCode.OK;
    }

    @Command(
            name = "abort",
            description = {
                "Take back what is being moved, and drop what was planned together with it.",
                "The ring stays as it is then: pgring shard add or remove, once more, goes on from there.",
                "What can't be taken back on the target because that can't be reached waits until it can; or use --force."
            },
            sortOptions = false)
    int abort(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "ID", arity = "0..1", description = "Of the move; whatever is moved without it.")
                    @Nullable
                    Long id,
            @Option(
                            names = "--force",
                            description =
                                    "The target is lost for good: it is no shard any more. Refused if it can be reached,"
                                            + " or owns rows. To be added once more, its server must have no rows.")
                    boolean force)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        ShardAdministration.Aborted aborted = options.administration().abort(id, force);
        aborted.forsaken()
                .forEach(name -> out.println("shard " + name + " can't be reached, and is no shard any more"));
        aborted.told().forEach(move -> out.println("move " + move.id() + " is taken back"));
        aborted.finishing()
                .forEach(move -> out.println("move " + move.id() + " is past the point of no return, and ends soon"));
        return aborted.told().isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }
}

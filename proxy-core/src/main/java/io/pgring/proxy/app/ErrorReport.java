package io.pgring.proxy.app;

import io.pgring.proxy.config.ConfigurationException;
import io.pgring.proxy.reshard.RingChangeException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells the user what went wrong: one line, a hint when there is one, and a stack trace only when asked for. */
final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong command line");
        print(err, message.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + message.substring(1), null);
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                err.println("hint: Did you mean " + String.join(" or ", suggestions) + "?");
            }
        }
        err.println("hint: " + command.getCommandSpec().qualifiedName() + " --help shows what is possible.");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        PrintWriter err = command.getErr();
        int exitCode = ExitCode.FAILED;
        if (e instanceof CommandException failure) {
            print(err, failure.getMessage(), failure.hint());
            exitCode = failure.exitCode();
        } else if (e instanceof StartupException failure) {
            print(err, failure.getMessage(), failure.hint());
        } else if (e instanceof ConfigurationException failure) {
            print(err, failure.getMessage(), failure.hint());
            exitCode = ExitCode.USAGE;
        } else if (e instanceof RingChangeException failure) {
            print(err, failure.getMessage(), null);
            printLine(err, "detail", failure.detail());
            printLine(err, "hint", failure.hint());
        } else if (e instanceof SQLException failure) {
            print(err, String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given"), null);
        } else {
            print(err, "unexpected error: " + e, isVerbose(command) ? null : "--verbose shows where it happened.");
        }
        if (isVerbose(command)) {
            e.printStackTrace(err);
        }
        err.flush();
        return exitCode;
    }

    private static void print(PrintWriter err, @Nullable String message, @Nullable String hint) {
        err.println("pgring: " + message);
        printLine(err, "hint", hint);
    }

    private static void printLine(PrintWriter err, String title, @Nullable String sentence) {
        if (sentence != null) {
            err.println(title + ": " + sentence);
        }
    }

    private static boolean isVerbose(CommandLine command) {
        CommandLine top = command;
        while (top.getParent() != null) {
            top = top.getParent();
        }
        return top.getCommand() instanceof Main main && main.isVerbose();
    }
}

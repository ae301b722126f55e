package io.pgring.demo;

import io.pgring.proxy.app.StartupException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end. */
final class Program {
    private static final int SECONDS_MAX = 120;

    private Program() {}

    /**
     * The command in a form that PostgreSQL accepts from root, whom it refuses: in a user namespace of its own, where root is
     * nobody. Files and signals are not affected by it.
     */
    static List<String> unprivileged(String... command) {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.add("unshare");
            words.add("--user");
        }
        words.addAll(List.of(command));
        return words;
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /**
     * Runs the command and gives what it printed.
     *
     * @param name for messages
     * @throws StartupException if it can't run, fails, or takes longer than two minutes
     */
    static String run(List<String> command, String name) throws StartupException {
        Result result = tryRun(command, name);
        if (result.exitCode() == 0) {
            return result.output();
        }
        String reason = result.output()
                .lines()
                .filter(line -> !line.isBlank())
                .reduce((first, last) -> last)
                .orElse("");
        String hint = null;
        if (isRoot() && (result.output().contains("unshare") || result.output().contains("cannot be run as root"))) {
            hint = "PostgreSQL refuses to run as root: start this as an ordinary user.";
        }
        throw new StartupException(name + " failed: " + reason.strip(), hint);
    }

    /** Runs the command to its end, whatever it is. */
    static Result tryRun(List<String> command, String name) throws StartupException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
            try {
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                    throw new StartupException(name + " did not end within " + SECONDS_MAX + " seconds", null);
                }
                return new Result(process.exitValue(), output);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new StartupException("can't run " + name + ": " + e.getMessage(), null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException(name + " was interrupted", null, e);
        }
    }

    /** How a program ended, and what it printed. */
    record Result(int exitCode, String output) {}
}

package io.pgring.it.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A client program that runs beside this JVM; its input is an open pipe, its output is read as it comes. */
@SuppressWarnings("JdkObsolete")
public final class RunningProgram implements AutoCloseable {
    private static final int SECONDS_MAX = 300;

    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final StringBuffer error = new StringBuffer();
    private final CompletableFuture<Void> outputRead;
    private final CompletableFuture<Void> errorRead;

    private RunningProgram(Process process) {
        this.process = process;
        this.outputRead = collect(process.getInputStream(), output);
        this.errorRead = collect(process.getErrorStream(), error);
    }

    /**
     * Starts a program that may not be installed: then the test fails in CI (environment variable {@code CI=true}) and is aborted elsewhere.
     *
     * @param environment added to that of this JVM
     */
    public static RunningProgram start(Map<String, String> environment, List<String> command) {
        return start(Path.of("").toAbsolutePath(), environment, command);
    }

    /** Runs a program in a folder, with no input, until it ends. */
    public static ProgramResult run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        try (RunningProgram program = start(folder, environment, command)) {
            program.endInput();
            return program.finish();
        }
    }

    private static RunningProgram start(Path folder, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        try {
            return new RunningProgram(builder.start());
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(command.get(0) + " is needed in CI", e);
            }
            return Assumptions.abort(command.get(0) + " is not installed");
        }
    }

    private static CompletableFuture<Void> collect(InputStream stream, StringBuffer text) {
        return CompletableFuture.runAsync(
                () -> {
                    try (var reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
                        char[] buffer = new char[8192];
                        for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
                            text.append(buffer, 0, n);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task, "program-output").start());
    }

    /** Writes to its input, which stays open. */
    public void type(String text) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write(text.getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /** Ends its input. */
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Sends it a signal, such as {@code INT}. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** What it has written so far. */
    public String output() {
        return output.toString();
    }

    /** What it has complained about so far. */
    public String error() {
        return error.toString();
    }

    /** Waits until it ends by itself. */
    public ProgramResult finish() throws InterruptedException {
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + SECONDS_MAX + " s: " + this + "\n" + output + error);
        }
        outputRead.join();
        errorRead.join();
        return new ProgramResult(process.exitValue(), output(), error());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return "process " + process.pid();
    }
}

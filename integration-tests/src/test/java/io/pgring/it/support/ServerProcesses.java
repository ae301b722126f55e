package io.pgring.it.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes of a server: the one that its folder names, and its children.
 *
 * @param first which has started the others
 * @param locks files that keep a second server away
 */
record ServerProcesses(long first, List<Path> locks) {
    private static final int PORT_LINE = 3;
    private static final int SOCKET_FOLDER_LINE = 4;

    static ServerProcesses of(Path dataFolder) throws IOException {
        Path file = dataFolder.resolve("postmaster.pid");
        List<String> lines = Files.readAllLines(file);
        Path sockets = Path.of(lines.get(SOCKET_FOLDER_LINE));
        String socket = ".s.PGSQL." + lines.get(PORT_LINE);
        return new ServerProcesses(
                Long.parseLong(lines.get(0).strip()),
                List.of(file, sockets.resolve(socket), sockets.resolve(socket + ".lock")));
    }

    /** The first one first: it makes no more children then. Tells which they are. */
    List<String> signal(String name) throws Exception {
        if (!name.equals("CONT")) {
            run("kill", "-STOP", Long.toString(first));
            // It may be about to make one more.
            Eventually.holds("the first process has stopped", () -> !isRunning(first));
        }
        List<String> all = new ArrayList<>(List.of(Long.toString(first)));
        ProcessHandle.of(first)
                .ifPresent(process -> process.descendants().forEach(child -> all.add(Long.toString(child.pid()))));
        for (String process : all) {
            run("kill", "-" + name, process);
        }
        return all;
    }

    /** SIGKILL, and nothing of them is left. */
    void kill() throws Exception {
        List<String> killed = signal("KILL");
        Eventually.holds("the server is gone", () -> !isAnyRunning(killed));
        // As long as nobody has asked for the end of a process, a server that is started takes it for alive.
        for (Path lock : locks) {
            Files.deleteIfExists(lock);
        }
    }

    /** Not when it is stopped, or gone. */
    private static boolean isRunning(long process) throws Exception {
        String state = run("ps", "-o", "stat=", "-p", Long.toString(process));
        return !state.isBlank() && !state.startsWith("T") && !state.startsWith("Z");
    }

    private static boolean isAnyRunning(List<String> processes) throws Exception {
        return run("ps", "-o", "stat=", "-p", String.join(",", processes))
                .lines()
                .anyMatch(state -> !state.isBlank() && !state.startsWith("Z"));
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}

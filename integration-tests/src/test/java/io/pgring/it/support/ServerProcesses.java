package io.pgring.it.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of a server: the one that its folder names, and its children. */
record ServerProcesses(Path file, long first) {

    static ServerProcesses of(Path dataFolder) throws IOException {
        Path file = dataFolder.resolve("postmaster.pid");
        return new ServerProcesses(
                file, Long.parseLong(Files.readAllLines(file).get(0).strip()));
    }

    private List<String> all() {
        List<String> all = new ArrayList<>(List.of(Long.toString(first)));
        ProcessHandle.of(first)
                .ifPresent(process -> process.descendants().forEach(child -> all.add(Long.toString(child.pid()))));
        return all;
    }

    /** The first one first: it makes no more children then. */
    List<String> signal(String name) throws Exception {
        run("kill", "-" + (name.equals("CONT") ? name : "STOP"), Long.toString(first));
        List<String> all = all();
        for (String process : all) {
            run("kill", "-" + name, process);
        }
        return all;
    }

    /** SIGKILL, and nothing of them is left. */
    void kill() throws Exception {
        List<String> killed = signal("KILL");
        Eventually.holds("the server is gone", () -> !isAnyRunning(killed));
        // Processes that nobody has asked for their end keep their numbers, by which a server that is started takes
        // them for alive.
        Files.deleteIfExists(file);
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

package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Eventually;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.RunningProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code scripts/pgring} in a copy of the project that is built, so that it has nothing to build while Maven builds. */
class LauncherIT {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static final Path ROOT = Path.of("target/launcher with blanks").toAbsolutePath();
    private static final Path LAUNCHER = ROOT.resolve("scripts/pgring");

    @BeforeAll
    static void copy() throws IOException {
        Path jars = PROJECT.resolve("demo/target/lib");
        assertThat(jars).as("the demo is packaged").isDirectory();
        if (Files.exists(ROOT)) {
            try (Stream<Path> old = Files.walk(ROOT)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Path lib = Files.createDirectories(ROOT.resolve("target/run/lib"));
        for (Path folder : List.of(jars, PROJECT.resolve("demo/target"))) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path jar :
                        files.filter(path -> path.toString().endsWith(".jar")).toList()) {
                    Files.createLink(lib.resolve(jar.getFileName()), jar);
                }
            }
        }
        Files.createDirectories(LAUNCHER.getParent());
        for (String script : List.of("pgring", "demo-scaling.sh", "cluster.sh")) {
            Path copy = Files.copy(PROJECT.resolve("scripts").resolve(script), LAUNCHER.resolveSibling(script));
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.createFile(ROOT.resolve("target/run/complete"));
    }

    static Stream<Path> javaHomes() throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Path known = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(known)) {
            try (Stream<Path> all = Files.list(known)) {
                all.filter(home -> version(home) >= 17).forEach(homes::add);
            }
        }
        return homes.stream();
    }

    private static int version(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
            return 0;
        }
        try {
            return Files.readString(release)
                    .lines()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D+(\\d+).*", "$1")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void itRunsOnEveryJavaWithoutAWarning(Path javaHome) throws Exception {
        ProgramResult result = run(javaHome, LAUNCHER, "--help");

        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(result.error()).isEmpty();
        assertThat(result.output()).contains("demo", "serve", "check", "load", "ring");
    }

    @Test
    void itIsFoundThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(ROOT.resolve("pgring-link"), Path.of("scripts/pgring"));
        ProgramResult result = run(Path.of(System.getProperty("java.home")), link, "ring", "--help");
        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(result.output()).contains("ring");
    }

    @Test
    void whatItDoesNotKnowIsAnError() throws Exception {
        ProgramResult result = run(Path.of(System.getProperty("java.home")), LAUNCHER, "nonsense");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.error()).contains("nonsense");
    }

    @Test
    void aDemoGrowsUnderLoad(@TempDir Path folder) throws Exception {
        Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
        List<String> demo =
                List.of(LAUNCHER.toString(), "demo", "--port", "0", "--http-port", "0", "--data", folder.toString());
        try (RunningProgram running = RunningProgram.start(java, demo)) {
            Eventually.holds(
                    "it is ready", Duration.ofMinutes(4), () -> running.output().contains("PgRing is ready"));
            List<String> script = List.of(
                    LAUNCHER.resolveSibling("demo-scaling.sh").toString(),
                    "--local",
                    "--data",
                    folder.toString(),
                    "--keys",
                    "2000",
                    "--clients",
                    "4",
                    "--seconds",
                    "5");
            ProgramResult result = RunningProgram.run(folder, java, script);
            assertThat(result.exitCode())
                    .as(result.output() + result.error() + running.error())
                    .isZero();
            assertThat(result.output())
                    .contains(
                            "No key was lost: 2000 filled ones before and after, and all 2000 that were written",
                            "(a fair share is 25.0 %), all of them to shard-3.",
                            "Of 1000 new keys ")
                    .contains("No request failed, and every key is where it belongs.");
            running.signal("TERM");
            assertThat(running.finish().exitCode()).isZero();
        }
        assertThat(folder.resolve("demo.sock")).doesNotExist();
    }

    @Test
    void noDemoNoGrowth(@TempDir Path folder) throws Exception {
        Path javaHome = Path.of(System.getProperty("java.home"));
        ProgramResult server = run(javaHome, LAUNCHER, "demo", "add-server", "--data", folder.toString());
        assertThat(server.exitCode()).isEqualTo(1);
        assertThat(server.error()).contains("no demo runs in " + folder, "pgring demo --data " + folder);
        ProgramResult script =
                run(javaHome, LAUNCHER.resolveSibling("demo-scaling.sh"), "--local", "--data", folder.toString());
        assertThat(script.exitCode()).isEqualTo(1);
        assertThat(script.error()).contains("no demo runs in " + folder);
    }

    @Test
    void scriptsAreCleanForShellcheck() throws Exception {
        List<String> command = new ArrayList<>(List.of("shellcheck", "scripts/pgring", ".ci/run"));
        for (String scripts : List.of("scripts", "scripts/drivers", "bench", "docs/model")) {
            try (Stream<Path> all = Files.list(PROJECT.resolve(scripts))) {
                all.filter(path -> path.toString().endsWith(".sh"))
                        .map(path -> scripts + "/" + path.getFileName())
                        .forEach(command::add);
            }
        }
        ProgramResult result = RunningProgram.run(PROJECT, Map.of(), command);
        assertThat(result.output()).isEmpty();
        assertThat(result.exitCode()).as(result.error()).isZero();
    }

    private static ProgramResult run(Path javaHome, Path program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return RunningProgram.run(Path.of("/"), Map.of("JAVA_HOME", javaHome.toString()), command);
    }
}

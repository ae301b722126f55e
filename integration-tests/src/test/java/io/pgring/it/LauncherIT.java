package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.RunningProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
        Files.copy(PROJECT.resolve("scripts/pgring"), LAUNCHER);
        Files.setPosixFilePermissions(LAUNCHER, PosixFilePermissions.fromString("rwxr-xr-x"));
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

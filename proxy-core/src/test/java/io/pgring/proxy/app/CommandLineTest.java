package io.pgring.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command line prints, and the exit codes. */
class CommandLineTest {
    private static final String THREE_SHARDS = """
            shards:
              - {name: shard-0, host: h0}
              - {name: shard-1, host: h1}
              - {name: shard-2, host: h2, weight: 2}
            tables:
              - {name: kv, keyColumn: key}
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path config = Path.of("unset");

    @BeforeEach
    void writeConfiguration() throws Exception {
        config = Files.writeString(folder.resolve("pgring.yaml"), THREE_SHARDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "serve", "check", "ring", "shard", "reshard", "verify", "count", "load"})
    void everyCommandHasHelp(String command) {
        int exitCode = command.isEmpty() ? run("--help") : run(command, "--help");

        assertThat(exitCode).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith(("Usage: pgring " + command).strip());
        assertThat(out.toString()).contains("--verbose", "Exit codes:");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theVersionNamesTheJavaItRunsOn() {
        assertThat(run("--version")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith("pgring ").contains("Java " + Runtime.version());
    }

    @Test
    void aWrongCommandLineIsOneLineAndAHint() {
        assertThat(run("chek")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines())
                .containsExactly(
                        "pgring: unmatched argument at index 0: 'chek'",
                        "hint: Did you mean check?",
                        "hint: pgring --help shows what is possible.");
    }

    @Test
    void withoutACommandTheCommandsAreNamed() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("name a command:", "serve", "check", "ring", "shard", "reshard", "verify", "count", "load");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--keys=0",
                "--clients=0",
                "--read-ratio=1.5",
                "--seconds=-1",
                "--port=0",
                "--url=postgres://h",
                "--http=8080"
            })
    void optionsOfLoadAreCheckedBeforeAnythingIsDone(String option) {
        assertThat(run("load", option)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith("pgring: " + option.substring(0, option.indexOf('=')) + " must");
    }

    @Test
    void loadNeedsSomeoneToTalkTo() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        assertThat(run("load", "--port=" + port)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines().toList()).hasSize(2);
        assertThat(err.toString()).startsWith("pgring: can't connect: ").contains("hint: Is the proxy running?");
    }

    @Test
    void checkSaysThatAConfigurationIsValid() {
        assertThat(run("check", "--config", config.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualToIgnoringNewLines(config + " is valid: 3 shards, 1 sharded table");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "check", "ring"})
    void aMistakeInTheConfigurationIsPointedAt(String command) throws Exception {
        Files.writeString(config, THREE_SHARDS + "thread: 3\n");

        assertThat(run(command, "--config", config.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines())
                .containsExactly(
                        "pgring: " + config + ":7:1: thread: there is no such key", "hint: Did you mean 'threads'?");
    }

    @Test
    void checkReadsTheUsersFileToo() throws Exception {
        Files.writeString(config, THREE_SHARDS + "clients: {authentication: scram-sha-256, usersFile: users.txt}\n");

        assertThat(run("check", "--config", config.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(folder.resolve("users.txt") + ": there is no such file");
    }

    @Test
    void checkWithConnectNamesTheShardsThatCanNotBeReached() throws Exception {
        Files.writeString(config, "shards:\n  - {name: gone, host: " + folder + "}\n");

        assertThat(run("check", "--connect", "--config", config.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("gone  " + folder + ":5432/postgres", "  problem: can't log in: ");
    }

    @Test
    void stackTracesAreForThoseWhoAskForThem() {
        assertThat(run("check", "--config", "nowhere.yaml")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).isEqualToIgnoringNewLines("pgring: nowhere.yaml: there is no such file");
        assertThat(run("check", "--config", "nowhere.yaml", "--verbose")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("\tat io.pgring.");
    }

    @Test
    void ringDrawsSharesAndPlacesKeys() {
        assertThat(run("ring", "--config", config.toString(), "user_1", "user_2"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString().lines().toList()).hasSize(5);
        assertThat(out.toString().lines().toList().get(0)).matches("shard-0  \\S+ +2\\d\\.\\d\\d %");
        assertThat(out.toString().lines().toList().get(2)).matches("shard-2  \\S+ +[45]\\d\\.\\d\\d %  weight 2");
        assertThat(out.toString().lines().toList().get(3)).matches("user_1  token 80174397  shard-2");
    }

    @Test
    void ringPrintsJson() {
        assertThat(run("ring", "--json", "--type=integer", "--config", config.toString(), "42"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("\"pointsPerWeight\"", "\"shard\" : \"shard-0\"", "\"key\" : \"42\"");
    }

    @Test
    void aKeyMustBeOfItsType() {
        assertThat(run("ring", "--type=uuid", "--config", config.toString(), "42"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith("pgring: '42' is not a key of type uuid");
    }

    private int run(String... args) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(args);
    }
}

package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.faults.ProxyProcess;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.app.ExitCode;
import io.pgring.proxy.app.Main;
import io.pgring.proxy.config.ShardConfiguration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code pgring verify} compares the rows of reference tables on all shards. */
@ExtendWith(SharedServers.class)
class ReferenceCopiesIT {
    private final Servers servers;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Cluster cluster;

    ReferenceCopiesIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.start(plan -> plan.on(servers)
                .threads(1)
                .reference("colours", "CREATE TABLE IF NOT EXISTS colours (id int PRIMARY KEY, t text, name text)"));
        try (Connection client = cluster.connect()) {
            Sql.execute(client, "TRUNCATE colours");
            Sql.execute(client, "INSERT INTO colours VALUES (1, 'red'), (2, 'green'), (3, 'blue')");
        }
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private int verify(String... options) {
        ShardConfiguration home = servers.shards().get(0);
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of(
                "--home",
                "postgresql://" + home.user() + "@" + home.host() + ":" + home.port() + "/" + home.database()));
        return run(arguments);
    }

    private int run(List<String> options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of("verify"));
        arguments.addAll(options);
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments.toArray(String[]::new));
    }

    @Test
    void aCopyThatDiffersIsFound() throws Exception {
        assertThat(verify()).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains(
                        "public.colours on shard-1: as on the home shard",
                        "public.colours on shard-2: as on the home shard");

        servers.execute(1, "DELETE FROM colours WHERE id = 2");
        assertThat(verify()).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains(
                        "public.colours on shard-1: DIFFERS from the home shard",
                        "public.colours on shard-2: as on the home shard",
                        "every row is on its shard",
                        "1 copies of reference tables are not as on the home shard");

        servers.execute(1, "INSERT INTO colours VALUES (2, 'green')");
        servers.execute(2, "UPDATE colours SET name = 'grey' WHERE id = 2");
        assertThat(verify("--json")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("\"misplaced\" : 0", "\"same\" : true", "\"same\" : false");

        servers.execute(2, "UPDATE colours SET name = NULL WHERE id = 2");
        assertThat(verify("--json")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("\"misplaced\" : 0", "\"same\" : true")
                .doesNotContain("\"same\" : false");
    }

    /** Of a transaction that is being committed one shard has heard before another. */
    @Test
    void nothingIsFoundWhileClientsWrite() throws Exception {
        AtomicInteger written = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(1);
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try (Connection client = cluster.connect()) {
                while (enough.getCount() > 0) {
                    Sql.execute(client, "UPDATE colours SET name = '" + written.incrementAndGet() + "' WHERE id = 1");
                }
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
        for (int i = 0; i < 15; i++) {
            assertThat(verify()).as(out + " " + err).isEqualTo(ExitCode.OK);
        }
        enough.countDown();
        writing.join();
        assertThat(written.get()).isPositive();
    }

    @Test
    void aFileThatDoesNotHaveAllTablesIsNotEnough(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pgring.yaml");
        Files.writeString(file, ProxyProcess.configuration(servers.shards(), ""));
        assertThat(run(List.of("--config", file.toString()))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("the configuration file does not have table public.colours as the proxies have it", "--home");
    }
}

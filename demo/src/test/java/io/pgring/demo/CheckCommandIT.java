package io.pgring.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.proxy.app.ExitCode;
import io.pgring.proxy.app.Main;
import io.pgring.proxy.config.ShardConfiguration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code check --connect} finds out about real servers. */
class CheckCommandIT {
    private static EmbeddedShards shards;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        shards = EmbeddedShards.temporary(2);
    }

    @AfterAll
    static void stop() throws Exception {
        shards.close();
    }

    @BeforeEach
    void table() throws Exception {
        shards.executeEverywhere("DROP TABLE IF EXISTS kv; CREATE TABLE kv (key text PRIMARY KEY, value text)");
    }

    @Test
    void shardsThatCanBeUsedAreOk() throws Exception {
        assertThat(check(shards.shards())).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("/postgres  PostgreSQL 18", "UTF8  ok", "  public.kv: key type text")
                .doesNotContain("problem");
    }

    @Test
    void theyAreReachedOverUnixDomainSocketsToo() throws Exception {
        assertThat(check(shards.shardsOverUnixDomainSockets())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("UTF8  ok");
    }

    @Test
    void aMissingTableIsAProblem() throws Exception {
        shards.execute(1, "DROP TABLE kv");

        assertThat(check(shards.shards())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("  problem: table public.kv does not exist");
    }

    @Test
    void aKeyColumnMustExistAndHaveATypeThatTheRingKnows() throws Exception {
        shards.execute(0, "ALTER TABLE kv RENAME key TO id");
        shards.execute(1, "ALTER TABLE kv ALTER key TYPE numeric USING 1");

        assertThat(check(shards.shards())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains(
                        "  problem: table public.kv has no column key",
                        "  problem: key column key of public.kv has type numeric, but must be one of text,");
    }

    @Test
    void aKeyColumnMustHaveOneTypeEverywhere() throws Exception {
        shards.execute(1, "ALTER TABLE kv ALTER key TYPE bigint USING 1");

        assertThat(check(shards.shards())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains("problem: shard shard-1: table public.kv is not defined as on the other shards");
    }

    @Test
    void aNondeterministicCollationIsAProblem() throws Exception {
        shards.execute(
                0,
                "CREATE COLLATION IF NOT EXISTS blind"
                        + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                        + " ALTER TABLE kv ALTER key TYPE text COLLATE blind");

        assertThat(check(shards.shards())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("problem: key column key of public.kv has a nondeterministic collation");
    }

    @Test
    void anotherEncodingIsAProblem() throws Exception {
        shards.execute(0, "DROP DATABASE IF EXISTS latin");
        shards.execute(0, "CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'");

        assertThat(check(shards.shards().subList(0, 1), "database: latin\n")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("problem: ", "LATIN1");
    }

    /** The proxy must know the isolation level of each transaction. */
    @Test
    void anotherDefaultIsolationLevelIsAProblem() throws Exception {
        shards.execute(0, "ALTER ROLE postgres SET default_transaction_isolation = 'repeatable read'");
        try {
            assertThat(check(shards.shards())).isEqualTo(ExitCode.FAILED);
            assertThat(out.toString())
                    .contains("problem: its default_transaction_isolation is repeatable read, but must be");
        } finally {
            shards.execute(0, "ALTER ROLE postgres RESET default_transaction_isolation");
        }
    }

    @Test
    void aLoginThatFailsIsAProblem() throws Exception {
        assertThat(check(shards.shards().subList(0, 1), "database: nowhere\n")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("problem: can't log in: FATAL: database \"nowhere\" does not exist");
    }

    private int check(List<ShardConfiguration> members) throws Exception {
        return check(members, "");
    }

    private int check(List<ShardConfiguration> members, String top) throws Exception {
        StringBuilder yaml = new StringBuilder(top).append("tables: [{name: kv, keyColumn: key}]\nshards:\n");
        for (ShardConfiguration shard : members) {
            yaml.append("  - {name: ").append(shard.name()).append(", host: ").append(shard.host());
            yaml.append(", port: ").append(shard.port()).append("}\n");
        }
        Path file = Files.writeString(folder.resolve("pgring.yaml"), yaml);
        CommandLine commandLine = Main.commandLine().setOut(new PrintWriter(out, true));
        return commandLine.execute("check", "--connect", "--config", file.toString());
    }
}

package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.RunningProgram;
import io.pgring.it.support.SharedCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** psql finds no difference to a server, but for what the proxy refuses in so many words. */
@ExtendWith(SharedCluster.class)
class PsqlIT {
    private static final String SLEEP = "pg_sleep(602)";

    @TempDir
    Path folder;

    private final Cluster cluster;

    PsqlIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void homeTable() throws Exception {
        run("CREATE TABLE notes (n int PRIMARY KEY, note text);");
    }

    @AfterEach
    void noHomeTable() throws SQLException {
        cluster.servers().execute(0, "DROP TABLE IF EXISTS notes");
    }

    @Test
    void tablesAreListedAndDescribed() throws Exception {
        assertThat(run("\\d"))
                .contains("List of relations", " public | kv ", " public | notes ")
                .doesNotContain("ERROR");
        assertThat(run("\\d kv"))
                .contains("Table \"public.kv\"", " key ", " value ", "\"kv_pkey\" PRIMARY KEY, btree (key)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\d+ kv",
                "\\dt",
                "\\dt+",
                "\\di",
                "\\dn+",
                "\\du",
                "\\df pg_catalog.now",
                "\\dT",
                "\\l",
                "\\dx",
                "\\dp kv",
                "\\ds",
                "\\dv",
                "\\db",
                "\\dD",
                "\\dC",
                "\\do =",
                "\\dy",
                "\\sf pg_catalog.pg_relation_size(regclass)",
                "\\encoding",
                "\\dconfig work_mem",
                "\\drds",
                "\\dRp",
                "\\des",
                "\\dew",
                "\\dF",
                "\\dL",
                "\\dO",
                "\\dA",
                "\\dAc",
                "\\dd",
                "\\ddp",
                "\\dE",
                "\\det",
                "\\deu",
                "\\dg",
                "\\dP",
                "\\dX",
                "\\z"
            })
    void everyKindOfObjectIsListedAsByTheServer(String command) throws Exception {
        String text = command + "\nSELECT 'still ' || 'here';\n";
        ProgramResult proxied = script(text);
        ProgramResult direct = cluster.psqlOfServer(0).script(text);
        assertThat(proxied.output()).contains("still here");
        assertThat(proxied).isEqualTo(direct);
    }

    @Test
    void copyInAndOutOfAHomeTable() throws Exception {
        Path in = Files.writeString(folder.resolve("in.csv"), "1,one\n2,\"t,w,o\"\n3,\n");
        Path out = folder.resolve("out.txt");

        assertThat(run("\\copy notes from '" + in + "' csv")).contains("COPY 3");
        assertThat(run("\\copy notes to '" + out + "'")).contains("COPY 3");
        assertThat(Files.readString(out)).isEqualTo("1\tone\n2\tt,w,o\n3\t\\N\n");
        assertThat(run("COPY notes FROM STDIN;\n4\tfour\n5\tfive\n\\.\nSELECT count(*) AS rows FROM notes;"))
                .contains("COPY 2", "5");
    }

    @Test
    void copyOutOfOneShard() throws Exception {
        for (String key : cluster.keyOnEach("copy")) {
            Path out = folder.resolve(key);
            run("INSERT INTO kv VALUES ('" + key + "', 'copied');");
            assertThat(run("\\copy (SELECT * FROM kv WHERE key = '" + key + "') TO '" + out + "'"))
                    .contains("COPY 1");
            assertThat(Files.readString(out)).isEqualTo(key + "\tcopied\n");
        }
    }

    @Test
    void copyOutOfAllShards() throws Exception {
        List<String> lines = new ArrayList<>();
        for (String key : cluster.keyOnEach("copy-all")) {
            run("INSERT INTO kv VALUES ('" + key + "', 'copied');");
            lines.add(key + "\tcopied");
        }
        Path out = folder.resolve("all");
        assertThat(run("\\copy kv to '" + out + "'")).contains("COPY ");
        assertThat(Files.readAllLines(out)).containsAll(lines);
    }

    @Test
    void statementsOverSeveralLines() throws Exception {
        assertThat(run("""
                        INSERT INTO kv -- a comment; with a semicolon
                          (value,
                           key) /* another
                          one; */
                        VALUES ('Alice''s
                        second line', 'user_1');
                        SELECT value
                          FROM kv
                         WHERE key
                           =
                        'user_1';
                        SELECT $body$dollar; quoted$body$ AS text;
                        """)).contains("INSERT 0 1", "Alice's", "second line", "(1 row)", "dollar; quoted");
    }

    @Test
    void severalStatementsInOneArgument() throws Exception {
        List<String> keys = cluster.keysOn(1, "several").limit(2).toList();
        String values = "INSERT INTO kv VALUES ('" + keys.get(0) + "', 'a'); INSERT INTO kv VALUES ('" + keys.get(1)
                + "', 'b'); SELECT value FROM kv WHERE key = '" + keys.get(1) + "'";
        ProgramResult one = cluster.psql().run("-c", values);
        ProgramResult failing = cluster.psql()
                .run("-c", "UPDATE kv SET value = 'c' WHERE key = '" + keys.get(0) + "'; SELECT 1/0; SELECT 2");
        ProgramResult crossing = cluster.psql()
                .run(
                        "-c",
                        "UPDATE kv SET value = 'd' WHERE key = '" + keys.get(0) + "'; " + "DELETE FROM kv WHERE key = '"
                                + cluster.keyOn(2, "several") + "'");

        assertThat(one.output()).contains("INSERT 0 1", " b");
        assertThat(one.exitCode()).isZero();
        assertThat(failing.error()).contains("ERROR:  division by zero");
        assertThat(failing.exitCode()).isEqualTo(1);
        assertThat(crossing.error()).contains("ERROR:", "HINT:");
        assertThat(crossing.exitCode()).isEqualTo(1);
        assertThat(cluster.servers().value(1, "SELECT value FROM kv WHERE key = '" + keys.get(0) + "'"))
                .isEqualTo("a");
    }

    @Test
    void severalArgumentsReachSeveralShards() throws Exception {
        List<String> keys = cluster.keyOnEach("arguments");
        ProgramResult result = cluster.psql()
                .run(
                        "-c", "INSERT INTO kv VALUES ('" + keys.get(0) + "', 'zero')",
                        "-c", "INSERT INTO kv VALUES ('" + keys.get(1) + "', 'one')",
                        "-c", "INSERT INTO kv VALUES ('" + keys.get(2) + "', 'two')",
                        "-Atc", "SELECT value FROM kv WHERE key = '" + keys.get(1) + "'");
        assertThat(result.error()).isEmpty();
        assertThat(result.output()).endsWith("one\n");
    }

    @Test
    void errorsOfTheServerAreShownWhole() throws Exception {
        ProgramResult result = script("""
                \\set VERBOSITY verbose
                INSERT INTO kv VALUES ('twice', 'a');
                INSERT INTO kv VALUES ('twice', 'b');
                SELECT valu FROM kv WHERE key = 'twice';
                SELEC 1;
                SELECT value
                  FROM kv
                 WHERE key = 'twice' AND nothing;
                """);
        assertThat(result.error())
                .contains("ERROR:  23505: duplicate key value violates unique constraint \"kv_pkey\"")
                .contains("DETAIL:  Key (key)=(twice) already exists.")
                .contains("SCHEMA NAME:  public", "TABLE NAME:  kv", "CONSTRAINT NAME:  kv_pkey", "LOCATION:  ")
                .contains("ERROR:  42703: column \"valu\" does not exist")
                .contains("LINE 1: SELECT valu FROM kv WHERE key = 'twice';\n               ^")
                .contains("HINT:  Perhaps you meant to reference the column \"kv.value\".")
                .contains("ERROR:  42601: syntax error at or near \"SELEC\"\nLINE 1: SELEC 1;\n        ^")
                .contains("LINE 3:  WHERE key = 'twice' AND nothing;");
    }

    @Test
    void whatTheProxyRefusesIsExplained() throws Exception {
        ProgramResult result = script(
                "\\set VERBOSITY verbose\nUPDATE kv SET key = 'b' FROM pg_class WHERE key = 'a';\nSELECT 'still here';\n");
        assertThat(result.error()).contains("ERROR:  0A000: ", "DETAIL:  ", "HINT:  ");
        assertThat(result.output()).contains("still here");
    }

    @Test
    void aScriptStopsAtTheFirstError() throws Exception {
        ProgramResult result = cluster.psql()
                .script("SELECT 1/0;\nSELECT 'not reached';\n", "--set", "ON_ERROR_STOP=1", "--single-transaction");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.output()).doesNotContain("not reached");
    }

    @Test
    void variablesTimingAndTheOtherEndingsOfAStatement() throws Exception {
        assertThat(run("""
                        \\timing
                        \\set k user_1
                        \\set v '''quoted'' value'
                        INSERT INTO kv VALUES (:'k', :'v');
                        SELECT value AS found FROM kv WHERE key = :'k' \\gset
                        \\echo found :found
                        SELECT key, value FROM kv WHERE key = :'k' \\gdesc
                        SELECT 'SELECT ''by '' || ''gexec'';' \\gexec
                        SELECT value FROM kv WHERE key = :'k' \\gx
                        \\echo state :SQLSTATE rows :ROW_COUNT version :SERVER_VERSION_NUM
                        """))
                .contains("Time: ", "found 'quoted' value", " value  | text", "by gexec", "value | 'quoted' value")
                .contains("state 00000 rows 1 version ");
    }

    @Test
    void transactionsWithSavepointsOfPsqlItself() throws Exception {
        String key = cluster.keyOn(1, "rollback");
        ProgramResult result = script("""
                \\set ON_ERROR_ROLLBACK on
                BEGIN;
                INSERT INTO kv VALUES ('%1$s', 'kept');
                INSERT INTO kv VALUES ('%1$s', 'twice');
                SELECT value FROM kv WHERE key = '%1$s';
                COMMIT;
                SELECT value || '!' FROM kv WHERE key = '%1$s';
                """.formatted(key));
        assertThat(result.error()).contains("duplicate key").doesNotContain("aborted");
        assertThat(result.output()).contains("COMMIT", "kept!");
    }

    @Test
    void theServerIsPresentedAsItIs() throws Exception {
        String version = cluster.servers().value(0, "SHOW server_version");
        assertThat(run("\\echo :SERVER_VERSION_NAME\nSHOW server_version;\nSHOW client_encoding;"))
                .contains(version.split(" ", 2)[0], "UTF8");
    }

    @Test
    void controlCCancelsAndTheSessionGoesOn() throws Exception {
        // The terminal turns the typed character into the signal, as for a person.
        try (RunningProgram terminal = RunningProgram.start(
                cluster.psql().environment(),
                List.of("script", "--quiet", "--command", "psql --no-psqlrc --no-readline", "/dev/null"))) {
            terminal.type("SELECT " + SLEEP + ";\n");
            Eventually.holds("the query runs on a shard", this::isSleeping);
            terminal.type("\u0003");
            Eventually.holds("the query has ended", () -> !isSleeping());
            terminal.type("SELECT 'still ' || 'here';\n\\q\n");
            ProgramResult result = terminal.finish();

            assertThat(result.output())
                    .contains("Cancel request sent", "ERROR:  canceling statement due to user request", "still here");
        }
    }

    private boolean isSleeping() throws SQLException {
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            String sql = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT " + SLEEP + ";'"
                    + " AND state = 'active'";
            if (!cluster.servers().value(shard, sql).equals("0")) {
                return true;
            }
        }
        return false;
    }

    private ProgramResult script(String text) throws Exception {
        return cluster.psql().script(text);
    }

    /** What a script prints, which must not complain. */
    private String run(String text) throws Exception {
        ProgramResult result = cluster.psql().script(text + "\n", "--set", "ON_ERROR_STOP=1");
        assertThat(result.error()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.output();
    }
}

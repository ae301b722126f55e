package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.faults.ProxyProcess;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.FirstServers;
import io.pgring.it.support.KnownTopology;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.admin.ReloadReport;
import io.pgring.proxy.app.ExitCode;
import io.pgring.proxy.app.Main;
import io.pgring.proxy.app.PgRing;
import io.pgring.proxy.config.ConfigurationLoader;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.distribution.ShardFurnishing;
import io.pgring.proxy.reshard.Furnishing;
import io.pgring.proxy.reshard.MovePoint;
import io.pgring.proxy.reshard.RingChangeException;
import io.pgring.proxy.reshard.ShardAdministration;
import io.pgring.proxy.topology.Catalog;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that change the ring, with nothing but the address of the home shard. */
class RingCommandsIT {
    private static final int KEYS = 600;
    private static final ReloadReport UNCHANGED = new ReloadReport(List.of(), List.of(), null, null);

    private static Servers servers;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private Cluster cluster;

    @BeforeAll
    static void startServers() throws Exception {
        servers = Servers.running(3);
    }

    @AfterAll
    static void stopServers() throws Exception {
        servers.close();
    }

    @BeforeEach
    void start() throws Exception {
        KnownTopology.forget(servers);
        servers.executeEverywhere("DROP TABLE IF EXISTS kv CASCADE");
        cluster = Cluster.start(plan -> plan.on(new FirstServers(servers, 2))
                .moves((point, move) -> {
                    if (point == MovePoint.COPYING) {
                        held.await();
                    }
                })
                .threads(1));
        try (Connection client = cluster.connect()) {
            Sql.execute(client, "INSERT INTO kv SELECT 'k' || i, '0' FROM generate_series(1, " + KEYS + ") i");
        }
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private static String url(int shard) {
        ShardConfiguration server = servers.shards().get(shard);
        return "postgresql://" + server.user() + "@" + server.host() + ":" + server.port() + "/" + server.database();
    }

    /** With {@code --home}. */
    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", url(0)));
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(all.toArray(String[]::new));
    }

    private static int rowsOn(int shard) throws SQLException {
        return Integer.parseInt(servers.value(shard, "SELECT count(*) FROM kv"));
    }

    @Test
    void aShardIsPlannedAddedWeighedAndRemoved() throws Exception {
        assertThat(run("ring", "plan", "--add", "shard-2", "--count")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("shard-0 > shard-2", "shard-1 > shard-2", "2 moves, 3");

        assertThat(run("shard", "add", "shard-2", url(2), "--wait"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("shard shard-2 joins: 2 moves of 3", "DONE");
        assertThat(rowsOn(2)).isBetween(KEYS / 4, KEYS / 2);
        int before = rowsOn(2);

        assertThat(run("shard", "weight", "shard-2", "3", "--wait")).isEqualTo(ExitCode.OK);
        assertThat(rowsOn(2)).isGreaterThan(before);

        assertThat(run("shard", "list")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("shard-0", "shard-2", "member  weight 3");
        assertThat(run("shard", "list", "--json")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("\"state\" : \"member\"", "\"share\" : 0.6");

        assertThat(run("shard", "remove", "shard-2")).isEqualTo(ExitCode.OK);
        assertThat(run("reshard", "status", "--watch")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).endsWith("no rows are being moved" + System.lineSeparator());
        assertThat(rowsOn(0) + rowsOn(1)).isEqualTo(KEYS);

        assertThat(run("reshard", "status")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("the last moves were:", "DONE", "100 %");
        assertThat(run("reshard", "status", "--json")).isEqualTo(ExitCode.OK);
        assertThat(out.toString().strip()).isEqualTo("[ ]");
    }

    @Test
    void whatCanNotBeDoneIsRefused() throws Exception {
        assertThat(run("shard", "add", "shard-9", url(1))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("another shard is at");
        String again = url(1).replace("127.0.0.1", "localhost");
        assertThat(run("shard", "add", "shard-9", again)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("shard \"shard-1\" is that database already");
        assertThat(run("shard", "add", "shard-1", url(2))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("shard \"shard-1\" exists already", "hint: Choose another name.");
        assertThat(run("shard", "add", "shard-9", "postgresql://127.0.0.1:1/postgres"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("can't be reached", "detail: Can't log in");
        assertThat(run("shard", "add", "shard-9", "nowhere")).isEqualTo(ExitCode.USAGE);
        assertThat(run("shard", "remove", "shard-0")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("is the home shard, which can't be removed");
        assertThat(run("shard", "remove", "shard-7")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("shard \"shard-7\" does not exist");
        assertThat(run("reshard", "abort")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("no rows are being moved");

        servers.execute(2, "CREATE TABLE kv (key text PRIMARY KEY, value varchar(3))");
        assertThat(run("shard", "add", "shard-2", url(2))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("is defined otherwise than on the home shard");
        servers.execute(
                2,
                "DROP TABLE kv; CREATE TABLE kv (key text PRIMARY KEY, value text); INSERT INTO kv VALUES ('x', 'y')");
        assertThat(run("shard", "add", "shard-2", url(2))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("has rows");
        assertThat(servers.value(0, "SELECT count(*) FROM pgring.shards")).isEqualTo("2");
    }

    @Test
    void aShardWhoseTablesCanNotBeCompletedIsTakenAwayAgain() throws Exception {
        held = new CountDownLatch(1);
        assertThat(run("shard", "add", "shard-2", url(2))).isEqualTo(ExitCode.OK);
        assertThat(run("reshard", "abort")).isEqualTo(ExitCode.OK);
        held.countDown();
        Eventually.holds(
                "it is over",
                () -> servers.value(0, "SELECT count(*) FROM pgring.moves WHERE state = 'ABORTED'")
                        .equals("2"));
        servers.execute(2, "ALTER TABLE kv ADD extra text");

        assertThat(run("shard", "add", "shard-2", url(2))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("the tables of shard \"shard-2\" are not those of the home shard");
        Eventually.holds(
                "it is gone",
                () -> servers.value(0, "SELECT state FROM pgring.shards WHERE name = 'shard-2'")
                        .equals("gone"));
    }

    @Test
    void anEntryOfTheFileGoesBeforeTheLoginThatAShardWasAddedWith(@TempDir Path folder) throws Exception {
        assertThat(run("shard", "add", "shard-2", url(2), "--wait"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        servers.execute(0, "UPDATE pgring.shards SET \"user\" = 'of_before' WHERE name = 'shard-2'");
        assertThat(run("verify")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("of_before");

        Path file = folder.resolve("pgring.yaml");
        Files.writeString(file, ProxyProcess.configuration(servers.shards(), ""));
        try (PgRing proxy = PgRing.start(file);
                Connection client = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:"
                        + proxy.postgresqlAddress().getPort() + "/postgres?user=postgres")) {
            String key = servers.value(2, "SELECT key FROM kv LIMIT 1");
            assertThat(Sql.value(client, "SELECT value FROM kv WHERE key = '" + key + "'"))
                    .isEqualTo("0");
            assertThat(Sql.value(client, "SELECT count(*) FROM kv")).isEqualTo(Integer.toString(KEYS));
        }
    }

    @Test
    void aFileThatHasNotChangedNeedsNoRestartWhenTheRingHas(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pgring.yaml");
        Files.writeString(file, ProxyProcess.configuration(servers.shards().subList(0, 2), ""));
        try (PgRing proxy = PgRing.start(file)) {
            assertThat(run("shard", "add", "shard-2", url(2), "--weight", "2", "--wait"))
                    .as(err.toString())
                    .isEqualTo(ExitCode.OK);
            assertThat(proxy.reload()).isEqualTo(UNCHANGED);
        }
        try (PgRing again = PgRing.start(file)) {
            assertThat(again.reload()).isEqualTo(UNCHANGED);
            Files.writeString(file, ProxyProcess.configuration(servers.shards(), ""));
            assertThat(again.reload().restart()).containsExactly("shards");
        }
    }

    @Test
    void whereClientsLogInAsThemselvesTheProxyMustBeAbleToEndTheirSessions(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pgring.yaml");
        String clients = "clients: {serverUser: client, rules: [{method: trust}]}\n";
        Files.writeString(file, ProxyProcess.configuration(servers.shards().subList(0, 2), clients));
        servers.execute(2, "CREATE ROLE humble LOGIN; GRANT CREATE ON SCHEMA public TO humble");
        servers.execute(2, "GRANT CREATE ON DATABASE " + servers.shards().get(2).database() + " TO humble");
        ShardConfiguration there = servers.shards().get(2);
        ShardConfiguration humble = new ShardConfiguration(
                there.name(), there.host(), there.port(), there.database(), "humble", null, there.tls(), 1);
        ShardAdministration administration = new ShardAdministration(
                ConfigurationLoader.load(file),
                GrowingRing::open,
                new ShardFurnishing(servers.shards().get(0), PoolConfiguration.DEFAULT, GrowingRing::open));
        try {
            assertThatThrownBy(() -> administration.add(humble))
                    .isInstanceOfSatisfying(RingChangeException.class, refused -> {
                        assertThat(refused.detail())
                                .isEqualTo(
                                        "Role \"humble\" may not end the sessions of clients, who log in as themselves.");
                        assertThat(refused.hint())
                                .isEqualTo("GRANT pg_signal_backend TO humble; there, and on all other shards.");
                    });
            assertThat(servers.value(0, "SELECT count(*) FROM pgring.shards")).isEqualTo("2");
        } finally {
            servers.execute(2, "DROP OWNED BY humble; DROP ROLE humble");
        }
    }

    /** The process of the command ends here. */
    private static final class Crash extends Error {}

    /** Up to where all proxies know the shard, and nobody has planned any move. */
    private void addHalfway() throws Exception {
        ShardConfiguration home = servers.shards().get(0);
        ShardFurnishing furnishing = new ShardFurnishing(home, PoolConfiguration.DEFAULT, GrowingRing::open);
        Furnishing crashing = new Furnishing() {
            @Override
            public void define(ShardConfiguration joining, Catalog catalog) throws SQLException, RingChangeException {
                furnishing.define(joining, catalog);
            }

            @Override
            public void complete(ShardConfiguration joining, Catalog catalog) {
                throw new Crash();
            }

            @Override
            public List<String> differing(ShardConfiguration shard, Catalog catalog)
                    throws SQLException, InterruptedException {
                return furnishing.differing(shard, catalog);
            }
        };
        ShardAdministration administration =
                new ShardAdministration(cluster.configuration(), GrowingRing::open, crashing);
        assertThatThrownBy(() -> administration.add(servers.shards().get(2))).isInstanceOf(Crash.class);
        assertThat(servers.value(0, "SELECT state FROM pgring.shards WHERE name = 'shard-2'"))
                .isEqualTo("joining");
    }

    @Test
    void aShardThatWasAddedHalfwayIsAddedToItsEnd() throws Exception {
        addHalfway();
        String help =
                "pgring shard add shard-2, with its address, goes on from there; pgring shard remove shard-2 takes it away.";
        assertThat(run("shard", "weight", "shard-2", "3")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("shard \"shard-2\" is joining", "hint: " + help);
        assertThat(run("shard", "list")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("shard shard-2 has not been added to its end: " + help);

        assertThat(run("shard", "add", "shard-2", url(2), "--wait"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(rowsOn(2)).isBetween(KEYS / 4, KEYS / 2);
        assertThat(rowsOn(0) + rowsOn(1) + rowsOn(2)).isEqualTo(KEYS);
        assertThat(run("shard", "list")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).doesNotContain("has not been added");
    }

    @Test
    void aShardThatWasAddedHalfwayIsTakenAway() throws Exception {
        addHalfway();
        assertThat(run("shard", "remove", "shard-2")).as(err.toString()).isEqualTo(ExitCode.OK);
        Eventually.holds(
                "it is gone",
                () -> servers.value(0, "SELECT state FROM pgring.shards WHERE name = 'shard-2'")
                        .equals("gone"));
        assertThat(rowsOn(0) + rowsOn(1)).isEqualTo(KEYS);
    }

    @Test
    void aMoveToAShardThatIsLostIsAbortedByForce() throws Exception {
        held = new CountDownLatch(1);
        assertThat(run("shard", "add", "shard-2", url(2))).isEqualTo(ExitCode.OK);
        Eventually.holds(
                "rows are about to be copied",
                () -> servers.value(0, "SELECT coalesce(min(state), '') FROM pgring.moves")
                        .equals("COPYING"));
        assertThat(run("reshard", "abort", "--force")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("shard \"shard-2\" can be reached", "hint: Abort without force.");
        servers.stop(2);
        try {
            assertThat(run("reshard", "abort", "--force")).as(err.toString()).isEqualTo(ExitCode.OK);
            assertThat(out.toString())
                    .contains("shard shard-2 can't be reached, and is no shard any more", "is taken back");
            held.countDown();
            Eventually.holds(
                    "it is over",
                    () -> servers.value(0, "SELECT string_agg(DISTINCT state, ' ') FROM pgring.moves")
                            .equals("ABORTED"));
            assertThat(servers.value(0, "SELECT state FROM pgring.shards WHERE name = 'shard-2'"))
                    .isEqualTo("gone");
            try (Connection client = cluster.connect()) {
                Eventually.holds(
                        "all rows are read",
                        () -> Sql.value(client, "SELECT count(*) FROM kv").equals(Integer.toString(KEYS)));
                assertThat(Sql.update(client, "UPDATE kv SET value = '1'")).isEqualTo(KEYS);
            }
        } finally {
            held.countDown();
            servers.start(2);
        }
        assertThat(run("verify")).isEqualTo(ExitCode.OK);
    }

    @Test
    void misplacedRowsAreFoundAndBroughtToTheirShard() throws Exception {
        assertThat(run("verify")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("every row is on its shard");

        String lost = cluster.keyOn(1, "lost");
        String doubled = cluster.keysOn(1, "k")
                .filter(key -> key.length() > 1)
                .findFirst()
                .orElseThrow();
        servers.execute(0, "INSERT INTO kv VALUES ('" + lost + "', 'v'), ('" + doubled + "', 'other')");
        if (servers.value(1, "SELECT count(*) FROM kv WHERE key = '" + doubled + "'")
                .equals("0")) {
            servers.execute(1, "INSERT INTO kv VALUES ('" + doubled + "', '0')");
        }
        assertThat(run("verify")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("2 MISPLACED", "2 rows are not on their shard");

        assertThat(run("verify", "--repair", "--yes")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains("public.kv on shard-0: 1 rows brought to their shard, 1 left", "1 MISPLACED");
        assertThat(servers.value(1, "SELECT value FROM kv WHERE key = '" + lost + "'"))
                .isEqualTo("v");
        assertThat(servers.value(0, "SELECT value FROM kv WHERE key = '" + doubled + "'"))
                .isEqualTo("other");
        servers.execute(0, "DELETE FROM kv WHERE key = '" + doubled + "'");
        assertThat(run("verify", "--json")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("\"misplaced\" : 0");
    }

    @Test
    void keysAreCountedThroughTheProxyAndOnEachShard() throws Exception {
        try (Connection client = cluster.connect()) {
            Sql.execute(client, "INSERT INTO kv VALUES ('other_1', ''), ('other_2', ''), ('other%', '')");
        }
        servers.execute(1, "UPDATE pgring.hidden SET arcs = '{[0,4294967296)}'");
        assertThat(count("k", "other_"))
                .isEqualTo("proxy 600 2\nshard-0 " + rowsOf(0, "k", "other_") + "\nshard-1 0 0");

        servers.execute(1, "UPDATE pgring.hidden SET arcs = '{}'");
        assertThat(count("k", "other_"))
                .isEqualTo(
                        "proxy 600 2\nshard-0 " + rowsOf(0, "k", "other_") + "\nshard-1 " + rowsOf(1, "k", "other_"));
        assertThat(run("count", "k", "--table", "nothing")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("there is no sharded table public.nothing");
    }

    private String count(String... prefixes) {
        List<String> arguments = new ArrayList<>(List.of("count", "--port", Integer.toString(cluster.port())));
        arguments.addAll(List.of(prefixes));
        assertThat(run(arguments.toArray(String[]::new))).as(err.toString()).isEqualTo(ExitCode.OK);
        return out.toString()
                .lines()
                .skip(1)
                .map(line -> line.replaceAll(" +", " "))
                .collect(Collectors.joining("\n"));
    }

    private static String rowsOf(int shard, String... prefixes) throws SQLException {
        List<String> counts = new ArrayList<>();
        for (String prefix : prefixes) {
            counts.add(servers.value(shard, "SELECT count(*) FROM kv WHERE starts_with(key, '" + prefix + "')"));
        }
        return String.join(" ", counts);
    }

    @Test
    void aProxyNeedsNothingButTheAddressOfTheHomeShard() throws Exception {
        try (ProxyProcess other = ProxyProcess.startWithoutFile(url(0));
                Connection client = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + other.port() + "/postgres?user=postgres")) {
            assertThat(Sql.value(client, "SELECT count(*) FROM kv")).isEqualTo(Integer.toString(KEYS));
            assertThat(run("shard", "add", "shard-2", url(2), "--wait"))
                    .as(err.toString())
                    .isEqualTo(ExitCode.OK);
            assertThat(Sql.value(client, "SELECT count(*) FROM kv")).isEqualTo(Integer.toString(KEYS));
            for (int shard = 0; shard < 3; shard++) {
                String key = servers.value(shard, "SELECT key FROM kv LIMIT 1");
                assertThat(Sql.value(client, "SELECT value FROM kv WHERE key = '" + key + "'"))
                        .isEqualTo("0");
            }
            assertThat(servers.value(0, "SELECT count(*) FROM pgring.proxies WHERE topology > 1"))
                    .isEqualTo("2");
        }
    }

    @Test
    void aChangeIsAborted() throws Exception {
        held = new CountDownLatch(1);
        assertThat(run("shard", "add", "shard-2", url(2))).isEqualTo(ExitCode.OK);
        assertThat(run("reshard", "status")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .containsPattern("move \\d+ +shard-0 > shard-2")
                .containsPattern("move \\d+ +shard-1 > shard-2  PLANNED");
        assertThat(run("shard", "remove", "shard-1")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("rows are being moved", "hint: Wait")
                .containsPattern("detail: Move \\d+ from shard");
        assertThat(run("reshard", "abort")).as(err.toString()).isEqualTo(ExitCode.OK);
        held.countDown();
        assertThat(out.toString()).containsPattern("(?s)move \\d+ is taken back.*move \\d+ is taken back");
        Eventually.holds(
                "it is over",
                () -> run("reshard", "status", "--json") == ExitCode.OK
                        && out.toString().strip().equals("[ ]"));
        assertThat(servers.value(0, "SELECT count(*) FROM pgring.moves WHERE state = 'ABORTED'"))
                .isEqualTo("2");
        assertThat(run("verify")).isEqualTo(ExitCode.OK);

        assertThat(run("shard", "add", "shard-2", url(2), "--wait"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(rowsOn(0) + rowsOn(1) + rowsOn(2)).isEqualTo(KEYS);
        assertThat(rowsOn(2)).isBetween(KEYS / 4, KEYS / 2);
    }
}

package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.fanout.CommitGate;
import io.pgring.proxy.fanout.CommitGate.Step;
import io.pgring.proxy.topology.GlobalTransaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy or a server ends in the middle of a commit on three shards: afterwards they agree, and nothing is left prepared. */
class TwoPhaseCrashIT {
    private static final String TABLE = "CREATE TABLE IF NOT EXISTS kv (key text PRIMARY KEY, value text)";
    private static final String GATHERED = "SELECT count(*) FROM kv a JOIN kv b USING (value)";
    private static final String PREPARED = "SELECT count(*) FROM pg_prepared_xacts";

    private static final List<String> EVERYWHERE = List.of("1", "1", "1");
    private static final List<String> NOWHERE = List.of("0", "0", "0");
    private static final int BATCHES = 400;
    private static final int CLIENTS = 6;

    private static Servers servers;

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(3);
        servers.executeEverywhere(TABLE);
    }

    @AfterAll
    static void stop() throws Exception {
        servers.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        servers.executeEverywhere("TRUNCATE kv");
    }

    /**
     * Where the proxy dies.
     *
     * @param keptBack how many messages are never sent
     * @param committed whether the transaction is committed nevertheless
     */
    private record Crash(String name, CommitGate gate, int keptBack, boolean committed) {}

    private static final List<Crash> CRASHES = List.of(
            new Crash("before anything is prepared", (step, shard) -> false, 3, false),
            new Crash(
                    "when one is prepared",
                    (step, shard) -> step == Step.PREPARE && !shard.equals("shard-2"),
                    1,
                    false),
            new Crash("when all are prepared", (step, shard) -> step == Step.PREPARE, 1, false),
            new Crash("when it is decided", (step, shard) -> step != Step.FINISH, 2, true),
            new Crash("when one is told", (step, shard) -> step != Step.FINISH || shard.equals("shard-1"), 1, true));

    @Test
    void aProxyDiesAnywhere() throws Exception {
        AtomicReference<CommitGate> gate = new AtomicReference<>(CommitGate.OPEN);
        AtomicInteger keptBack = new AtomicInteger();
        CommitGate counting = (step, shard) -> {
            boolean passes = Objects.requireNonNull(gate.get()).passes(step, shard);
            if (!passes) {
                keptBack.incrementAndGet();
            }
            return passes;
        };
        List<RawClient> clients = new ArrayList<>();
        try (Cluster dying = Cluster.start(plan ->
                plan.on(servers).threads(1).gate(counting).clients(Clients.DEFAULT.withAdmins(List.of("root"))))) {
            for (Crash crash : CRASHES) {
                gate.set(crash.gate);
                keptBack.set(0);
                RawClient client = RawClient.connect(dying.port());
                clients.add(client);
                client.send(Query.of(insert(dying.keyOnEach(crash.name()))));
                Eventually.holds(crash.name(), () -> keptBack.get() == crash.keptBack);
            }
            Eventually.holds(
                    "those whose coordinator may still decide are left alone, the others are ended",
                    () -> dying.http().get("/stats").body().contains("\"inDoubt\":3"));
            assertThat(inDoubt(dying)).hasSize(3).allMatch(row -> row.matches("shard-[12] pgring:.* shard-0 .*Z"));
            for (RawClient client : clients) {
                client.abort();
            }
        }
        try (Cluster next = Cluster.start(plan -> plan.on(servers).threads(1))) {
            assertNothingPrepared();
            for (Crash crash : CRASHES) {
                assertThat(rowsOf(next.keyOnEach(crash.name())))
                        .as(crash.name())
                        .isEqualTo(crash.committed ? EVERYWHERE : NOWHERE);
            }
            assertThat(next.http().get("/stats").body()).contains("\"inDoubt\":0");
        }
    }

    /** What the console shows. */
    private static List<String> inDoubt(Cluster cluster) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection console = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + cluster.port() + "/pgring", "root", "");
                Statement statement = console.createStatement();
                ResultSet row = statement.executeQuery("SHOW TRANSACTIONS")) {
            while (row.next()) {
                rows.add(String.join(
                        " ",
                        row.getString("shard"),
                        row.getString("gid"),
                        row.getString("decides"),
                        row.getString("prepared")));
            }
        }
        return rows;
    }

    @Test
    void aShardCrashesBeforeItHasPrepared() throws Exception {
        try (Cluster cluster = crashing(Step.PREPARE, 2);
                RawClient client = RawClient.connect(cluster.port())) {
            List<String> keys = cluster.keyOnEach("prepare");
            List<String> answer = client.answer(insert(keys));
            servers.start(2);
            assertThat(answer).hasSize(2).last().isEqualTo("Z IDLE");
            assertThat(answer.get(0)).startsWith("E ERROR 08006").contains("Nothing of the transaction was committed.");
            assertNothingPrepared();
            assertThat(rowsOf(keys)).isEqualTo(NOWHERE);
        }
    }

    @Test
    void theShardThatDecidesCrashesBeforeItHasDecided() throws Exception {
        try (Cluster cluster = crashing(Step.DECIDE, 0);
                RawClient client = RawClient.connect(cluster.port())) {
            List<String> keys = cluster.keyOnEach("decide");
            List<String> answer = client.answer(insert(keys));
            servers.start(0);
            assertThat(answer).hasSize(2).last().isEqualTo("Z IDLE");
            assertThat(answer.get(0)).startsWith("E ERROR 08007").contains("\"pgring:", ":shard-0\"");
            assertNothingPrepared();
            assertThat(rowsOf(keys)).isEqualTo(NOWHERE);
        }
    }

    @Test
    void aShardCrashesBeforeItIsToldOfTheDecision() throws Exception {
        CountDownLatch crashed = new CountDownLatch(1);
        try (Cluster cluster = crashing(Step.FINISH, 1, crashed);
                RawClient client = RawClient.connect(cluster.port())) {
            List<String> keys = cluster.keyOnEach("finish");
            client.send(Query.of(insert(keys)));
            assertThat(crashed.await(60, TimeUnit.SECONDS)).isTrue();
            servers.start(1);
            assertThat(client.readToReady()).extracting(Reply::text).containsExactly("C INSERT 0 3", "Z IDLE");
            assertThat(rowsOf(keys)).isEqualTo(EVERYWHERE);
            assertThat(prepared()).isEqualTo("0 0 0");
        }
    }

    /** Another proxy learns of it when it connects again. */
    @Test
    void noProxyReadsFromAShardThatIsBackBeforeItIsToldOfTheDecision() throws Exception {
        for (String count : List.of("SELECT count(*) FROM kv WHERE key = 'KEY'", GATHERED)) {
            servers.executeEverywhere("TRUNCATE kv");
            readByAnotherWhenItIsBack(count);
        }
    }

    private static void readByAnotherWhenItIsBack(String query) throws Exception {
        try (Cluster cluster = crashing(Step.FINISH, 1);
                Cluster other = Cluster.start(plan -> plan.on(servers).threads(1));
                RawClient client = RawClient.connect(cluster.port());
                RawClient reader = RawClient.connect(other.port())) {
            List<String> keys = cluster.keyOnEach("finish");
            String count = query.replace("KEY", keys.get(1));
            assertThat(reader.value(count)).isEqualTo("0");
            List<String> answer = client.answer(insert(keys));
            servers.start(1);
            assertThat(answer).hasSize(3).endsWith("C INSERT 0 3", "Z IDLE");
            assertThat(answer.get(0)).startsWith("N WARNING 01000").contains("\"shard-1\"");
            assertThat(firstValue(reader, count)).isEqualTo(query.equals(GATHERED) ? "9" : "1");
            assertThat(rowsOf(keys)).isEqualTo(EVERYWHERE);
            assertNothingPrepared();
        }
    }

    /** What is committed is seen by whoever reads all shards, too, be it gathered. */
    @Test
    void nothingOfAShardIsSeenBeforeItIsToldOfTheDecision() throws Exception {
        for (String count : List.of("SELECT count(*) FROM kv", GATHERED)) {
            servers.executeEverywhere("TRUNCATE kv");
            try (Cluster cluster = crashing(Step.FINISH, 2);
                    RawClient client = RawClient.connect(cluster.port())) {
                List<String> answer = client.answer(insert(cluster.keyOnEach("seen")));
                List<String> meanwhile = client.answer(count);
                servers.start(2);
                assertThat(answer.get(0)).startsWith("N WARNING 01000").contains("\"shard-2\"");
                assertThat(meanwhile.get(0)).containsPattern("E ERROR (08006|55000).*shard-2");
                String seen = firstValue(client, count);
                assertNothingPrepared();
                assertThat(seen).isEqualTo(count.equals(GATHERED) ? "9" : "3");
            }
        }
    }

    /** Recovery can't log in to a shard to which the proxy still has a connection. */
    @Test
    void aConnectionThatComesBackIsNotUsedBeforeTheShardIsTold() throws Exception {
        CommitGate closing = (step, shard) -> {
            if (step == Step.FINISH && shard.equals("shard-1")) {
                run(() -> allowConnections(1, false));
            }
            return true;
        };
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1).gate(closing));
                RawClient client = RawClient.connect(cluster.port());
                RawClient lender = RawClient.connect(cluster.port())) {
            List<String> keys = cluster.keyOnEach("lent");
            String count = "SELECT count(*) FROM kv WHERE key = '" + keys.get(1) + "'";
            lender.query("BEGIN");
            assertThat(lender.value(count)).isEqualTo("0");
            List<String> answer = client.answer(insert(keys));
            lender.query("COMMIT");
            List<String> meanwhile = client.answer(count);
            allowConnections(1, true);
            String seen = firstValue(client, count);
            assertNothingPrepared();
            assertThat(answer.get(0)).startsWith("N WARNING 01000").contains("\"shard-1\"");
            assertThat(meanwhile.get(0)).startsWith("E ERROR 08006");
            assertThat(seen).isEqualTo("1");
        }
    }

    @Test
    void aShardThatCanNotDecideKeepsNoOtherFromBeingUsed() throws Exception {
        whileItCanNotDecide(() -> servers.crash(2), () -> servers.start(2));
        whileItCanNotDecide(() -> servers.freeze(2), () -> servers.thaw(2));
    }

    private static void whileItCanNotDecide(Action silence, Action wake) throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1));
                RawClient client = RawClient.connect(cluster.port())) {
            String key = cluster.keyOn(1, "doubt");
            silence.run();
            try (Connection connection = servers.connect(1)) {
                Sql.execute(connection, "BEGIN; INSERT INTO kv VALUES ('" + key + "', 'x')");
                Sql.execute(
                        connection,
                        "PREPARE TRANSACTION '"
                                + GlobalTransaction.of("shard-2").part(1) + "'");
                Sql.value(
                        connection,
                        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                                + " WHERE state = 'idle' AND application_name LIKE 'pgring%'");
                assertThat(firstValue(client, "SELECT count(*) FROM kv WHERE key = '" + key + "'"))
                        .isEqualTo("0");
                assertThat(servers.value(1, PREPARED)).isEqualTo("1");
            } finally {
                wake.run();
            }
            assertNothingPrepared();
            assertThat(servers.value(1, "SELECT count(*) FROM kv")).isEqualTo("0");
        }
    }

    /** Lets nobody in any more, and ends sessions that are at rest. */
    private static void allowConnections(int shard, boolean allow) throws SQLException {
        ShardConfiguration server = servers.shards().get(shard);
        String url = "jdbc:postgresql://" + server.host() + ":" + server.port() + "/template1";
        try (Connection connection = DriverManager.getConnection(url, server.user(), "")) {
            Sql.execute(connection, "ALTER DATABASE " + server.database() + " ALLOW_CONNECTIONS " + allow);
            Sql.value(
                    connection,
                    "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                            + " WHERE state = 'idle' AND datname = '" + server.database() + "'");
        }
    }

    /** The one value of a query when it is first answered, after errors because a shard can't be used. */
    private static String firstValue(RawClient client, String query) {
        List<Reply> last = new ArrayList<>();
        Eventually.holds("the shard is used again", () -> {
            last.clear();
            last.addAll(client.query(query));
            return last.stream().noneMatch(reply -> reply.is(BackendType.ERROR_RESPONSE));
        });
        return last.stream()
                .filter(reply -> reply.is(BackendType.DATA_ROW))
                .findFirst()
                .orElseThrow()
                .value();
    }

    /** The session is gone, but the server is not: so the transaction is ended before the client is told. */
    @Test
    void theSessionOfThePartThatDecidesIsEnded() throws Exception {
        CommitGate terminating = (step, shard) -> {
            if (step == Step.DECIDE) {
                run(() -> servers.value(
                        0,
                        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                                + " WHERE state = 'idle in transaction'"));
            }
            return true;
        };
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1).gate(terminating));
                RawClient client = RawClient.connect(cluster.port())) {
            List<String> keys = cluster.keyOnEach("session");
            List<String> answer = client.answer(insert(keys));
            assertThat(answer.get(0)).startsWith("E ERROR 08006").contains("Nothing of the transaction was committed.");
            assertThat(rowsOf(keys)).isEqualTo(NOWHERE);
            assertThat(prepared()).isEqualTo("0 0 0");
        }
    }

    @Test
    void aProxyThatIsKilledUnderLoadLeavesNothingHalfDone(@TempDir Path folder) throws Exception {
        List<List<String>> acknowledged = new CopyOnWriteArrayList<>();
        List<List<String>> all = new CopyOnWriteArrayList<>();
        List<List<String>> keys;
        try (Cluster ring = Cluster.start(plan -> plan.on(servers).threads(1))) {
            keys = IntStream.range(0, BATCHES)
                    .mapToObj(i -> ring.keyOnEach("load" + i + "-"))
                    .toList();
        }
        AtomicInteger next = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (ProxyProcess proxy = ProxyProcess.start(folder, servers.shards(), "")) {
            for (int i = 0; i < CLIENTS; i++) {
                threads.execute(() -> insertUntilLost(proxy.port(), keys, next, all, acknowledged));
            }
            Eventually.holds("there is load", () -> next.get() >= BATCHES / 4);
        } finally {
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        try (Cluster last = Cluster.start(plan -> plan.on(servers).threads(1))) {
            assertNothingPrepared();
            assertThat(last.http().get("/stats").body()).contains("\"inDoubt\":0");
        }
        Set<String> there = new HashSet<>();
        for (int shard = 0; shard < 3; shard++) {
            try (Connection connection = servers.connect(shard)) {
                there.addAll(Sql.column(connection, "SELECT key FROM kv"));
            }
        }
        for (List<String> batch : all) {
            List<String> rows =
                    batch.stream().map(key -> there.contains(key) ? "1" : "0").toList();
            assertThat(rows).isIn(acknowledged.contains(batch) ? Set.of(EVERYWHERE) : Set.of(EVERYWHERE, NOWHERE));
        }
        assertThat(acknowledged).isNotEmpty();
    }

    private static void insertUntilLost(
            int port,
            List<List<String>> keys,
            AtomicInteger next,
            List<List<String>> all,
            List<List<String>> acknowledged) {
        try (RawClient client = RawClient.connect(port)) {
            while (next.get() < BATCHES) {
                List<String> batch = keys.get(next.getAndIncrement() % BATCHES);
                all.add(batch);
                if (client.answer(insert(batch)).contains("C INSERT 0 3")) {
                    acknowledged.add(batch);
                }
            }
        } catch (IOException e) {
            // The proxy is gone.
            return;
        }
    }

    private static Cluster crashing(Step when, int shard) throws Exception {
        return crashing(when, shard, new CountDownLatch(1));
    }

    private static Cluster crashing(Step when, int shard, CountDownLatch crashed) throws Exception {
        CommitGate crash = (step, told) -> {
            if (step == when && told.equals("shard-" + shard)) {
                run(() -> servers.crash(shard));
                crashed.countDown();
            }
            return true;
        };
        return Cluster.start(plan -> plan.on(servers).threads(1).gate(crash));
    }

    private static void run(Action action) {
        try {
            action.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static String insert(List<String> keys) {
        return "INSERT INTO kv VALUES "
                + keys.stream().map(key -> "('" + key + "', 'x')").collect(Collectors.joining(", "));
    }

    /** How many rows each shard has of its key. */
    private static List<String> rowsOf(List<String> keys) throws SQLException {
        List<String> rows = new ArrayList<>();
        for (int shard = 0; shard < 3; shard++) {
            rows.add(servers.value(shard, "SELECT count(*) FROM kv WHERE key = '" + keys.get(shard) + "'"));
        }
        return rows;
    }

    private static String prepared() throws SQLException {
        return servers.value(0, PREPARED) + " " + servers.value(1, PREPARED) + " " + servers.value(2, PREPARED);
    }

    private static void assertNothingPrepared() {
        Eventually.succeeds(() -> assertThat(prepared()).isEqualTo("0 0 0"));
    }
}

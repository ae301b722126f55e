package io.pgring.it.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.config.AddressRange;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.ClientRule;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ServerUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy logs in to the shards as its clients. */
class ServerUserIT {
    private static final PoolConfiguration ONE =
            new PoolConfiguration(1, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 200);

    @TempDir
    private static Path folder;

    private static Servers servers;
    private static Roles roles;
    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(2);
        roles = new Roles(servers);
        for (String user : List.of("by_scram", "by_password", "other", "changing", "differing", "full", "ordinary")) {
            roles.create(user, "scram-sha-256", user);
        }
        roles.create("by_md5", "md5", "by_md5");
        roles.create("by_plain_md5", "md5", "by_plain_md5");
        servers.executeEverywhere("CREATE ROLE trusted LOGIN; ALTER ROLE full CONNECTION LIMIT 0");
        servers.execute(1, "ALTER ROLE differing PASSWORD 'differing'");
        roles.ask("""
                host all postgres all trust
                host all trusted all trust
                host all by_password all password
                host all by_md5 all md5
                host all by_plain_md5 all md5
                host all all all scram-sha-256""");
        Path users = folder.resolve("users");
        Files.writeString(users, "\"by_plain_md5\" \"by_plain_md5\"\n\"ghost\" \"ghost\"\n");
        cluster = start(users, PoolConfiguration.DEFAULT);
        for (String key : cluster.keyOnEach("user")) {
            servers.execute(cluster.shardOf(key), "INSERT INTO kv VALUES ('" + key + "', '0')");
        }
    }

    private static Cluster start(Path users, PoolConfiguration pool) throws Exception {
        Clients clients = new Clients(
                List.of(
                        rule("trusted", AuthenticationMethod.TRUST),
                        rule("by_password", AuthenticationMethod.PASSWORD),
                        rule("by_md5", AuthenticationMethod.MD5),
                        rule("all", AuthenticationMethod.SCRAM_SHA_256)),
                users,
                Clients.DEFAULT_AUTH_QUERY,
                ServerUser.CLIENT,
                0,
                60_000,
                false);
        return Cluster.start(plan -> plan.on(servers)
                .threads(1)
                .pool(pool)
                .everywhere("GRANT ALL ON kv TO PUBLIC")
                .clients(clients));
    }

    private static ClientRule rule(String user, AuthenticationMethod method) {
        return new ClientRule(ClientRule.Type.HOST, List.of("all"), List.of(user), AddressRange.ALL, method);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        servers.close();
    }

    private static Connection login(Cluster to, String user, String password) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + to.port() + "/postgres", user, password);
    }

    private static String userOn(Connection connection, int shard) throws SQLException {
        return Sql.value(
                connection,
                "SELECT concat_ws(' ', session_user, current_user) FROM kv WHERE key = '" + cluster.keyOn(shard, "user")
                        + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"by_scram", "by_password", "by_md5", "by_plain_md5", "trusted"})
    void everyShardSeesTheClientsUser(String user) throws Exception {
        try (Connection connection = login(cluster, user, user)) {
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                assertThat(userOn(connection, shard)).isEqualTo(user + " " + user);
            }
            assertThat(Sql.value(connection, "SELECT current_user")).isEqualTo(user);
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv WHERE value = '0'"))
                    .isEqualTo("2");
        }
        assertThat(cluster.http().get("/stats").body()).contains("\"pool\":{");
    }

    @Test
    void whatTheServersSayOfALoginIsTheClientsAnswer() {
        assertThat(SqlStates.of(() -> login(cluster, "ghost", "ghost"))).isEqualTo("28P01");
        assertThat(SqlStates.of(() -> login(cluster, "ghost", "wrong"))).isEqualTo("28P01");
        assertThat(SqlStates.of(() -> login(cluster, "full", "full"))).isEqualTo("53300");
        assertThat(SqlStates.of(() -> login(cluster, "by_scram", "wrong"))).isEqualTo("28P01");
        assertThat(SqlStates.of(() -> login(cluster, "nobody", "nobody"))).isEqualTo("28P01");
    }

    @Test
    void aSecretThatIsAnotherOnOneShardIsNamed() throws Exception {
        try (Connection connection = login(cluster, "differing", "differing")) {
            assertThat(userOn(connection, 0)).isEqualTo("differing differing");
            SQLException failure = SqlStates.failure(() -> userOn(connection, 1));
            assertThat(failure.getSQLState()).isEqualTo("28000");
            assertThat(failure.getMessage()).contains("shard-1", "role \"differing\"");
        }
    }

    @Test
    void aChangedPasswordHealsAlsoTheSessionsThatAreOpen() throws Exception {
        try (Connection before = login(cluster, "changing", "changing")) {
            assertThat(userOn(before, 1)).isEqualTo("changing changing");
            roles.change("changing", "scram-sha-256", "changed");
            servers.executeEverywhere(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = 'changing'");
            assertThat(SqlStates.of(() -> userOn(before, 1)))
                    .as("the old keys are of no use")
                    .isEqualTo("28000");
            try (Connection after = login(cluster, "changing", "changed")) {
                assertThat(userOn(after, 1)).isEqualTo("changing changing");
                assertThat(userOn(before, 1)).isEqualTo("changing changing");
            }
            assertThat(SqlStates.of(() -> login(cluster, "changing", "changing")))
                    .isEqualTo("28P01");
        }
    }

    @Test
    void usersShareTheRoomForConnections() throws Exception {
        try (Cluster narrow = start(folder.resolve("users"), ONE)) {
            ExecutorService threads = Executors.newFixedThreadPool(6);
            try {
                List<Future<?>> clients = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    String user = i % 2 == 0 ? "by_scram" : "other";
                    clients.add(threads.submit(() -> work(narrow, user)));
                }
                for (Future<?> client : clients) {
                    client.get();
                }
            } finally {
                threads.shutdownNow();
            }
            Eventually.succeeds(() -> assertThat(narrow.http().get("/stats").body())
                    .contains("\"open\":1")
                    .doesNotContain("\"open\":2"));
        }
    }

    private static Object work(Cluster narrow, String user) throws SQLException {
        try (Connection connection = login(narrow, user, user)) {
            for (int i = 0; i < 20; i++) {
                assertThat(userOn(connection, i % 2)).isEqualTo(user + " " + user);
            }
        }
        return user;
    }

    @Test
    void whoWaitsIsServedInTheOrderOfArrivalWhicheverUserHeIs() throws Exception {
        String key = cluster.keyOn(0, "user");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Cluster narrow = start(folder.resolve("users"), ONE);
                Connection third = login(narrow, "other", "other");
                RawClient second = RawClient.connect(narrow.port(), Map.of("user", "trusted"));
                Connection first = login(narrow, "other", "other")) {
            first.setAutoCommit(false);
            third.setAutoCommit(false);
            assertThat(userOn(first, 0)).isEqualTo("other other");
            second.query("BEGIN");
            second.send(Query.of("SELECT current_user FROM kv WHERE key = '" + key + "'"));
            awaitWaiting(narrow, 1);
            Future<String> answer = thread.submit(() -> userOn(third, 0));
            awaitWaiting(narrow, 2);
            first.commit();
            assertThat(second.readToReady().stream().map(Reply::text)).anyMatch(text -> text.contains("trusted"));
            assertThat(answer.isDone()).isFalse();
            second.query("COMMIT");
            assertThat(answer.get()).isEqualTo("other other");
            third.commit();
        } finally {
            thread.shutdownNow();
        }
    }

    private static void awaitWaiting(Cluster narrow, int clients) {
        Eventually.holds(
                clients + " wait", () -> narrow.http().get("/stats").body().contains("\"waiting\":" + clients));
    }

    /** The views and the log are the proxy's; who may use them, the owner of the database says. */
    @Test
    void gatheringAndCommitsOnSeveralShardsTakeGrants() throws Exception {
        String gather = "SELECT count(*) FROM kv a, kv b WHERE a.value = b.value";
        List<String> keys = cluster.keyOnEach("grant");
        String insert = "INSERT INTO kv VALUES ('" + keys.get(0) + "', 'x'), ('" + keys.get(1) + "', 'x')";
        try (Connection connection = login(cluster, "ordinary", "ordinary")) {
            assertThat(SqlStates.of(() -> Sql.value(connection, gather))).isEqualTo("42501");
            assertThat(SqlStates.of(() -> Sql.execute(connection, insert))).isEqualTo("42501");
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv WHERE value = 'x'"))
                    .isEqualTo("0");
            servers.execute(
                    0,
                    "GRANT USAGE ON SCHEMA pgring_gather TO ordinary;"
                            + " GRANT SELECT ON ALL TABLES IN SCHEMA pgring_gather TO ordinary");
            servers.executeEverywhere(
                    "GRANT USAGE ON SCHEMA pgring TO ordinary; GRANT INSERT ON pgring.commit_log TO ordinary");
            assertThat(Sql.value(connection, gather)).isNotEqualTo("0");
            Sql.execute(connection, insert);
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv WHERE value = 'x'"))
                    .isEqualTo("2");
        }
    }

    @Test
    void whoDoesNotOwnATableCantDeclareIt() throws Exception {
        servers.executeEverywhere("CREATE TABLE IF NOT EXISTS mine (id bigint PRIMARY KEY)");
        try (Connection connection = login(cluster, "by_scram", "by_scram")) {
            assertThat(SqlStates.of(() -> Sql.value(connection, "SELECT create_distributed_table('mine', 'id')")))
                    .isEqualTo("42501");
        }
    }
}

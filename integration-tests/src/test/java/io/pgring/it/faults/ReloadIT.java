package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.HttpFace;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.proxy.admin.ReloadReport;
import io.pgring.proxy.app.PgRing;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A configuration file that has changed comes into force while the proxy runs, as far as it can, or not at all. */
@ExtendWith(SharedCluster.class)
class ReloadIT {
    private final Cluster cluster;

    @TempDir
    private Path folder;

    private Path file;

    ReloadIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void name() {
        file = folder.resolve("pgring.yaml");
    }

    private void configure(String more) throws Exception {
        Files.writeString(file, ProxyProcess.configuration(cluster.servers().shards(), more));
    }

    private static String refusal(int port) throws Exception {
        try (RawClient client = RawClient.open(port)) {
            client.send(RawClient.startup(Map.of()));
            while (true) {
                Reply reply = client.read();
                if (reply.is(BackendType.READY_FOR_QUERY)) {
                    return "none";
                }
                if (reply.is(BackendType.ERROR_RESPONSE)) {
                    return reply.sqlState() + " " + reply.error().fields().message();
                }
            }
        }
    }

    @Test
    void limitsAndPoolsChangeAtRunTime() throws Exception {
        configure("");
        try (PgRing proxy = PgRing.start(file);
                RawClient first = RawClient.connect(proxy.postgresqlAddress().getPort())) {
            int port = proxy.postgresqlAddress().getPort();
            HttpFace http = new HttpFace(proxy.httpAddress().getPort());
            configure(
                    "limits: {clientsPerUserMax: 1, idleInTransactionMillisMax: 300}\npool: {connectionsPerShardMax: 2}\n");
            ReloadReport report = proxy.reload();
            assertThat(report.error()).isNull();
            assertThat(report.restart()).isEmpty();
            assertThat(report.applied())
                    .containsExactlyInAnyOrder(
                            "pool.connectionsPerShardMax=2 (was 16)",
                            "limits.clientsPerUserMax=1 (was 0)",
                            "limits.idleInTransactionMillisMax=300 (was 0)");

            assertThat(refusal(port)).isEqualTo("53300 too many connections for role \"postgres\"");
            assertThat(http.get("/stats").body()).contains("\"max\":2");
            first.query("BEGIN");
            assertThat(first.readToEnd().get(0).sqlState()).isEqualTo("25P03");
            Eventually.holds("there is room again", () -> {
                try (RawClient next = RawClient.connect(port)) {
                    return next.value("SELECT 1").equals("1");
                }
            });
        }
    }

    @Test
    void poolsThatShrinkCloseConnectionsAndServeAll() throws Exception {
        configure("pool: {connectionsPerShardMax: 6}\n");
        try (PgRing proxy = PgRing.start(file)) {
            int port = proxy.postgresqlAddress().getPort();
            String key = cluster.keyOn(1, "reload");
            RawClient[] clients = new RawClient[6];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = RawClient.connect(port);
                clients[i].query("BEGIN");
                clients[i].query("SELECT 1 FROM kv WHERE key = '" + key + "'");
            }
            configure("pool: {connectionsPerShardMax: 2}\n");
            assertThat(proxy.reload().error()).isNull();
            HttpFace http = new HttpFace(proxy.httpAddress().getPort());
            for (RawClient client : clients) {
                assertThat(client.answer("COMMIT")).endsWith("Z IDLE");
            }
            Eventually.holds("two are left", () -> http.get("/stats").body().contains("\"open\":2,\"idle\":2"));
            for (RawClient client : clients) {
                assertThat(client.answer("SELECT 1 FROM kv WHERE key = '" + key + "'"))
                        .endsWith("Z IDLE");
                client.close();
            }
        }
    }

    @Test
    void aFileThatIsWrongChangesNothingAndSaysWhere() throws Exception {
        configure("");
        try (PgRing proxy = PgRing.start(file)) {
            configure("limits:\n  clientsPerUserMax: 1\n  queryMillisMax: soon\n");
            ReloadReport report = proxy.reload();
            assertThat(report.error())
                    .contains(file + ":")
                    .contains("limits.queryMillisMax: must be a whole number, not 'soon'");
            assertThat(report.applied()).isEmpty();
            try (RawClient first = RawClient.connect(proxy.postgresqlAddress().getPort());
                    RawClient second =
                            RawClient.connect(proxy.postgresqlAddress().getPort())) {
                assertThat(first.value("SELECT 1")).isEqualTo(second.value("SELECT 1"));
            }
        }
    }

    @Test
    void whatNeedsARestartIsNamedAndStays() throws Exception {
        configure("");
        try (PgRing proxy = PgRing.start(file)) {
            configure(
                    "database: other\nlimits: {planCacheEntriesMax: 7, clientsMax: 77}\nring: {pointsPerWeight: 99}\n");
            for (int i = 0; i < 2; i++) {
                ReloadReport report = proxy.reload();
                assertThat(report.error()).isNull();
                assertThat(report.applied())
                        .hasSize(i == 0 ? 1 : 0)
                        .allMatch("limits.clientsMax=77 (was 10000)"::equals);
                assertThat(report.restart())
                        .containsExactlyInAnyOrder("database", "limits.planCacheEntriesMax", "ring.pointsPerWeight");
            }
            RawClient.connect(proxy.postgresqlAddress().getPort()).close();
        }
    }

    @Test
    void usersComeAndGo() throws Exception {
        String scram = "clients: {authentication: scram-sha-256, usersFile: users.txt}\n";
        Path users = folder.resolve("users.txt");
        Files.writeString(users, "\"postgres\" \"one\"\n");
        configure(scram);
        try (PgRing proxy = PgRing.start(file)) {
            int port = proxy.postgresqlAddress().getPort();
            assertThat(logsIn(port, "one")).isTrue();
            Files.writeString(users, "\"postgres\" \"two\"\n");
            assertThat(proxy.reload().error()).isNull();
            assertThat(logsIn(port, "one")).isFalse();
            assertThat(logsIn(port, "two")).isTrue();
            Files.writeString(users, "\"postgres\n");
            assertThat(proxy.reload().error()).contains("users.txt:1:");
            assertThat(logsIn(port, "two")).isTrue();
        }
    }

    private static boolean logsIn(int port, String password) {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=" + password;
        try (var connection = DriverManager.getConnection(url)) {
            return connection.isValid(0);
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("28P01");
            return false;
        }
    }

    @Test
    void aSignalOrAnHttpRequestReloads() throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(folder, cluster.servers().shards(), "");
                RawClient first = RawClient.connect(proxy.port())) {
            configure("limits: {clientsPerUserMax: 1}\n");
            proxy.signal("HUP");
            Eventually.holds(
                    "one client has its place", () -> refusal(proxy.port()).startsWith("53300"));
            configure("limits: {clientsPerUserMax: 2}\n");
            HttpResponse<String> answer = proxy.http().send("POST", "/reload", "");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo("{\"applied\":[\"limits.clientsPerUserMax=2 (was 1)\"],\"restart\":[]}");
            RawClient.connect(proxy.port()).close();
            configure("limits: {clientsPerUserMax: -2}\n");
            answer = proxy.http().send("POST", "/reload", "");
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains("limits.clientsPerUserMax: must be between 0 and");
            assertThat(first.value("SELECT 1")).isEqualTo("1");
            proxy.signal("HUP");
            Eventually.holds("it is in the log", () -> proxy.log().contains("configuration is not reloaded"));
        }
    }
}

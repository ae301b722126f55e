package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.SqlStates;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.AuthenticationSASL;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who comes in, and who does not. */
@ExtendWith(SharedCluster.class)
class LoginIT {
    private final Cluster cluster;

    LoginIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void passwordsAreProvedByScram(@TempDir Path folder) throws Exception {
        Path users = folder.resolve("users");
        Files.writeString(users, "\"alice\" \"wonder ☃ land\"\n\"bob\" \"builder\"\n");
        try (Cluster guarded = Cluster.start(
                plan -> plan.beside(cluster).clients(new Clients(AuthenticationMethod.SCRAM_SHA_256, users, false)))) {
            try (Connection connection = login(guarded, "alice", "wonder ☃ land")) {
                assertThat(connection.isValid(10)).isTrue();
            }
            assertThat(SqlStates.of(() -> login(guarded, "alice", "builder"))).isEqualTo("28P01");
            assertThat(SqlStates.of(() -> login(guarded, "alice", "wonder"))).isEqualTo("28P01");
            assertThat(SqlStates.of(() -> login(guarded, "mallory", "builder"))).isEqualTo("28P01");
            askedFirst(guarded, "alice", "nosuch");
            askedFirst(guarded, "mallory", "postgres");
        }
    }

    /** Strangers learn neither which users nor which databases there are. */
    private static void askedFirst(Cluster guarded, String user, String database) throws IOException {
        try (RawClient client = RawClient.open(guarded.port())) {
            client.send(RawClient.startup(Map.of("user", user, "database", database)));
            assertThat(client.read().decode()).isEqualTo(new AuthenticationSASL(List.of("SCRAM-SHA-256")));
        }
    }

    private static Connection login(Cluster guarded, String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + guarded.port() + "/postgres", user, password);
    }

    @Test
    void oneClientTooManyIsTurnedAwayUntilAnotherGoes() throws Exception {
        Limits few = new Limits(3, 64 << 20, 60_000, 1 << 20, 5_000, 10_000, 16 << 20);
        try (Cluster small = Cluster.start(plan -> plan.beside(cluster).limits(few))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(RawClient.connect(small.port()));
            }
            try (RawClient fourth = RawClient.open(small.port())) {
                fourth.send(RawClient.startup(Map.of()));
                assertThat(fourth.readToEnd())
                        .last()
                        .extracting(Reply::sqlState)
                        .isEqualTo("53300");
            }
            clients.remove(0).close();
            io.pgring.it.support.Eventually.succeeds(
                    () -> RawClient.connect(small.port()).close());
            for (RawClient client : clients) {
                assertThat(client.value("SELECT 1")).isEqualTo("1");
                client.close();
            }
        }
    }

    @Test
    void whoDoesNotLogInIsDisconnected() throws Exception {
        Limits quick = new Limits(10, 64 << 20, 200, 1 << 20, 5_000, 10_000, 16 << 20);
        try (Cluster impatient = Cluster.start(plan -> plan.beside(cluster).limits(quick));
                RawClient silent = RawClient.open(impatient.port());
                RawClient slow = RawClient.open(impatient.port())) {
            slow.sendBytes(new byte[] {0, 0, 0, 50, 0, 3});
            assertThat(silent.readToEnd()).isEmpty();
            assertThat(slow.readToEnd()).noneMatch(reply -> reply.is(BackendType.AUTHENTICATION));
            // One that is quick enough.
            Eventually.succeeds(() -> {
                try (RawClient client = RawClient.connect(impatient.port())) {
                    assertThat(client.value("SELECT pg_sleep(0.5)")).isEmpty();
                    assertThat(client.value("SELECT 1")).isEqualTo("1");
                }
            });
        }
    }
}

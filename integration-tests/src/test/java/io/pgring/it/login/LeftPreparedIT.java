package io.pgring.it.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.config.AddressRange;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.ClientRule;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.ServerUser;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.fanout.CommitGate;
import io.pgring.proxy.fanout.CommitGate.Step;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client's own user has prepared is ended by a proxy that is no superuser, but a member of that role. */
class LeftPreparedIT {
    @Test
    void whatIsLeftIsEndedAsItsOwner() throws Exception {
        try (Servers servers = Servers.running(2)) {
            servers.executeEverywhere(
                    "CREATE ROLE alice LOGIN; CREATE ROLE keeper LOGIN;"
                            + " GRANT alice TO keeper; GRANT CREATE ON DATABASE postgres TO keeper; GRANT CREATE ON SCHEMA public TO keeper");
            CommitGate losing = (step, shard) -> {
                if (step == Step.FINISH) {
                    endSessionsAtRest(servers);
                }
                return true;
            };
            Clients clients = new Clients(
                    List.of(new ClientRule(
                            ClientRule.Type.HOST,
                            List.of("all"),
                            List.of("all"),
                            AddressRange.ALL,
                            AuthenticationMethod.TRUST)),
                    null,
                    null,
                    ServerUser.CLIENT,
                    0,
                    60_000,
                    false);
            try (Cluster cluster = Cluster.start(plan -> plan.on(servers)
                    .threads(1)
                    .shard(LeftPreparedIT::asKeeper)
                    .everywhere("GRANT ALL ON kv TO alice, keeper")
                    .clients(clients)
                    .gate(losing))) {
                servers.executeEverywhere(
                        "GRANT USAGE ON SCHEMA pgring TO alice; GRANT INSERT ON pgring.commit_log TO alice");
                List<String> keys = cluster.keyOnEach("left");
                String url = "jdbc:postgresql://127.0.0.1:" + cluster.port() + "/postgres";
                try (Connection alice = DriverManager.getConnection(url, "alice", "");
                        Statement statement = alice.createStatement()) {
                    statement.execute(
                            "INSERT INTO kv VALUES ('" + keys.get(0) + "', 'x'), ('" + keys.get(1) + "', 'x')");
                    assertThat((Object) statement.getWarnings()).isNull();
                    assertThat(Sql.value(alice, "SELECT count(*) FROM kv")).isEqualTo("2");
                }
                assertThat(servers.value(1, "SELECT count(*) FROM pg_prepared_xacts"))
                        .isEqualTo("0");
            }
        }
    }

    private static void endSessionsAtRest(Servers servers) {
        try {
            servers.value(
                    1,
                    "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                            + " WHERE state = 'idle' AND usename = 'alice'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ShardConfiguration asKeeper(ShardConfiguration shard) {
        return new ShardConfiguration(
                shard.name(),
                shard.host(),
                shard.port(),
                shard.database(),
                "keeper",
                null,
                shard.tls(),
                shard.weight());
    }
}

package io.pgring.it.gather;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A table is sharded and brought home again while clients work with it: they may be refused, and are never told what is not so. */
@ExtendWith(SharedServers.class)
class DeclareTablesUnderLoadIT {
    private static final String CLEAN =
            "DROP SCHEMA IF EXISTS pgring CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public";
    private static final int CLIENTS = 6;
    private static final int ROUNDS = 2;

    private final Servers servers;
    private final AtomicBoolean over = new AtomicBoolean();

    DeclareTablesUnderLoadIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void tables() throws Exception {
        servers.executeEverywhere(CLEAN);
        servers.execute(0, "CREATE TABLE rows (id bigint PRIMARY KEY, client integer, n bigint)");
    }

    @AfterEach
    void clean() throws Exception {
        servers.executeEverywhere(CLEAN);
    }

    @Test
    void noStatementIsLostOrDoubledOrSeesHalf() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(2))) {
            work(List.of(cluster), 2 * ROUNDS);
        }
    }

    @Test
    void clientsOfAnotherProxySeeNoDifference() throws Exception {
        try (Cluster one = Cluster.start(plan -> plan.on(servers).threads(1));
                Cluster other = Cluster.start(plan -> plan.on(servers).threads(1))) {
            work(List.of(one, other), 2 * ROUNDS);
        }
    }

    private void work(List<Cluster> proxies, int moves) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<RowsClient> clients = new ArrayList<>();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                RowsClient client = new RowsClient(proxies.get(i % proxies.size()), i);
                clients.add(client);
                running.add(threads.submit(() -> client.workUntil(over::get)));
            }
            try (Connection first = proxies.get(0).connect();
                    Connection last = proxies.get(proxies.size() - 1).connect()) {
                for (int move = 0; move < moves; move++) {
                    declare(move % 4 < 2 ? first : last, move % 2 == 0);
                }
            } finally {
                over.set(true);
            }
            for (Future<?> one : running) {
                one.get();
            }
            for (RowsClient client : clients) {
                Eventually.holds("known to all proxies", client::attemptCheck);
            }
            assertThat(clients).allMatch(client -> client.done() > 0);
        } finally {
            threads.shutdownNow();
            for (RowsClient client : clients) {
                client.close();
            }
        }
    }

    /** A lock that is not to be had within seconds is no failure of the proxy. */
    private static void declare(Connection client, boolean spread) throws SQLException {
        Set<String> busy = Set.of("55P03", "40P01");
        while (true) {
            try {
                Sql.value(
                        client,
                        spread ? "SELECT create_distributed_table('rows', 'id')" : "SELECT undistribute_table('rows')");
                return;
            } catch (SQLException e) {
                if (!busy.contains(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }
}

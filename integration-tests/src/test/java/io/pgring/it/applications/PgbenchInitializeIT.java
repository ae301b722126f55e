package io.pgring.it.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Pgbench;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** pgbench makes and fills its tables through the proxy. They are distributed by branch on the way, and get keys that shards can keep. */
@ExtendWith(SharedServers.class)
class PgbenchInitializeIT {
    private static final List<String> TABLES =
            List.of("pgbench_branches", "pgbench_tellers", "pgbench_accounts", "pgbench_history");
    private static final int CLIENTS = 4;
    private static final int TRANSACTIONS = 50;

    private final Servers servers;

    PgbenchInitializeIT(Servers servers) {
        this.servers = servers;
    }

    @Test
    void emptyTablesAreDistributedAndFilled() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1));
                Connection connection = cluster.connect()) {
            run(cluster, "--initialize", "--init-steps=dt", "--scale=2");
            distribute(connection);
            run(cluster, "--initialize", "--init-steps=g", "--scale=2", "--quiet");
            addKeys(connection);
            useAndDrop(cluster, connection);
        }
    }

    @Test
    void filledTablesAreDistributed() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1));
                Connection connection = cluster.connect()) {
            run(cluster, "--initialize", "--scale=2", "--quiet");
            for (String table : List.of("accounts", "tellers")) {
                Sql.execute(connection, "ALTER TABLE pgbench_" + table + " DROP CONSTRAINT pgbench_" + table + "_pkey");
            }
            Sql.execute(connection, "ALTER TABLE pgbench_branches DROP CONSTRAINT pgbench_branches_pkey");
            distribute(connection);
            addKeys(connection);
            useAndDrop(cluster, connection);
        }
    }

    private static void distribute(Connection connection) throws Exception {
        for (String table : TABLES) {
            Sql.value(connection, "SELECT create_distributed_table('" + table + "', 'bid')");
        }
    }

    private static void addKeys(Connection connection) throws Exception {
        Sql.execute(connection, "ALTER TABLE pgbench_branches ADD PRIMARY KEY (bid)");
        Sql.execute(connection, "ALTER TABLE pgbench_tellers ADD PRIMARY KEY (tid, bid)");
        Sql.execute(connection, "ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid, bid)");
    }

    private void useAndDrop(Cluster cluster, Connection connection) throws Exception {
        run(cluster, "--builtin=tpcb-like", "--client=" + CLIENTS, "--transactions=" + TRANSACTIONS);
        assertThat(Sql.value(connection, "SELECT count(*) FROM pgbench_accounts"))
                .isEqualTo("200000");
        assertThat(Sql.value(connection, "SELECT count(*) FROM pgbench_history"))
                .isEqualTo(String.valueOf(CLIENTS * TRANSACTIONS));
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            try (Connection server = servers.connect(shard)) {
                assertThat(Sql.value(server, "SELECT count(*) < 200000 FROM pgbench_accounts"))
                        .isEqualTo("t");
            }
        }
        Sql.execute(connection, "DROP TABLE " + String.join(", ", TABLES));
    }

    private static void run(Cluster cluster, String... arguments) throws Exception {
        ProgramResult result = Pgbench.run(cluster, arguments);
        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(result.output()).doesNotContainPattern("failed transactions: [1-9]");
    }
}

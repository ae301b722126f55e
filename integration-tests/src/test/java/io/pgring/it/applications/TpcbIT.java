package io.pgring.it.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.hashring.TokenRange;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Pgbench;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.topology.KeyType;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * pgbench's own transaction, TPC-B, on tables that are sharded by branch. Accounts and tellers are named without their branch, so each
 * transaction concerns all shards. However they overlap, money is neither made nor lost.
 */
@ExtendWith(SharedServers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TpcbIT {
    private static final int SCALE = 4;
    private static final int CLIENTS = 4;
    private static final int TRANSACTIONS = 60;

    private static final String TABLES = """
            DROP TABLE IF EXISTS pgbench_branches, pgbench_tellers, pgbench_accounts, pgbench_history;
            CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88)) WITH (fillfactor = 100);
            CREATE TABLE pgbench_tellers (tid int, bid int, tbalance int, filler char(84), PRIMARY KEY (tid, bid)) WITH (fillfactor = 100);
            CREATE TABLE pgbench_accounts (aid int, bid int, abalance int, filler char(84), PRIMARY KEY (aid, bid)) WITH (fillfactor = 100);
            CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
            """;

    private final Servers servers;
    private final Cluster cluster;

    TpcbIT(Servers servers) throws Exception {
        this.servers = servers;
        this.cluster = Cluster.start(plan -> plan.on(servers)
                .threads(1)
                .everywhere(TABLES)
                .table("pgbench_branches", "bid", "")
                .table("pgbench_tellers", "bid", "")
                .table("pgbench_accounts", "bid", "")
                .table("pgbench_history", "bid", ""));
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            servers.execute(shard, rows(shard));
        }
    }

    @AfterAll
    void stop() throws Exception {
        cluster.close();
        servers.executeEverywhere("DROP TABLE pgbench_branches, pgbench_tellers, pgbench_accounts, pgbench_history");
    }

    /** The rows that {@code pgbench --initialize} makes, as far as they belong to a shard. */
    private String rows(int shard) {
        String here = KeyType.INTEGER.tokenSql("bid") + " <@ '" + TokenRange.toMultirange(cluster.arcsOf(shard))
                + "'::int8multirange";
        return "INSERT INTO pgbench_branches SELECT bid, 0, '' FROM generate_series(1, " + SCALE + ") bid WHERE " + here
                + ";"
                + "INSERT INTO pgbench_tellers SELECT tid, bid, 0, '' FROM generate_series(1, 10 * " + SCALE
                + ") tid, LATERAL (SELECT (tid - 1) / 10 + 1 AS bid) b WHERE " + here + ";"
                + "INSERT INTO pgbench_accounts SELECT aid, bid, 0, '' FROM generate_series(1, 100000 * " + SCALE
                + ") aid, LATERAL (SELECT (aid - 1) / 100000 + 1 AS bid) b WHERE " + here + ";";
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "prepared"})
    void moneyIsNeitherMadeNorLost(String protocol) throws Exception {
        List<Long> before = balances();

        ProgramResult result = Pgbench.run(
                cluster,
                "--builtin=tpcb-like",
                "--protocol=" + protocol,
                "--client=" + CLIENTS,
                "--transactions=" + TRANSACTIONS);

        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(result.output()).contains("scaling factor: " + SCALE).contains("number of failed transactions: 0 (");
        List<Long> after = balances();
        assertThat(after.get(0) - before.get(0)).isEqualTo((long) CLIENTS * TRANSACTIONS);
        long delta = after.get(1) - before.get(1);
        assertThat(after.subList(2, after.size()))
                .containsExactly(before.get(2) + delta, before.get(3) + delta, before.get(4) + delta);
    }

    /** How many transactions there have been, the sum of what they moved, and the sums of all balances. */
    private List<Long> balances() throws Exception {
        return List.of(
                number("SELECT count(*) FROM pgbench_history"),
                number("SELECT coalesce(sum(delta), 0) FROM pgbench_history"),
                number("SELECT sum(abalance) FROM pgbench_accounts"),
                number("SELECT sum(tbalance) FROM pgbench_tellers"),
                number("SELECT sum(bbalance) FROM pgbench_branches"));
    }

    @Test
    void theOtherBuiltInScriptsRun() throws Exception {
        for (String script : new String[] {"simple-update", "select-only"}) {
            ProgramResult result = Pgbench.run(cluster, "--builtin=" + script, "--client=4", "--transactions=60");
            assertThat(result.exitCode()).as(result.error()).isZero();
            assertThat(result.output()).contains("number of failed transactions: 0 (");
        }
    }

    private long number(String sql) throws Exception {
        try (Connection connection = cluster.connect()) {
            return Long.parseLong(Sql.value(connection, sql));
        }
    }
}

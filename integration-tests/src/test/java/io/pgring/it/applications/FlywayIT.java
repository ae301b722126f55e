package io.pgring.it.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Flyway migrates through the proxy: its history is an unsharded table, the migrations concern unsharded and sharded ones. */
@ExtendWith(SharedServers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlywayIT {
    private static final String DROP = "DROP TABLE IF EXISTS measurements, stations, flyway_schema_history CASCADE";

    private final Servers servers;
    private final Cluster cluster;

    FlywayIT(Servers servers) throws Exception {
        this.servers = servers;
        servers.executeEverywhere(DROP);
        this.cluster = Cluster.start(plan -> plan.on(servers)
                .threads(1)
                .table(
                        "measurements",
                        "station",
                        "CREATE TABLE measurements (station bigint, at timestamptz, value numeric)"));
    }

    @AfterAll
    void stop() throws Exception {
        cluster.close();
        servers.executeEverywhere(DROP);
    }

    @Test
    void migrationsAreAppliedOnceInOrder() throws Exception {
        Flyway flyway = Flyway.configure()
                .dataSource(cluster.jdbcUrl() + "&currentSchema=public", "postgres", "")
                .locations("classpath:migrations")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();

        MigrateResult first = flyway.migrate();
        MigrateResult second = flyway.migrate();

        assertThat(first.migrationsExecuted).isEqualTo(4);
        assertThat(second.migrationsExecuted).isZero();
        flyway.validate();
        try (Connection connection = cluster.connect()) {
            assertThat(Sql.value(connection, "SELECT count(*) FROM measurements"))
                    .isEqualTo("12");
            assertThat(Sql.value(connection, "SELECT count(*) FROM stations")).isEqualTo("3");
            assertThat(Sql.value(connection, "SELECT count(*) FROM flyway_schema_history WHERE success"))
                    .isEqualTo("5");
            assertThat(
                            Sql.value(
                                    connection,
                                    "SELECT string_agg(s.name || ' ' || m.n, ', ' ORDER BY s.name) FROM stations s"
                                            + " JOIN (SELECT station, count(*) AS n FROM measurements GROUP BY station) m ON m.station = s.id"))
                    .isEqualTo("Berlin 4, Oslo 4, Rome 4");
        }
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            assertThat(servers.value(shard, "SELECT count(*) FROM pg_indexes WHERE indexname = 'measurements_at'"))
                    .isEqualTo("1");
        }
    }
}

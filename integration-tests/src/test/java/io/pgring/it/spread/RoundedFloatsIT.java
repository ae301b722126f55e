package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Floating-point numbers that differ in their last digits, for clients that ask for fewer digits. */
@ExtendWith(SharedCluster.class)
class RoundedFloatsIT {
    private static final String GROUPS = "SELECT d, count(*) FROM events GROUP BY d ORDER BY d";

    private final Cluster cluster;
    private final EventRows rows;

    RoundedFloatsIT(Cluster cluster) {
        this.cluster = cluster;
        this.rows = new EventRows(cluster);
    }

    @BeforeEach
    void fill() throws Exception {
        rows.fill(100, "'n'");
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(client.answer("ALTER TABLE events ADD d double precision"))
                    .contains("C ALTER TABLE");
            assertThat(client.answer("UPDATE events SET d = 1 + (id % 3) * 2.220446049250313e-16::float8"))
                    .contains("C UPDATE 100");
        }
    }

    @AfterEach
    void dropColumn() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(client.answer("ALTER TABLE events DROP d")).contains("C ALTER TABLE");
        }
    }

    @Test
    void numbersThatLookAlikeAreGroupsOfTheirOwn() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(client.answer(GROUPS)).contains("C SELECT 3");

            client.query("SET extra_float_digits = 0");
            assertThat(client.answer(GROUPS)).contains("C SELECT 3");

            client.query("SET extra_float_digits TO '3'");
            assertThat(client.answer("EXPLAIN " + GROUPS)).anyMatch(line -> line.contains("3 shards"));
            assertThat(client.answer(GROUPS)).contains("C SELECT 3");
        }
    }

    @Test
    void aTransactionThatHasSetItItselfIsRefused() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query("SET LOCAL extra_float_digits = 0");
            assertThat(client.answer(GROUPS)).anyMatch(line -> line.contains("0A000"));
            client.query("ROLLBACK");
        }
    }
}

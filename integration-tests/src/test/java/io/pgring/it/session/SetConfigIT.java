package io.pgring.it.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.junit.jupiter.api.Test;

/** SELECT of set_config() is a SET or SET LOCAL on every server connection of its client, and on nobody else's. */
class SetConfigIT extends TwoClients {
    SetConfigIT(Cluster shared) {
        super(shared);
    }

    @Test
    void setConfigIsASettingOnEveryShard() throws Exception {
        assertThat(client.value("SELECT set_config('work_mem', '6MB', false)")).isEqualTo("6MB");
        assertThat(client.value("SELECT pg_catalog.set_config('my.name', 'it''s', false) AS name"))
                .isEqualTo("it's");
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            String key = cluster.keyOn(shard, "c");
            client.query("INSERT INTO kv VALUES ('" + key + "', '')");
            String read = "SELECT current_setting('work_mem') || current_setting('my.name', true) FROM kv WHERE key = '"
                    + key + "'";
            assertThat(client.value(read)).isEqualTo("6MBit's");
        }
        assertThat(other.value("SHOW work_mem")).isEqualTo("4MB");
        client.query("RESET work_mem");
        assertThat(client.value("SHOW work_mem")).isEqualTo("4MB");
        Pins.go(cluster);
        assertThat(Pins.total(cluster)).isZero();
    }

    @Test
    void setConfigOfATransactionEndsWithItOnEveryShard() throws Exception {
        client.query("BEGIN");
        client.query("SELECT set_config('my.tenant', 'a', true), set_config('work_mem', '6MB', true)");
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            String key = cluster.keyOn(shard, "t");
            client.query("INSERT INTO kv VALUES ('" + key + "', '')");
            assertThat(client.value(
                            "SELECT current_setting('my.tenant') || current_setting('work_mem') FROM kv WHERE key = '"
                                    + key + "'"))
                    .isEqualTo("a6MB");
        }
        assertThat(client.value("SELECT set_config('work_mem', '7MB', true)")).isEqualTo("7MB");
        assertThat(client.value(
                        "SELECT current_setting('work_mem') FROM kv WHERE key = '" + cluster.keyOn(1, "t") + "'"))
                .isEqualTo("7MB");
        client.query("COMMIT");
        assertThat(client.value("SHOW work_mem")).isEqualTo("4MB");
    }

    @Test
    void setConfigMayStandBesideTheSettingOfBefore() throws Exception {
        String both = "SELECT current_setting('work_mem') AS cur, set_config('work_mem', '%s', false) AS new,"
                + " current_setting('work_mem')";
        client.query(both.formatted("6MB"));
        client.query("BEGIN");
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            client.query("INSERT INTO kv VALUES ('" + cluster.keyOn(shard, "beside") + "', '')");
        }
        assertThat(client.answer(both.formatted("7MB")))
                .containsExactly(
                        "T cur:25:0 new:25:0 current_setting:25:0",
                        "D ......6MB....7MB....7MB",
                        "C SELECT 1",
                        "Z IN_TRANSACTION");
        client.query("ROLLBACK");
        assertThat(client.value("SHOW work_mem")).isEqualTo("6MB");
        assertThat(other.value("SHOW work_mem")).isEqualTo("4MB");
    }

    @Test
    void whatARollbackHasUndoneIsNotTakenForCommitted() throws Exception {
        client.query("BEGIN");
        client.query("SET work_mem = '7MB'");
        client.query("SELECT 1");
        client.query("ROLLBACK; BEGIN; SAVEPOINT s; SELECT 1 / 0");
        client.query("ROLLBACK TO s");
        client.query("COMMIT");
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            String key = cluster.keyOn(shard, "undone");
            client.query("INSERT INTO kv VALUES ('" + key + "', '')");
            assertThat(client.value("SELECT current_setting('work_mem') FROM kv WHERE key = '" + key + "'"))
                    .isEqualTo("4MB");
        }
    }

    @Test
    void setConfigTakesParameters() throws Exception {
        try (Connection connection = cluster.connect();
                PreparedStatement set = connection.prepareStatement("SELECT set_config(?, ?, ?)")) {
            set.setString(1, "Work_Mem");
            for (int i = 5; i < 15; i++) {
                set.setString(2, i + "MB");
                set.setBoolean(3, false);
                try (ResultSet rows = set.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString("set_config")).isEqualTo(i + "MB");
                }
                assertThat(Sql.value(connection, "SELECT current_setting('work_mem') FROM pg_class LIMIT 1"))
                        .isEqualTo(i + "MB");
            }
        }
    }
}

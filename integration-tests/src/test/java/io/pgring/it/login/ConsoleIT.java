package io.pgring.it.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.SqlStates;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.config.Clients;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Administrators talk to the proxy itself. */
@ExtendWith(SharedCluster.class)
class ConsoleIT {
    private static final Map<String, String> CONSOLE = Map.of("user", "root", "database", "pgring");

    private final Cluster shared;
    private Cluster cluster;

    ConsoleIT(Cluster shared) {
        this.shared = shared;
    }

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.start(
                plan -> plan.beside(shared).clients(Clients.DEFAULT.withAdmins(List.of("root", "postgres"))));
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private Connection login(String user, String queryMode) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + cluster.port() + "/pgring?preferQueryMode=" + queryMode, user, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
    void driversReadItsAnswersInEveryProtocol(String queryMode) throws Exception {
        try (Connection console = login("root", queryMode);
                Statement statement = console.createStatement()) {
            for (int i = 0; i < 7; i++) {
                assertThat(column(statement, "SHOW SHARDS", "name")).containsExactly("shard-0", "shard-1", "shard-2");
            }
            assertThat(column(statement, "show pools", "shard")).hasSize(3);
            assertThat(column(statement, "SHOW TABLES", "table")).contains("public.kv");
            assertThat(column(statement, "SHOW STATS", "statements")).hasSize(3);
            assertThat(column(statement, "SHOW RING", "shard"))
                    .hasSizeGreaterThan(100)
                    .contains("shard-2");
            assertThat(column(statement, "SHOW TRANSACTIONS", "gid")).isEmpty();
            assertThat(column(statement, "SHOW HELP", "command"))
                    .contains("SHOW SHARDS", "SHOW TRANSACTIONS", "RELOAD");
            assertThat(column(statement, "RELOAD", "key")).isEmpty();
            console.setAutoCommit(false);
            assertThat(column(statement, "SHOW VERSION", "version")).hasSize(1);
            console.commit();
        }
    }

    private static List<String> column(Statement statement, String sql, String name) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(name));
            }
        }
        return values;
    }

    @Test
    void rowsComeAsManyAtATimeAsAreAskedFor() throws Exception {
        try (Connection console = login("root", "extended");
                Statement statement = console.createStatement()) {
            console.setAutoCommit(false);
            statement.setFetchSize(2);

            assertThat(column(statement, "SHOW SHARDS", "name")).containsExactly("shard-0", "shard-1", "shard-2");
        }
    }

    @Test
    void onlyAdministratorsComeIn() {
        assertThat(SqlStates.of(() -> login("mallory", "extended"))).isEqualTo("42501");
    }

    @Test
    void whatIsNoCommandIsRefusedAndTheSessionGoesOn() throws Exception {
        try (RawClient console = RawClient.connect(cluster.port(), CONSOLE)) {
            assertThat(console.answer("SHOW NOTHING")).first().asString().contains("42601", "\"NOTHING\"");
            assertThat(console.answer("SHOW SHARDS now")).first().asString().contains("42601", "\"now\"");
            assertThat(console.answer("SELECT 1")).first().asString().contains("42601");
            assertThat(console.answer("SHOW 'open")).first().asString().contains("42601");
            assertThat(console.answer(" ; ")).containsExactly("I ", "Z IDLE");
            assertThat(console.answer("BEGIN; SHOW VERSION; COMMIT"))
                    .contains("C BEGIN", "C SHOW", "C COMMIT")
                    .endsWith("Z IDLE");
            assertThat(console.answer("SET x = 1; SELECT")).first().asString().contains("42601");
        }
    }

    @Test
    void aLongListOfCommandsIsCarriedOutAsFastAsItsAnswersAreTaken() throws Exception {
        int times = 20_000;
        for (String command : List.of("SHOW POOLS;", "SHOW VERSION;")) {
            try (RawClient console = RawClient.connect(cluster.port(), CONSOLE)) {
                List<String> answers = console.answer(command.repeat(times));

                assertThat(answers).endsWith("C SHOW", "Z IDLE");
                assertThat(answers)
                        .filteredOn(answer -> answer.equals("C SHOW"))
                        .hasSize(times);
            }
        }
    }

    @Test
    void reloadsTheConfiguration() throws Exception {
        try (RawClient console = RawClient.connect(cluster.port(), CONSOLE)) {
            assertThat(console.answer("RELOAD")).endsWith("C RELOAD", "Z IDLE");
        }
    }
}

package io.pgring.it.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import io.pgring.proxy.app.PgRing;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.Endpoint;
import io.pgring.proxy.config.Listen;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.xa.PGXADataSource;

/** What PostgreSQL JDBC has beside statements and transactions: cancel, timeouts, portions over all shards, autosave, XA, large objects. */
@ExtendWith(SharedCluster.class)
class JdbcDriverIT {
    private static final String INSERT = "INSERT INTO kv VALUES (?, ?)";

    private final Cluster cluster;

    JdbcDriverIT(Cluster cluster) {
        this.cluster = cluster;
    }

    private static List<String> keys() {
        return IntStream.range(0, 50).mapToObj("driver%03d"::formatted).toList();
    }

    private void put(List<String> keys) throws SQLException {
        try (Connection connection = cluster.connect()) {
            for (String key : keys) {
                Sql.update(connection, INSERT, key, "of " + key);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT key FROM kv WHERE key > ? ORDER BY key",
                "SELECT key FROM (SELECT key, row_number() OVER (ORDER BY key) FROM kv WHERE key > ?) AS k ORDER BY key"
            })
    void rowsOfAllShardsAreFetchedInPortions(String sql) throws SQLException {
        put(keys());
        try (Connection connection = cluster.connect("prepareThreshold=2")) {
            connection.setAutoCommit(false);
            for (int size : new int[] {1, 7, 49, 50, 51}) {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setFetchSize(size);
                    statement.setString(1, "a");
                    List<String> found = new ArrayList<>();
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            found.add(rows.getString(1));
                        }
                    }
                    assertThat(found).isEqualTo(keys());
                }
            }
            connection.commit();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT pg_sleep(600), 'cancelled by jdbc'",
                "SELECT pg_sleep(600), 'cancelled by jdbc' FROM kv WHERE key = 'driver001'",
                "SELECT key, pg_sleep(600), 'cancelled by jdbc' FROM kv WHERE key > 'a'"
            })
    void aStatementIsCancelledByAnotherThread(String sql) throws Exception {
        put(keys());
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            CompletableFuture<String> state =
                    CompletableFuture.supplyAsync(() -> SqlStates.of(() -> statement.execute(sql)));
            Eventually.holds("the statement runs", this::isRunning);
            statement.cancel();
            assertThat(state.join()).isEqualTo("57014");
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("50");
        }
    }

    private boolean isRunning() throws SQLException {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%cancelled by jdbc%' AND state = 'active'"
                + " AND pid <> pg_backend_pid()";
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            if (!cluster.servers().value(shard, sql).equals("0")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aQueryTimeoutEndsTheStatementAlone() throws SQLException {
        put(keys());
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            assertThat(SqlStates.of(() -> statement.execute("SELECT key, pg_sleep(600) FROM kv")))
                    .isEqualTo("57014");
            statement.setQueryTimeout(0);
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("50");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "conservative", "always"})
    void autosave(String mode) throws SQLException {
        List<String> keys = cluster.keyOnEach("autosave");
        try (Connection connection = cluster.connect("prepareThreshold=1&autosave=" + mode)) {
            connection.setAutoCommit(false);
            for (String key : keys) {
                Sql.update(connection, INSERT, key, "x");
            }
            assertThat(SqlStates.of(() -> Sql.update(connection, INSERT, keys.get(1), "again")))
                    .isEqualTo("23505");
            if (mode.equals("always")) {
                assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("3");
            } else {
                assertThat(SqlStates.of(() -> Sql.value(connection, "SELECT count(*) FROM kv")))
                        .isEqualTo("25P02");
            }
            connection.rollback();
        }
    }

    @Test
    void columnsTellTheirTablesAndResultsCanBeUpdated() throws SQLException {
        put(keys());
        try (Connection connection = cluster.connect();
                Statement statement =
                        connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                ResultSet rows = statement.executeQuery("SELECT key, value FROM kv WHERE key = 'driver007'")) {
            ResultSetMetaData metadata = rows.getMetaData();
            assertThat(List.of(metadata.getTableName(1), metadata.getColumnTypeName(2)))
                    .containsExactly("kv", "text");
            assertThat(rows.next()).isTrue();
            rows.updateString("value", "updated");
            rows.updateRow();
            assertThat(Sql.value(connection, "SELECT value FROM kv WHERE key = 'driver007'"))
                    .isEqualTo("updated");
        }
    }

    @Test
    void aTransactionOfATransactionManagerIsRefusedAndLeavesNothing() throws Exception {
        PGXADataSource source = new PGXADataSource();
        source.setUrl(cluster.jdbcUrl());
        XAConnection connection = source.getXAConnection();
        try {
            XAResource resource = connection.getXAResource();
            Xid xid = new TestXid();
            resource.start(xid, XAResource.TMNOFLAGS);
            Sql.update(connection.getConnection(), INSERT, "xa", "x");
            resource.end(xid, XAResource.TMSUCCESS);
            assertThatThrownBy(() -> resource.prepare(xid))
                    .isInstanceOf(XAException.class)
                    .rootCause()
                    .hasMessageContaining("PREPARE TRANSACTION");
        } finally {
            connection.close();
        }
        try (Connection other = cluster.connect()) {
            assertThat(Sql.value(other, "SELECT count(*) FROM kv")).isEqualTo("0");
        }
    }

    private static final class TestXid implements Xid {
        @Override
        public int getFormatId() {
            return 1;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return new byte[] {1};
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {2};
        }
    }

    @Test
    void largeObjectsAreOnTheHomeShard() throws SQLException {
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            var objects = connection.unwrap(PGConnection.class).getLargeObjectAPI();
            long oid = objects.createLO();
            try (var object = objects.open(oid)) {
                object.write(new byte[] {1, 2, 3});
            }
            connection.commit();
            try (var object = objects.open(oid)) {
                assertThat(object.read(10)).containsExactly(1, 2, 3);
            }
            objects.delete(oid);
            connection.commit();
        }
    }

    @Test
    void aNewConnectionAfterARestartOfTheProxy() throws Exception {
        Configuration before = cluster.configuration();
        Endpoint free = new Endpoint("127.0.0.1", 0);
        PgRing first = PgRing.start(listening(before, free, free));
        int port = first.postgresqlAddress().getPort();
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
        try (Connection connection = DriverManager.getConnection(url)) {
            Sql.update(connection, INSERT, "restart", "x");
            first.close();
            assertThat(connection.isValid(5)).isFalse();
            try (PgRing second = PgRing.start(listening(before, new Endpoint("127.0.0.1", port), free));
                    Connection again = DriverManager.getConnection(url)) {
                assertThat(second.postgresqlAddress().getPort()).isEqualTo(port);
                assertThat(Sql.value(again, "SELECT value FROM kv WHERE key = 'restart'"))
                        .isEqualTo("x");
            }
        }
    }

    private static Configuration listening(Configuration like, Endpoint postgresql, Endpoint http) {
        return new Configuration(
                new Listen(postgresql, http),
                like.database(),
                like.clients(),
                like.shards(),
                like.tables(),
                like.ring(),
                like.pool(),
                like.modes(),
                like.limits(),
                like.moves(),
                like.threads());
    }
}

package io.pgring.it.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.RowStream;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vert.x PostgreSQL client: pipelines by default, binary values, cursors, many commands of one connection at once. */
@ExtendWith(SharedCluster.class)
class VertxPgClientIT {
    private static final int PIPELINE = 256;
    private static final String INSERT = "INSERT INTO kv (key, value) VALUES ($1, $2)";
    private static final String SELECT = "SELECT value FROM kv WHERE key = $1";
    private static final Vertx VERTX = Vertx.vertx();

    private final Cluster cluster;

    VertxPgClientIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @AfterAll
    static void closeVertx() {
        get(VERTX.close());
    }

    private PgConnectOptions options() {
        return new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(cluster.port())
                .setUser("postgres")
                .setDatabase("postgres")
                .setPipeliningLimit(PIPELINE);
    }

    private void with(PgConnectOptions options, Consumer<PgConnection> run) {
        PgConnection connection = get(PgConnection.connect(VERTX, options));
        try {
            run.accept(connection);
        } finally {
            get(connection.close());
        }
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private static String sqlState(Future<?> future) {
        return get(future.map("no error")
                .recover(error -> Future.succeededFuture(
                        error instanceof PgException failure ? failure.getSqlState() : error.toString())));
    }

    private static List<String> strings(RowSet<Row> rows) {
        List<String> values = new ArrayList<>();
        rows.forEach(row -> values.add(row.getString(0)));
        return values;
    }

    private static Future<RowSet<Row>> put(SqlClient client, String key) {
        return client.preparedQuery(INSERT).execute(Tuple.of(key, "of " + key));
    }

    private static Future<RowSet<Row>> select(SqlClient client, String key) {
        return client.preparedQuery(SELECT).execute(Tuple.of(key));
    }

    private static long count(SqlClient client) {
        return get(client.query("SELECT count(*) FROM kv").execute())
                .iterator()
                .next()
                .getLong(0);
    }

    private static List<String> keys(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "%s%03d".formatted(prefix, i))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyCommandsAreUnderWayAtOnce(boolean cached) {
        List<String> keys = keys("piped", 200);
        with(options().setCachePreparedStatements(cached), connection -> {
            get(Future.all(keys.stream().map(key -> put(connection, key)).toList()));
            List<Future<RowSet<Row>>> found =
                    keys.stream().map(key -> select(connection, key)).toList();
            for (int i = 0; i < keys.size(); i++) {
                assertThat(strings(get(found.get(i)))).containsExactly("of " + keys.get(i));
            }
        });
    }

    @Test
    void anErrorAmongManyIsItsOwn() {
        List<String> keys = keys("own", 20);
        with(options(), connection -> {
            get(put(connection, keys.get(10)));
            List<Future<RowSet<Row>>> done =
                    keys.stream().map(key -> put(connection, key)).toList();
            for (int i = 0; i < done.size(); i++) {
                assertThat(sqlState(done.get(i))).isEqualTo(i == 10 ? "23505" : "no error");
            }
            assertThat(count(connection)).isEqualTo(20);
        });
    }

    @Test
    void batchesAreOneTransactionOverAllShards() {
        with(options(), connection -> {
            List<Tuple> rows = keys("batch", 60).stream()
                    .map(key -> Tuple.of(key, "of " + key))
                    .toList();
            get(connection.preparedQuery(INSERT).executeBatch(rows));
            assertThat(count(connection)).isEqualTo(60);
            List<Tuple> twice = List.of(Tuple.of("a", "x"), Tuple.of("b", "x"), Tuple.of("c", "x"), Tuple.of("a", "x"));
            assertThat(sqlState(connection.preparedQuery(INSERT).executeBatch(twice)))
                    .isEqualTo("23505");
            assertThat(count(connection)).isEqualTo(60);
        });
    }

    @Test
    void valuesComeBackAsTheyWere() {
        UUID id = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        with(options(), connection -> {
            get(connection.preparedQuery("INSERT INTO devices VALUES ($1, $2)").execute(Tuple.of(id, "wörd")));
            get(connection.preparedQuery("INSERT INTO events VALUES ($1, $2)").execute(Tuple.of(42L, "note")));
            Row device = get(connection
                            .preparedQuery("SELECT id, note FROM devices WHERE id = $1")
                            .execute(Tuple.of(id)))
                    .iterator()
                    .next();
            assertThat(List.of(device.getUUID(0), device.getString(1))).containsExactly(id, "wörd");
            Row event = get(connection
                            .preparedQuery("SELECT id, note, now() FROM events ORDER BY id")
                            .execute())
                    .iterator()
                    .next();
            assertThat(event.getLong(0)).isEqualTo(42);
            assertThat(event.getOffsetDateTime(2)).isNotNull();
        });
    }

    @Test
    void transactionsOverAllShards() {
        List<String> keys = cluster.keyOnEach("vertx");
        with(options(), connection -> {
            Transaction undone = get(connection.begin());
            keys.forEach(key -> get(put(connection, key)));
            get(undone.rollback());
            assertThat(count(connection)).isZero();
            Transaction done = get(connection.begin());
            get(Future.all(keys.stream().map(key -> put(connection, key)).toList()));
            get(done.commit());
            assertThat(count(connection)).isEqualTo(3);
            get(connection.query("BEGIN").execute());
            get(connection.query("SAVEPOINT s").execute());
            assertThat(sqlState(put(connection, keys.get(1)))).isEqualTo("23505");
            get(connection.query("ROLLBACK TO SAVEPOINT s").execute());
            get(put(connection, "another"));
            get(connection.query("COMMIT").execute());
            assertThat(count(connection)).isEqualTo(4);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT key FROM kv WHERE key > $1 ORDER BY key",
                "SELECT key FROM (SELECT key, row_number() OVER (ORDER BY key) FROM kv WHERE key > $1) AS k ORDER BY key"
            })
    void cursorsAndStreams(String sql) throws Exception {
        List<String> keys = keys("cursor", 50);
        try (Closing closing = new Closing(get(PgConnection.connect(VERTX, options())))) {
            PgConnection connection = closing.connection;
            keys.forEach(key -> get(put(connection, key)));
            Transaction transaction = get(connection.begin());
            PreparedStatement statement = get(connection.prepare(sql));
            Cursor cursor = statement.cursor(Tuple.of("a"));
            List<String> found = new ArrayList<>();
            do {
                found.addAll(strings(get(cursor.read(7))));
            } while (cursor.hasMore());
            assertThat(found).isEqualTo(keys);
            get(cursor.close());

            List<String> streamed = new ArrayList<>();
            CompletableFuture<Void> ended = new CompletableFuture<>();
            RowStream<Row> stream = statement.createStream(9, Tuple.of("a"));
            stream.exceptionHandler(ended::completeExceptionally);
            stream.endHandler(ended::complete);
            stream.handler(row -> streamed.add(row.getString(0)));
            ended.get(60, TimeUnit.SECONDS);
            assertThat(streamed).isEqualTo(keys);
            get(transaction.commit());
            assertThat(strings(get(select(connection, keys.get(0))))).containsExactly("of " + keys.get(0));
        }
    }

    private record Closing(PgConnection connection) implements AutoCloseable {
        @Override
        public void close() {
            get(connection.close());
        }
    }

    @Test
    void aStatementIsCancelledAndTheSessionGoesOn() {
        with(options(), connection -> {
            Future<RowSet<Row>> running = connection
                    .query("SELECT pg_sleep(600), 'cancelled by vertx'")
                    .execute();
            Eventually.holds("the statement runs", this::isRunning);
            get(connection.cancelRequest());
            assertThat(sqlState(running)).isEqualTo("57014");
            assertThat(count(connection)).isZero();
        });
    }

    private boolean isRunning() throws java.sql.SQLException {
        String sql =
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%cancelled by vertx%' AND state = 'active'"
                        + " AND pid <> pg_backend_pid()";
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            if (!cluster.servers().value(shard, sql).equals("0")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aPoolWithItsOptions() {
        PgConnectOptions options =
                options().addProperty("application_name", "vertx app").addProperty("lock_timeout", "12s");
        Pool pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(8))
                .connectingTo(options)
                .using(VERTX)
                .build();
        try {
            List<String> keys = keys("pool", 100);
            get(Future.all(keys.stream().map(key -> put(pool, key)).toList()));
            for (String key : keys) {
                assertThat(strings(get(select(pool, key)))).containsExactly("of " + key);
            }
            assertThat(strings(get(pool.query("SHOW application_name").execute())))
                    .containsExactly("vertx app");
            assertThat(strings(get(pool.query("SHOW lock_timeout").execute()))).containsExactly("12s");
            assertThat(get(pool.withTransaction(client -> put(client, "in-transaction")))
                            .rowCount())
                    .isEqualTo(1);
        } finally {
            get(pool.close());
        }
    }
}

package io.pgring.it.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import io.r2dbc.postgresql.api.PostgresqlStatement;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** r2dbc-postgresql: binary values, pipelines of its own, portals that are read in portions. */
@ExtendWith(SharedCluster.class)
class R2dbcIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String INSERT = "INSERT INTO kv (key, value) VALUES ($1, $2)";
    private static final String SELECT = "SELECT value FROM kv WHERE key = $1";

    private final Cluster cluster;

    R2dbcIT(Cluster cluster) {
        this.cluster = cluster;
    }

    private void with(Consumer<PostgresqlConnection> run) {
        with(builder -> {}, run);
    }

    private void with(Consumer<PostgresqlConnectionConfiguration.Builder> options, Consumer<PostgresqlConnection> run) {
        PostgresqlConnectionConfiguration.Builder builder = PostgresqlConnectionConfiguration.builder()
                .host("127.0.0.1")
                .port(cluster.port())
                .username("postgres")
                .database("postgres");
        options.accept(builder);
        PostgresqlConnection connection = one(new PostgresqlConnectionFactory(builder.build()).create());
        try {
            run.accept(connection);
        } finally {
            connection.close().block(PATIENCE);
        }
    }

    private static <T> T one(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    private static <T> List<T> all(Publisher<T> publisher) {
        return one(Flux.from(publisher).collectList());
    }

    private static List<String> strings(PostgresqlStatement statement) {
        return all(statement.execute().flatMap(result -> result.map((row, metadata) -> row.get(0, String.class))));
    }

    private static long rowsOf(PostgresqlStatement statement) {
        return all(statement.execute().flatMap(PostgresqlResult::getRowsUpdated)).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static void put(PostgresqlConnection connection, List<String> keys) {
        for (String key : keys) {
            assertThat(rowsOf(connection.createStatement(INSERT).bind("$1", key).bind("$2", "of " + key)))
                    .isEqualTo(1);
        }
    }

    private static List<String> value(PostgresqlConnection connection, String key) {
        return strings(connection.createStatement(SELECT).bind("$1", key));
    }

    private static String count(PostgresqlConnection connection) {
        return strings(connection.createStatement("SELECT count(*)::text FROM kv"))
                .get(0);
    }

    private static String sqlState(Runnable run) {
        try {
            run.run();
            return "no error";
        } catch (R2dbcException e) {
            return String.valueOf(e.getSqlState());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2})
    void statementsAreKeptOrNot(int preparedStatements) {
        with(builder -> builder.preparedStatementCacheQueries(preparedStatements), connection -> {
            List<String> keys = IntStream.range(0, 30).mapToObj(i -> "kept" + i).toList();
            put(connection, keys);
            for (int round = 0; round < 7; round++) {
                for (String key : keys) {
                    assertThat(value(connection, key)).containsExactly("of " + key);
                }
                assertThat(count(connection)).isEqualTo("30");
            }
        });
    }

    @Test
    void aBatchOfBindingsAndABatchOfTexts() {
        with(connection -> {
            PostgresqlStatement statement = connection.createStatement(INSERT);
            for (int i = 0; i < 40; i++) {
                if (i > 0) {
                    statement.add();
                }
                statement.bind("$1", "batch" + i).bind("$2", "of batch" + i);
            }
            assertThat(rowsOf(statement)).isEqualTo(40);
            assertThat(all(connection
                            .createBatch()
                            .add("SELECT 1")
                            .add("SELECT 2")
                            .execute()
                            .flatMap(result -> result.map((row, metadata) -> row.get(0, Integer.class)))))
                    .containsExactly(1, 2);
            assertThat(count(connection)).isEqualTo("40");
        });
    }

    @Test
    void valuesComeBackAsTheyWere() {
        UUID id = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        with(connection -> {
            rowsOf(connection
                    .createStatement("INSERT INTO devices VALUES ($1, $2)")
                    .bind("$1", id)
                    .bind("$2", "wörd"));
            rowsOf(connection
                    .createStatement("INSERT INTO events VALUES ($1, $2)")
                    .bind("$1", 42L)
                    .bind("$2", "note"));
            rowsOf(connection
                    .createStatement("INSERT INTO blobs VALUES ($1, $2)")
                    .bind("$1", "blob")
                    .bind("$2", new byte[] {0, 1, -1}));
            assertThat(strings(connection
                            .createStatement("SELECT note FROM devices WHERE id = $1")
                            .bind("$1", id)))
                    .containsExactly("wörd");
            assertThat(strings(connection
                            .createStatement("SELECT note FROM events WHERE id = $1")
                            .bind("$1", 42)))
                    .containsExactly("note");
            assertThat(all(connection
                            .createStatement("SELECT body FROM blobs WHERE key = $1")
                            .bind("$1", "blob")
                            .execute()
                            .flatMap(result -> result.map((row, metadata) -> row.get(0, byte[].class)))))
                    .containsExactly(new byte[] {0, 1, -1});
        });
    }

    @Test
    void transactionsAndSavepointsOverAllShards() {
        List<String> keys = cluster.keyOnEach("r2dbc");
        with(connection -> {
            connection.beginTransaction().block(PATIENCE);
            put(connection, keys);
            connection.rollbackTransaction().block(PATIENCE);
            assertThat(count(connection)).isEqualTo("0");

            connection.beginTransaction(IsolationLevel.READ_COMMITTED).block(PATIENCE);
            put(connection, keys.subList(0, 1));
            connection.createSavepoint("s").block(PATIENCE);
            put(connection, keys.subList(1, 3));
            assertThat(sqlState(() -> put(connection, keys.subList(0, 1)))).isEqualTo("23505");
            connection.rollbackTransactionToSavepoint("s").block(PATIENCE);
            put(connection, keys.subList(1, 2));
            connection.commitTransaction().block(PATIENCE);
            assertThat(count(connection)).isEqualTo("2");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT key FROM kv WHERE key > $1 ORDER BY key",
                "SELECT key FROM (SELECT key, row_number() OVER (ORDER BY key) FROM kv WHERE key > $1) AS k ORDER BY key"
            })
    void rowsAreFetchedInPortions(String sql) {
        List<String> keys =
                IntStream.range(0, 50).mapToObj("portion%03d"::formatted).toList();
        with(connection -> {
            put(connection, keys);
            assertThat(strings(connection.createStatement(sql).bind("$1", "a").fetchSize(7)))
                    .isEqualTo(keys);
            connection.beginTransaction().block(PATIENCE);
            assertThat(strings(connection.createStatement(sql).bind("$1", "a").fetchSize(7)))
                    .isEqualTo(keys);
            connection.commitTransaction().block(PATIENCE);
            assertThat(one(connection
                            .createStatement(sql)
                            .bind("$1", "a")
                            .fetchSize(7)
                            .execute()
                            .flatMap(result -> result.map((row, metadata) -> row.get(0, String.class)))
                            .take(10)
                            .collectList()))
                    .isEqualTo(keys.subList(0, 10));
            assertThat(value(connection, keys.get(3))).containsExactly("of " + keys.get(3));
        });
    }

    @Test
    void aStatementIsCancelledAndTheSessionGoesOn() {
        with(connection -> {
            Mono<String> cancelled = connection
                    .createStatement("SELECT pg_sleep(600), 'cancelled by r2dbc'")
                    .execute()
                    .flatMap(PostgresqlResult::getRowsUpdated)
                    .then(Mono.just("no error"))
                    .onErrorResume(R2dbcException.class, error -> Mono.just(String.valueOf(error.getSqlState())));
            var state = cancelled.toFuture();
            Eventually.holds("the statement runs", () -> isRunning());
            connection.cancelRequest().block(PATIENCE);
            assertThat(state.join()).isEqualTo("57014");
            assertThat(count(connection)).isEqualTo("0");
        });
    }

    private boolean isRunning() throws java.sql.SQLException {
        String sql =
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%cancelled by r2dbc%' AND state = 'active'"
                        + " AND pid <> pg_backend_pid()";
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            if (!cluster.servers().value(shard, sql).equals("0")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void optionsOfTheStartUpMessage() {
        with(
                builder -> builder.applicationName("r2dbc app").options(java.util.Map.of("lock_timeout", "12s")),
                connection -> {
                    assertThat(strings(connection.createStatement("SHOW application_name")))
                            .containsExactly("r2dbc app");
                    assertThat(strings(connection.createStatement("SHOW lock_timeout")))
                            .containsExactly("12s");
                    connection.setLockWaitTimeout(Duration.ofSeconds(9)).block(PATIENCE);
                    assertThat(strings(connection.createStatement("SHOW lock_timeout")))
                            .containsExactly("9s");
                });
    }

    @Test
    void rowsAreCopiedIn() {
        with(connection -> {
            String rows = String.join(
                    "",
                    IntStream.range(0, 200).mapToObj(i -> "copy" + i + "\tx\n").toList());
            io.netty.buffer.ByteBuf data =
                    io.netty.buffer.Unpooled.copiedBuffer(rows, java.nio.charset.StandardCharsets.UTF_8);
            assertThat(one(connection.copyIn("COPY kv FROM STDIN", Mono.just(data))))
                    .isEqualTo(200L);
            assertThat(count(connection)).isEqualTo("200");
        });
    }
}

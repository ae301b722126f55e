package io.pgring.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.proxy.app.load.LoadPlan;
import io.pgring.proxy.app.load.LoadResult;
import io.pgring.proxy.app.load.LoadRun;
import io.pgring.proxy.app.load.PhaseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The load is right about what it finds: here at one server, without a proxy. */
class LoadRunIT {
    private static EmbeddedShards shards;

    private final List<String> phases = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        shards = EmbeddedShards.temporary(1);
    }

    @AfterAll
    static void stop() throws Exception {
        shards.close();
    }

    @BeforeEach
    void table() throws Exception {
        shards.execute(0, "DROP TABLE IF EXISTS kv; CREATE TABLE kv (key text PRIMARY KEY, value text)");
    }

    @Test
    void everyKeyIsWrittenAndReadOnce() throws Exception {
        LoadResult result = new LoadRun(plan(1003, 1, 0), this::observe).run();

        assertThat(result.isGood()).isTrue();
        assertThat(result.loading().count()).isEqualTo(1003);
        assertThat(result.reads().count()).isEqualTo(1003);
        assertThat(result.rewrites().count()).isZero();
        assertThat(result.reads().latencyMicros(99)).isPositive();
        assertThat(phases).containsExactly("writing 1003", "reading 1003");
        assertThat(rows("SELECT count(*) FROM kv")).isEqualTo(1003);
    }

    @Test
    void someVisitsWriteAgainAndEveryReadSeesTheLastWrite() throws Exception {
        LoadResult result = new LoadRun(plan(10, 0.5, 1), this::observe).run();

        assertThat(result.isGood()).isTrue();
        assertThat(result.reads().count()).isPositive();
        assertThat(result.rewrites().count()).isPositive();
        assertThat(phases).containsExactly("writing 10", "reading and writing 1000");
    }

    @Test
    void wrongValuesAndMissingRowsAreFound() throws Exception {
        shards.execute(
                0,
                "CREATE OR REPLACE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " NEW.value := CASE WHEN NEW.key = 'user_7' THEN 'other' ELSE NEW.value END;"
                        + " IF NEW.key = 'user_8' THEN NEW.key := 'elsewhere'; END IF;"
                        + " RETURN NEW; END $$;"
                        + " CREATE TRIGGER spoil BEFORE INSERT ON kv FOR EACH ROW EXECUTE FUNCTION spoil()");

        LoadResult result = new LoadRun(plan(100, 1, 0), this::observe).run();

        assertThat(result.isGood()).isFalse();
        assertThat(result.wrongValues()).isEqualTo(2);
        assertThat(result.errors()).isZero();
        assertThat(result.complaints())
                .containsOnlyKeys(
                        "wrong: a read found another value than the one written (such as key user_N)",
                        "wrong: a read found no row (such as key user_N)");
    }

    @Test
    void errorsAreCountedWithTheirReasons() throws Exception {
        shards.execute(0, "ALTER TABLE kv ADD CHECK (key <> 'user_5')");

        LoadResult result = new LoadRun(plan(10, 1, 0), this::observe).run();

        assertThat(result.errors()).isEqualTo(1);
        assertThat(result.wrongValues()).isZero();
        assertThat(result.loading().count()).isEqualTo(9);
        assertThat(result.complaints().keySet()).singleElement().asString().startsWith("23514 ");
    }

    @Test
    void brokenConnectionsAreErrorsAfterWhichTheLoadGoesOn() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        Thread breaker = new Thread(() -> {
            try {
                reading.await();
                shards.execute(
                        0,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE application_name = 'load' AND pid <> pg_backend_pid()");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        breaker.start();

        LoadResult result = new LoadRun(plan(50, 0.5, 2), (name, total, done) -> {
                    if (!name.equals("writing")) {
                        reading.countDown();
                    }
                    return () -> {};
                })
                .run();
        breaker.join();

        assertThat(result.gaveUp()).isNull();
        assertThat(result.wrongValues()).isZero();
        assertThat(result.errors()).isBetween(1L, 4L);
        assertThat(result.reads().count()).isPositive();
    }

    private PhaseObserver.Phase observe(String name, long total, LongSupplier done) {
        phases.add(name + " " + total);
        return () -> assertThat(done.getAsLong()).isGreaterThanOrEqualTo(total);
    }

    private static LoadPlan plan(int keys, double readRatio, int seconds) {
        return new LoadPlan(
                shards.jdbcUrl(0),
                Map.of("ApplicationName", "load"),
                "kv",
                "user_",
                keys,
                4,
                readRatio,
                seconds,
                100,
                42);
    }

    private static long rows(String sql) throws Exception {
        try (var connection = shards.connect(0);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}

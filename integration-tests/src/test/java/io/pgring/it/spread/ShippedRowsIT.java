package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Idleness;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.config.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of a transaction that its other shards hand to the home shard are what they were, are not too many, and leave nothing behind. */
class ShippedRowsIT {
    private static final int MESSAGE_BYTES_MAX = 64 << 10;

    /** A shard that has dropped a column has rows of another shape than one that never had it. */
    private static final String THINGS = """
            CREATE TABLE things (id bigint PRIMARY KEY, gone text, s smallint, i integer, n numeric, m numeric(10,2),
                r real, d double precision, b boolean, y bytea, u uuid, day date, t time(3), ts timestamp,
                tz timestamptz(3), ttz timetz, iv interval, j json, jb jsonb, a integer[], ta text[], c char(5),
                v varchar(8), x name, q "char", mo mood, sh short, ma mood[], p pair, pa pair[], rg int4range,
                mr int4multirange, ip inet, mac macaddr, bits bit varying, pt point, ve tsvector, o oid,
                g text GENERATED ALWAYS AS ('g' || id) STORED, e text);
            ALTER TABLE things DROP COLUMN gone
            """;

    private static final String TYPES = """
            DROP TABLE IF EXISTS things; DROP TYPE IF EXISTS mood, pair CASCADE; DROP DOMAIN IF EXISTS short;
            CREATE TYPE mood AS ENUM ('so "so"', 'sad, very');
            CREATE DOMAIN short AS text CHECK (length(value) < 50);
            CREATE TYPE pair AS (one text, two short)
            """;

    private static final String ROWS = """
            INSERT INTO things (id) SELECT generate_series(1, 12);
            INSERT INTO things (id, s, i, n, m, r, d, b, y, u, day, t, ts, tz, ttz, iv, j, jb, a, ta, c, v, x, q, mo, sh, ma, p, pa, rg,
                mr, ip, mac, bits, pt, ve, o, e) SELECT id, -32768, 2147483647, 'NaN', 1.5, '1e-37'::real, 0.1 + 0.2, true, '\\x00ff5c22', gen_random_uuid(),
                '0044-03-15 BC', '23:59:59.999', 'infinity', '2026-03-29 01:30:00.123+00', '12:00:00+05:45', '-1 year 2 days -03:04:05.678',
                '{"a" : "b\\\\"}', '{"a": [1, null]}', '{{1,NULL},{3,4}}', ARRAY['', NULL, 'NULL', 'a,b', '{"', 'back\\'], 'a ',
                'v  ', 'name', '\\001', 'so "so"', '', ARRAY['sad, very']::mood[], ROW('a "quoted" \\'::text, NULL::short)::pair, ARRAY[ROW('('::text, ')'::short)::pair, NULL],
                '[1,5)', '{[1,3),[7,8)}', '::1/64', '08:00:2b:01:02:03', B'10110', '(1.5,-0)', 'fat cats', 4294967295,
                E'line\\nbreak\\ttab "quoted" ''single'' \\\\ (x,y) {z}'
            FROM generate_series(13, 24) AS id;
            INSERT INTO things (id, n, d, r, iv, e) SELECT id, random()::numeric ^ 30 * 1e40, random() ^ 5, random() ^ 5,
                make_interval(secs => random() * 1e6), '' FROM generate_series(25, 60) AS id
            """;

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        Limits few = new Limits(100, MESSAGE_BYTES_MAX, 60_000, 1 << 20, 5_000, 10_000, 16 << 20);
        cluster = Cluster.start(plan -> plan.limits(few)
                .table("things", "id", TYPES + ";" + THINGS)
                .table("wide", "id", "CREATE TABLE IF NOT EXISTS wide (id bigint PRIMARY KEY, note text)"));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void fill() throws Exception {
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            int here = shard;
            String others = LongStream.rangeClosed(1, 60)
                    .filter(id -> cluster.shardOf(id) != here)
                    .mapToObj(Long::toString)
                    .reduce("0", (all, id) -> all + ", " + id);
            cluster.servers()
                    .execute(
                            shard,
                            "TRUNCATE things, wide; " + ROWS + "; DELETE FROM things WHERE id IN (" + others + ")");
        }
    }

    private static long idOn(int shard) {
        return LongStream.rangeClosed(1, 60)
                .filter(id -> cluster.shardOf(id) == shard)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void valuesOfAllTypesAreWhatTheyWere() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            expected.add(cluster.servers()
                    .value(shard, "SELECT string_agg(md5((t.*)::text), ' ' ORDER BY id) FROM things t"));
        }
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                String ids = cluster.servers().value(shard, "SELECT string_agg(id::text, ',') FROM things");
                assertThat(client.value("SELECT string_agg(md5((a.*)::text), ' ' ORDER BY a.id) FROM things a"
                                + " WHERE a.id NOT IN (SELECT b.id FROM things b WHERE b.id NOT IN (" + ids + "))"))
                        .isEqualTo(expected.get(shard));
            }
            client.query("COMMIT");
        }
    }

    @Test
    void tooManyRowsAreAnErrorThatSaysWhatToDo() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            assertThat(client.answer("INSERT INTO wide (id, note) VALUES (1, 'a'), (2, 'b'), (3, 'c')"))
                    .contains("C INSERT 0 3");
            assertThat(client.answer("UPDATE wide SET note = repeat('x', 20000)"))
                    .contains("C UPDATE 3");
            assertThat(client.value("SELECT count(*) FROM wide a JOIN wide b ON a.note = b.note"))
                    .isEqualTo("9");

            assertThat(client.answer("INSERT INTO wide (id, note) VALUES (4, repeat('x', 20000))"))
                    .contains("C INSERT 0 1");
            assertThat(client.answer("SELECT count(*) FROM wide a JOIN wide b ON a.note = b.note"))
                    .anyMatch(line -> line.contains(" 54000 "))
                    .last()
                    .isEqualTo("Z FAILED");
            client.query("ROLLBACK");
        }
        Idleness.comes(cluster);
    }

    @Test
    void theTransactionCanStillBePreparedOnAllShards() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                assertThat(client.answer("UPDATE things SET e = 'new' WHERE id = " + idOn(shard)))
                        .contains("C UPDATE 1");
            }
            assertThat(client.value("SELECT count(*) FROM things a JOIN things b ON a.e = b.e WHERE a.e = 'new'"))
                    .isEqualTo("9");
            assertThat(client.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
        }
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            assertThat(cluster.servers().value(shard, "SELECT e FROM things WHERE id = " + idOn(shard)))
                    .isEqualTo("new");
            assertThat(cluster.servers().value(shard, "SELECT count(*) FROM pg_prepared_xacts"))
                    .isEqualTo("0");
        }
        Idleness.comes(cluster);
    }

    @Test
    void onlyRowsThatMeetTheConditionsTravel() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query("INSERT INTO wide (id, note) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
            client.query("UPDATE wide SET note = repeat('x', 100000) WHERE id = 2");
            assertThat(client.value(
                            "SELECT sum(w.id) FROM wide w JOIN things t ON t.i = w.id - 1 OR t.id = 5 WHERE w.id <> 2"))
                    .isEqualTo("4");
            client.query("ROLLBACK");
        }
    }
}

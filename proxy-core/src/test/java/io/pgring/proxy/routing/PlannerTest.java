package io.pgring.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.hashring.Token;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.metrics.PinReason;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
    private static final int[] NONE = new int[0];
    private static final int OID_INT4 = 23;
    private static final int OID_BPCHAR = 1042;

    private final Topology topology = Topologies.ofShards(5);
    private final Planner planner = new Planner(() -> topology, 100);

    private Route route(String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        return planner.route(planner.plan(text, 0, text.length));
    }

    private @Nullable Route bind(String sql, int[] oids, int format, byte[] @Nullable ... values) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        BoundPlan plan = planner.bind(planner.plan(text, 0, text.length), oids);
        ByteBuf message = Unpooled.buffer();
        new Bind("", "", new int[] {format}, values, NONE).encode(message);
        BindView view = new BindView();
        ByteBuf body = message.slice(5, message.readableBytes() - 5);
        view.wrap(body);
        return planner.route(plan, view, body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Route single(int token) {
        return new Route.Single(topology.shards().get(topology.shardOf(token)));
    }

    @Test
    void aLiteralKeyChoosesTheShardThatOwnsItsToken() {
        for (int i = 0; i < 1000; i++) {
            String key = "user_" + i;
            Route expected = single(Token.ofText(key));
            assertThat(route("SELECT * FROM kv WHERE key = '" + key + "'")).isEqualTo(expected);
            assertThat(route("INSERT INTO kv VALUES ('" + key + "', 'x')")).isEqualTo(expected);
            assertThat(route("UPDATE kv SET value = 'y' WHERE key = '" + key + "'"))
                    .isEqualTo(expected);
            assertThat(route("DELETE FROM public.kv t WHERE t.key = '" + key + "'"))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOTIFY a",
                "NOTIFY a, 'b'",
                "SELECT pg_notify('a', 'b')",
                "SELECT pg_notify('a', name) FROM unsharded"
            })
    void notificationsAreSentByTheHomeShardAndWrite(String sql) {
        byte[] text = bytes(sql);
        Plan plan = planner.plan(text, 0, text.length);
        assertThat(planner.route(plan)).isEqualTo(planner.home());
        assertThat(plan.writes()).isTrue();
        assertThat(plan.notifies()).isTrue();
    }

    @Test
    void whatAStatementLeavesIsKnownAlsoWhenItNotifies() {
        byte[] locks = bytes("SELECT pg_advisory_lock(1), pg_notify('a', 'b')");
        assertThat(planner.plan(locks, 0, locks.length).leaves()).containsExactly(PinReason.ADVISORY_LOCKS);
        byte[] creates = bytes("CREATE TEMP TABLE t AS SELECT pg_notify('a', 'b')");
        assertThat(planner.plan(creates, 0, creates.length).leaves()).containsExactly(PinReason.TEMPORARY_OBJECTS);
        byte[] asks = bytes("SELECT pg_notify('a', currval('s')::text)");
        assertThat(planner.plan(asks, 0, asks.length).asksSequences()).isTrue();
        byte[] declares = bytes("DECLARE c CURSOR FOR SELECT currval('s')");
        assertThat(planner.plan(declares, 0, declares.length).asksSequences()).isTrue();
    }

    /** Any server can notify, but tables are where they are. */
    @Test
    void onlyANotificationAloneGoesWhereTheTransactionIs() {
        byte[] alone = bytes("SELECT pg_notify('a', $1)");
        assertThat(planner.plan(alone, 0, alone.length).single()).isEqualTo(new PlannedStatement.Notification());
        byte[] inserts = bytes("INSERT INTO unsharded (name) VALUES ('x') RETURNING pg_notify('a', name)");
        assertThat(planner.plan(inserts, 0, inserts.length).single()).isInstanceOf(PlannedStatement.Home.class);
        byte[] locks = bytes("SELECT pg_advisory_xact_lock(7), pg_notify('a', 'b')");
        assertThat(planner.plan(locks, 0, locks.length).single()).isInstanceOf(PlannedStatement.Home.class);
        byte[] nested = bytes("SELECT pg_notify('a', nextval('s')::text)");
        assertThat(planner.plan(nested, 0, nested.length).single()).isInstanceOf(PlannedStatement.Home.class);
    }

    @Test
    void aNameThatIsTooLongIsCutWithANotice() {
        byte[] text = bytes("LISTEN " + "x".repeat(64));
        assertThat(planner.plan(text, 0, text.length).single())
                .isInstanceOfSatisfying(PlannedStatement.Listening.class, listening -> {
                    assertThat(listening.effect()).isEqualTo(new SessionEffect.OfChannels.Listen("x".repeat(63)));
                    assertThat(listening.notice()).isNotNull();
                });
    }

    @Test
    void copyOfATableConcernsEveryShard() {
        assertThat(route("COPY kv FROM STDIN"))
                .isInstanceOfSatisfying(
                        Route.CopyIn.class, copy -> assertThat(copy.shards()).hasSize(5));
        assertThat(bind("COPY kv (value, key) FROM STDIN (FORMAT csv)", NONE, 0))
                .isInstanceOf(Route.CopyIn.class);
        assertThat(route("COPY kv FROM STDIN WHERE value > 'x'")).isInstanceOf(Route.CopyIn.class);
        assertThat(route("COPY kv TO STDOUT")).isEqualTo(new Route.CopyOut(topology.shards(), null, List.of(), false));
        assertThat(route("COPY (SELECT * FROM kv) TO STDOUT"))
                .isInstanceOfSatisfying(
                        Route.CopyOut.class, copy -> assertThat(copy.shards()).containsExactly(topology.home()));
        assertThat(route("COPY (SELECT * FROM kv WHERE key IN ('a', 'b', 'c', 'd', 'e')) TO STDOUT"))
                .isInstanceOf(Route.CopyOut.class);
        assertThat(route("COPY (SELECT * FROM kv WHERE key = 'a') TO STDOUT")).isEqualTo(single(Token.ofText("a")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY kv (value) FROM STDIN",
                "COPY kv FROM '/tmp/kv'",
                "COPY kv TO PROGRAM 'cat'",
                "COPY kv FROM STDIN WHERE random() < 0.5",
                "COPY kv FROM STDIN WHERE nextval('s') > 0",
                "COPY kv FROM STDIN WHERE count_kv() > 0",
                "COPY all_kv TO STDOUT",
                "COPY (DELETE FROM kv RETURNING key) TO STDOUT",
                "SELECT 1; COPY kv FROM STDIN",
                "COPY kv TO STDOUT; COPY kv TO STDOUT",
            })
    void copyThatCannotBeSplitIsRefused(String sql) {
        assertThat(route(sql)).isInstanceOf(Route.Refuse.class);
    }

    private CopyPlacement placement(String sql) {
        return Objects.requireNonNull(((Route.CopyIn) route(sql)).placement());
    }

    @Test
    void rowsOfACopyGoToTheShardsOfTheirKeys() {
        CopyPlacement texts = placement("COPY kv FROM STDIN");
        CopyPlacement numbers = placement("COPY orders FROM STDIN");
        CopyPlacement shorts = placement("COPY short FROM STDIN");
        for (int i = 0; i < 1000; i++) {
            ByteBuf text = Unpooled.wrappedBuffer(bytes("key " + i));
            assertThat(texts.shardOf(text, false)).isEqualTo(topology.shardOf(Token.ofText("key " + i)));
            assertThat(texts.shardOf(text, true)).isEqualTo(topology.shardOf(Token.ofText("key " + i)));
            int expected = topology.shardOf(Token.ofLong(-i));
            assertThat(numbers.shardOf(Unpooled.wrappedBuffer(bytes(" -" + i)), false))
                    .isEqualTo(expected);
            assertThat(numbers.shardOf(Unpooled.buffer().writeLong(-i), true)).isEqualTo(expected);
        }
        assertThat(texts.shardOf(null, false)).isNegative();
        assertThat(texts.refusal(null).sqlState()).isEqualTo("23502");
        assertThat(numbers.shardOf(Unpooled.wrappedBuffer(bytes("0x1F")), false))
                .isNegative();
        assertThat(numbers.shardOf(Unpooled.wrappedBuffer(bytes("ab")), true)).isNotNegative();
        assertThat(numbers.shardOf(Unpooled.wrappedBuffer(bytes("abc")), true)).isNegative();
        assertThat(shorts.shardOf(Unpooled.wrappedBuffer(bytes("abc ")), false)).isNegative();
    }

    @Test
    void escapesInALiteralAreReadBeforeHashing() {
        Route expected = single(Token.ofText("it's"));
        assertThat(route("SELECT * FROM kv WHERE key = 'it''s'")).isEqualTo(expected);
        assertThat(route("SELECT * FROM kv WHERE key = E'it\\'s'")).isEqualTo(expected);
        assertThat(route("SELECT * FROM kv WHERE key = $$it's$$")).isEqualTo(expected);
    }

    @Test
    void oneTextWithOtherLiteralsSharesAPlanButNotARoute() {
        byte[] first = bytes("SELECT * FROM kv WHERE key = 'a'");
        byte[] second = bytes("select *  from kv\nwhere key = 'b' -- comment");
        Plan plan = planner.plan(first, 0, first.length);
        assertThat(planner.plan(second, 0, second.length)).isSameAs(plan);
        assertThat(planner.route(plan)).isEqualTo(single(Token.ofText("b")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO kv SELECT 'a', 'b' RETURNING (SELECT count(*) FROM kv)",
                "WITH n AS (INSERT INTO kv VALUES (lower('A'), 'x')) SELECT 1",
                "UPDATE kv SET key = 'b' FROM other WHERE key = 'a'",
                "WITH u AS (UPDATE kv SET key = 'b' WHERE key = 'a' RETURNING *) SELECT * FROM u",
                "SELECT * FROM all_kv",
                "SELECT count_kv()",
                "DO $$ BEGIN DELETE FROM kv; END $$",
                "SELECT set_config('search_' || 'path', '', false)",
                "SET client_encoding TO 'LATIN1'",
                "SET search_path = pg_temp, public",
                "SET search_path = nosuch, pg_temp",
                "SET standard_conforming_strings = off",
                "PREPARE TRANSACTION 'x'",
                "LISTEN a; ROLLBACK",
                "SELECT 1; BEGIN; LISTEN a",
                "LISTEN a; SAVEPOINT s",
                "LISTEN a; COMMIT AND CHAIN",
                "SELECT pg_notify('a', value) FROM kv",
                "UPDATE kv SET value = 'x' RETURNING pg_notify('a', key)",
                "SELECT pg_notify('a', 'b') FROM kv WHERE key IN ('a', 'b', 'c', 'd', 'e', 'f', 'g')",
                "SELECT count(*) FROM pg_listening_channels()",
                "DO $$ BEGIN LISTEN a; END $$",
            })
    void whatCannotBeProvedIsRefused(String sql) {
        assertThat(route(sql)).isInstanceOf(Route.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO kv VALUES (NULL, 'x')",
                "INSERT INTO kv VALUES (lower('A'), 'x')",
                "INSERT INTO kv (value) VALUES ('x')",
                "INSERT INTO kv VALUES (1, 'x')",
                "INSERT INTO kv SELECT a, b FROM other"
            })
    void anInsertWithoutKnownKeysIsReadFirst(String sql) {
        assertThat(route(sql)).isInstanceOf(Route.Relayed.class);
    }

    @Test
    void aKeyMayBeAssignedThatStaysOnItsShard() {
        assertThat(route("UPDATE kv SET key = 'a', value = 'x' WHERE key = 'a'"))
                .isEqualTo(single(Token.ofText("a")));
        String other = Stream.iterate(0, n -> n + 1)
                .map(n -> "k" + n)
                .filter(key -> topology.shardOf(Token.ofText(key)) != topology.shardOf(Token.ofText("a")))
                .findFirst()
                .orElseThrow();
        assertThat(route("UPDATE kv SET key = '" + other + "' WHERE key = 'a'")).isInstanceOf(Route.Relayed.class);
        assertThat(route("EXPLAIN UPDATE kv SET key = '" + other + "' WHERE key = 'a'"))
                .isInstanceOfSatisfying(
                        Route.Explained.class,
                        explained -> assertThat(explained.route()).isInstanceOf(Route.Relayed.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE kv SET key = lower('B') WHERE key = 'a'",
                "UPDATE kv SET key = key || 'x'",
                "UPDATE kv SET key = 'b' WHERE value = 'x' RETURNING *",
                "UPDATE kv SET key = 'b' WHERE key = NULL",
                "UPDATE kv SET key = NULL WHERE key = 'a'",
                "UPDATE kv SET key = 5 WHERE key = 'a'"
            })
    void anUpdateWhoseNewKeyMayBeElsewhereIsReadFirst(String sql) {
        assertThat(route(sql)).isInstanceOf(Route.Relayed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM kv",
                "SELECT * FROM kv WHERE key = 'a' OR key = 'b'",
                "SELECT * FROM kv WHERE NOT key = 'a'",
                "SELECT EXISTS (SELECT 1 FROM kv WHERE key = 'a'), (SELECT count(*) FROM kv)",
                "SELECT * FROM kv WHERE key = 1",
                "UPDATE kv SET value = 'x'",
                "DELETE FROM kv WHERE value = 'x'"
            })
    void whatIsBoundToNoKeyConcernsAllShards(String sql) {
        assertThat(route(sql))
                .isInstanceOfSatisfying(
                        Route.Several.class,
                        several -> assertThat(several.shards()).isEqualTo(topology.shards()));
    }

    @Test
    void definitionsConcernEveryShard() {
        assertThat(route("TRUNCATE kv")).isInstanceOf(Route.Everywhere.class);
        assertThat(route("ALTER TABLE kv ADD COLUMN c int")).isInstanceOf(Route.Everywhere.class);
        assertThat(route("ALTER TABLE kv ADD COLUMN c int; TRUNCATE kv")).isInstanceOf(Route.Everywhere.class);
        assertThat(route("TRUNCATE kv; SELECT 1")).isInstanceOf(Route.Refuse.class);
    }

    @Test
    void keysOfSeveralShardsConcernJustThese() {
        String other = java.util.stream.IntStream.range(0, 1000)
                .mapToObj(i -> "k" + i)
                .filter(key -> Topologies.shardOfText(topology, key) == Topologies.shardOfText(topology, "a"))
                .findFirst()
                .orElseThrow();
        String stranger = java.util.stream.IntStream.range(0, 1000)
                .mapToObj(i -> "k" + i)
                .filter(key -> Topologies.shardOfText(topology, key) != Topologies.shardOfText(topology, "a"))
                .findFirst()
                .orElseThrow();
        Route expected = single(Token.ofText("a"));
        assertThat(route("SELECT * FROM kv WHERE key IN ('a', '" + other + "')"))
                .isEqualTo(expected);
        assertThat(route("INSERT INTO kv VALUES ('a', ''), ('" + other + "', '')"))
                .isEqualTo(expected);
        assertThat(route("DELETE FROM kv WHERE key = 'a'; DELETE FROM kv WHERE key = '" + other + "'"))
                .isEqualTo(expected);
        List<Shard> two = java.util.stream.Stream.of("a", stranger)
                .map(key -> topology.shards().get(Topologies.shardOfText(topology, key)))
                .sorted(java.util.Comparator.comparing(Shard::index))
                .toList();
        assertThat(route("SELECT * FROM kv WHERE key IN ('a', '" + stranger + "')"))
                .isInstanceOfSatisfying(
                        Route.Several.class,
                        several -> assertThat(several.shards()).isEqualTo(two));
        assertThat(route("INSERT INTO kv VALUES ('a', ''), ('" + stranger + "', ''), ('" + other + "', '')"))
                .isInstanceOfSatisfying(Route.Split.class, split -> {
                    assertThat(split.shards()).isEqualTo(two);
                    assertThat(split.rowsOf()[Topologies.shardOfText(topology, "a")])
                            .containsExactly(0, 2);
                    assertThat(split.rowsOf()[Topologies.shardOfText(topology, stranger)])
                            .containsExactly(1);
                });
        assertThat(route("DELETE FROM kv WHERE key = 'a'; DELETE FROM kv WHERE key = '" + stranger + "'"))
                .isInstanceOf(Route.Refuse.class);
    }

    @Test
    void unshardedTablesAndCatalogsAreAtHome() {
        Route home = new Route.Single(topology.home());
        assertThat(route("SELECT * FROM pg_class")).isEqualTo(home);
        assertThat(route("INSERT INTO notes VALUES (1)")).isEqualTo(home);
        assertThat(route("CREATE TABLE notes (a int)")).isEqualTo(home);
        assertThat(route("SELECT nextval('s')")).isEqualTo(home);
        assertThat(route("SELECT 1")).isInstanceOf(Route.Any.class);
        assertThat(route("SHOW TimeZone")).isInstanceOf(Route.Any.class);
    }

    @Test
    void aTextParameterIsHashedInEitherFormat() {
        String sql = "SELECT * FROM kv WHERE key = $1";
        for (String key : new String[] {"", "a", "user_\u00e9\u20ac\ud83d\udc18", "x".repeat(5000)}) {
            assertThat(bind(sql, NONE, 0, bytes(key))).isEqualTo(single(Token.ofText(key)));
            assertThat(bind(sql, NONE, 1, bytes(key))).isEqualTo(single(Token.ofText(key)));
        }
    }

    @Test
    void integersOfAllWidthsHashAlike() {
        String sql = "SELECT * FROM orders WHERE id = $1";
        Route expected = single(Token.ofLong(-7));
        assertThat(bind(sql, NONE, 0, bytes("-7"))).isEqualTo(expected);
        assertThat(bind(
                        sql,
                        NONE,
                        1,
                        ByteBuffer.allocate(2).putShort((short) -7).array()))
                .isEqualTo(expected);
        assertThat(bind(sql, NONE, 1, ByteBuffer.allocate(4).putInt(-7).array()))
                .isEqualTo(expected);
        assertThat(bind(sql, NONE, 1, ByteBuffer.allocate(8).putLong(-7).array()))
                .isEqualTo(expected);
        assertThat(route("SELECT * FROM orders WHERE id = '-7'")).isEqualTo(expected);
        assertThat(route("SELECT * FROM orders WHERE id = 42")).isEqualTo(single(Token.ofLong(42)));
        assertThat(route("SELECT * FROM orders WHERE id = -7")).isEqualTo(expected);
        assertThat(route("SELECT * FROM orders WHERE id = ('-7'::int8)")).isEqualTo(expected);
        assertThat(route("SELECT * FROM orders WHERE id = - 7")).isEqualTo(expected);
        assertThat(bind("SELECT * FROM orders WHERE id = $1::int4", NONE, 0, bytes(" -007\n")))
                .isEqualTo(expected);
        assertThat(bind(sql, NONE, 0, bytes("0x1F"))).isInstanceOf(Route.Several.class);
        assertThat(bind(sql, NONE, 1, new byte[3])).isInstanceOf(Route.Several.class);
    }

    @Test
    void integersReachToTheLimitsOfBigint() {
        String sql = "SELECT * FROM orders WHERE id = ";
        for (long id : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, 1234567890123456789L, 0}) {
            assertThat(route(sql + "'" + id + "'")).isEqualTo(single(Token.ofLong(id)));
            assertThat(route(sql + id)).isEqualTo(single(Token.ofLong(id)));
        }
        for (String beyond :
                new String[] {"9223372036854775808", "-9223372036854775809", "99999999999999999999", "-", "", "7-"}) {
            assertThat(route(sql + "'" + beyond + "'")).isInstanceOf(Route.Several.class);
        }
        assertThat(route(sql + "9223372036854775808")).isInstanceOf(Route.Several.class);
        assertThat(route(sql + "'7'::text")).isInstanceOf(Route.Several.class);
        assertThat(route("SELECT * FROM kv WHERE key = '7'::int8")).isInstanceOf(Route.Several.class);
    }

    @Test
    void uuidsHashAlikeInAllNotations() {
        String sql = "SELECT * FROM devices WHERE id = $1";
        UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        Route expected = single(Token.ofUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits()));
        byte[] binary = ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        assertThat(bind(sql, NONE, 1, binary)).isEqualTo(expected);
        assertThat(bind(sql, NONE, 0, bytes(uuid.toString()))).isEqualTo(expected);
        assertThat(bind(sql, NONE, 0, bytes("{00112233445566778899AABBCCDDEEFF}")))
                .isEqualTo(expected);
        assertThat(bind(sql, NONE, 0, bytes("nonsense"))).isInstanceOf(Route.Several.class);
    }

    @Test
    void aNullKeyFindsNothingAnywhereAndIsNeverInserted() {
        assertThat(bind("SELECT * FROM kv WHERE key = $1", NONE, 0, (byte[]) null))
                .isInstanceOf(Route.Any.class);
        assertThat(bind("INSERT INTO kv VALUES ($1, 'x')", NONE, 0, (byte[]) null))
                .isInstanceOf(Route.Refuse.class);
    }

    @Test
    void aParameterDeclaredAsAnotherTypeIsNoKey() {
        String sql = "SELECT * FROM kv WHERE key = $1";
        assertThat(bind(sql, new int[] {OID_INT4}, 0, bytes("1"))).isInstanceOf(Route.Several.class);
        assertThat(bind(sql, new int[] {OID_BPCHAR}, 0, bytes("1 "))).isInstanceOf(Route.Several.class);
    }

    @Test
    void aValueThatPostgresqlWouldShortenIsNotInserted() {
        assertThat(route("INSERT INTO short VALUES ('abc', '')")).isEqualTo(single(Token.ofText("abc")));
        assertThat(route("INSERT INTO short VALUES ('abc ', '')")).isInstanceOf(Route.Refuse.class);
        assertThat(route("SELECT * FROM short WHERE code = 'abc '")).isEqualTo(single(Token.ofText("abc ")));
    }

    @Test
    void norIsItCopiedFromAnotherTable() {
        String merge = " s ON s.%s = t.%s WHEN NOT MATCHED THEN INSERT (%s) VALUES (s.%s)";
        assertThat(route("MERGE INTO kv t USING short" + merge.formatted("code", "key", "key", "code")))
                .isInstanceOf(Route.Several.class);
        assertThat(route("MERGE INTO short t USING kv" + merge.formatted("key", "code", "code", "key")))
                .isInstanceOf(Route.Refuse.class);
        assertThat(route("MERGE INTO short t USING kv s ON s.key = t.code WHEN MATCHED THEN DELETE"))
                .isInstanceOf(Route.Several.class);
    }

    @Test
    void aLockOnFewRowsOfSeveralShardsSaysWhyItIsRefused() {
        assertThat(route("SELECT * FROM kv ORDER BY value LIMIT 1 FOR UPDATE SKIP LOCKED"))
                .isInstanceOfSatisfying(
                        Route.Refuse.class,
                        refuse -> assertThat(refuse.error().fields().detail()).contains("SKIP LOCKED"));
        assertThat(route("SELECT * FROM kv FOR UPDATE SKIP LOCKED")).isInstanceOf(Route.Several.class);
        assertThat(route("SELECT * FROM kv WHERE key = 'a' LIMIT 1 FOR UPDATE SKIP LOCKED"))
                .isEqualTo(single(Token.ofText("a")));
    }

    @Test
    void aBindThatIsOnlyPartlyThereWaitsForItsKey() {
        byte[] text = bytes("INSERT INTO kv (value, key) VALUES ($1, $2)");
        BoundPlan plan = planner.bind(planner.plan(text, 0, text.length), NONE);
        ByteBuf message = Unpooled.buffer();
        new Bind("", "", NONE, new byte[][] {new byte[1000], bytes("late")}, NONE).encode(message);
        BindView view = new BindView();
        ByteBuf front = message.slice(5, 500);
        view.wrapPrefix(front, message.readableBytes() - 5);
        assertThat(planner.route(plan, view, front)).isNull();
    }
}

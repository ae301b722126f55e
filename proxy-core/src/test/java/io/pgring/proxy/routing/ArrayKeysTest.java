package io.pgring.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.hashring.Token;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.topology.Topology;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayKeysTest {
    private static final int SHARDS = 5;
    private static final int[] NONE = new int[0];
    private static final String TEXTS = "SELECT * FROM kv WHERE key = ANY ($1)";
    private static final String NUMBERS = "UPDATE orders SET value = 'x' WHERE id = ANY ($1)";
    private static final String UUIDS = "DELETE FROM devices WHERE id = ANY ($1)";

    private static final int INT2 = 21;
    private static final int INT4 = 23;
    private static final int INT8 = 20;
    private static final int TEXT = 25;
    private static final int UUID = 2950;

    private final Topology topology = Topologies.ofShards(SHARDS);
    private final Planner planner = new Planner(() -> topology, 100);

    private @Nullable Route bind(String sql, int oid, int format, byte @Nullable [] value) {
        byte[] text = bytes(sql);
        BoundPlan plan = planner.bind(planner.plan(text, 0, text.length), new int[] {oid});
        ByteBuf message = Unpooled.buffer();
        new Bind("", "", new int[] {format}, new byte[][] {value}, NONE).encode(message);
        BindView view = new BindView();
        ByteBuf body = message.slice(5, message.readableBytes() - 5);
        view.wrap(body);
        return planner.route(plan, view, body);
    }

    private Route text(String sql, String array) {
        Route bound = bind(sql, 0, 0, bytes(array));
        byte[] literal = bytes(sql.replace("$1", "E'" + array.replace("\\", "\\\\") + "'"));
        assertThat(shards(planner.route(planner.plan(literal, 0, literal.length))))
                .isEqualTo(shards(bound));
        BoundPlan prepared = planner.bind(planner.plan(literal, 0, literal.length), NONE);
        assertThat(shards(planner.route(prepared, new BindView(), Unpooled.EMPTY_BUFFER)))
                .isEqualTo(shards(bound));
        return java.util.Objects.requireNonNull(bound);
    }

    /** Where a route goes; the way over several shards depends on where the array stands. */
    private static Object shards(@Nullable Route route) {
        return route instanceof Route.Several several ? several.shards() : java.util.Objects.requireNonNull(route);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] binary(int oid, byte[] @Nullable ... elements) {
        ByteBuffer array = ByteBuffer.allocate(100 + 100 * elements.length);
        array.putInt(elements.length == 0 ? 0 : 1).putInt(1).putInt(oid);
        if (elements.length > 0) {
            array.putInt(elements.length).putInt(1);
        }
        for (byte[] element : elements) {
            array.putInt(element == null ? -1 : element.length);
            array.put(element == null ? new byte[0] : element);
        }
        return Arrays.copyOf(array.array(), array.position());
    }

    private static byte[] int8(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    private void assertOn(@Nullable Route route, int... tokens) {
        int[] expected =
                Arrays.stream(tokens).map(topology::shardOf).sorted().distinct().toArray();
        if (expected.length == 1) {
            assertThat(route).isEqualTo(new Route.Single(topology.shards().get(expected[0])));
        } else {
            assertThat(route)
                    .isInstanceOfSatisfying(
                            Route.Several.class,
                            several -> assertThat(several.shards().stream()
                                            .mapToInt(shard -> shard.index())
                                            .toArray())
                                    .isEqualTo(expected));
        }
    }

    private void assertOnAll(@Nullable Route route) {
        assertThat(route)
                .isInstanceOfSatisfying(
                        Route.Several.class,
                        several -> assertThat(several.shards()).isEqualTo(topology.shards()));
    }

    private static int[] ofTexts(String... keys) {
        return Stream.of(keys).mapToInt(Token::ofText).toArray();
    }

    private static int[] ofLongs(long... keys) {
        return LongStream.of(keys).mapToInt(Token::ofLong).toArray();
    }

    @Test
    void textsGoToTheShardsOfTheirElements() {
        assertOn(text(TEXTS, "{a}"), ofTexts("a"));
        assertOn(text(TEXTS, " { a , \"b c\" } "), ofTexts("a", "b c"));
        assertOn(text(TEXTS, "{\"it\\\"s\",\\NULL}"), ofTexts("it\"s", "NULL"));
        assertOn(text(NUMBERS, "{1, -2,\" 3\",NULL}"), ofLongs(1, -2, 3));
        String uuid = "00112233-4455-6677-8899-aabbccddeeff";
        assertOn(text(UUIDS, "{" + uuid + "}"), Token.ofUuid(0x0011223344556677L, 0x8899aabbccddeeffL));
    }

    @Test
    void theWordNullMayBeAText() {
        assertOn(text(TEXTS, "{null}"), ofTexts("null"));
        assertOn(text(TEXTS, "{NULL,b}"), ofTexts("NULL", "b"));
    }

    @Test
    void noElementsFindNothingAnywhere() {
        assertThat(bind(TEXTS, 0, 0, null)).isInstanceOf(Route.Any.class);
        assertThat(text(TEXTS, "{}")).isInstanceOf(Route.Any.class);
        assertThat(text(NUMBERS, "{NULL}")).isInstanceOf(Route.Any.class);
        assertThat(bind(NUMBERS, 0, 1, binary(INT8))).isInstanceOf(Route.Any.class);
        assertThat(bind(NUMBERS, 0, 1, binary(INT8, (byte[]) null))).isInstanceOf(Route.Any.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{1},{2}}",
                "[2:3]={1,2}",
                "{1,}",
                "{1",
                "1",
                "{0x1F}",
                "{1_000}",
                "{9223372036854775808}",
                "{a}"
            })
    void whatIsNotUnderstoodGoesToAllShards(String array) {
        assertOnAll(text(NUMBERS, array));
    }

    @Test
    void theDeclaredTypeSaysHowElementsAreCompared() {
        for (int oid : new int[] {0, 1005, 1007, 1016}) {
            assertOn(bind(NUMBERS, oid, 0, bytes("{7}")), ofLongs(7));
        }
        for (int oid : new int[] {1231, 1009, 1022, 20, 25, 705, 2951, 123456}) {
            assertOnAll(bind(NUMBERS, oid, 0, bytes("{7}")));
        }
        assertOn(bind(TEXTS, 1009, 0, bytes("{7}")), ofTexts("7"));
        assertOn(bind(TEXTS, 1015, 0, bytes("{7}")), ofTexts("7"));
        assertOnAll(bind(TEXTS, 1014, 0, bytes("{7}")));
        assertOnAll(bind(TEXTS, 1003, 0, bytes("{7}")));
        assertOn(bind(NUMBERS.replace("$1", "$1::int4[]"), 0, 0, bytes("{7}")), ofLongs(7));
        assertOnAll(bind(NUMBERS.replace("$1", "$1::int4[]"), 1231, 0, bytes("{7.4}")));
        assertOnAll(bind(NUMBERS.replace("$1", "$1::text[]"), 0, 0, bytes("{7}")));
        assertOnAll(bind(NUMBERS.replace("$1", "$1::int4[][]"), 0, 0, bytes("{7}")));
        assertOnAll(bind(NUMBERS.replace("$1", "$1::numeric[]"), 0, 0, bytes("{7}")));
        assertOnAll(bind(TEXTS.replace("$1", "'{a,b}'::varchar(1)[]"), 0, 0, bytes("")));
    }

    @Test
    void binaryArraysGoToTheShardsOfTheirElements() {
        assertOn(bind(TEXTS, 0, 1, binary(TEXT, bytes("a"), null, bytes("NULL"))), ofTexts("a", "NULL"));
        assertOn(bind(NUMBERS, 1016, 1, binary(INT8, int8(5), int8(-6))), ofLongs(5, -6));
        assertOn(bind(NUMBERS, 0, 1, binary(INT4, new byte[] {0, 0, 1, 0})), ofLongs(256));
        assertOn(bind(NUMBERS, 0, 1, binary(INT2, new byte[] {-1, -1})), ofLongs(-1));
        assertOn(bind(UUIDS, 0, 1, binary(UUID, new byte[16])), Token.ofUuid(0, 0));
        byte[] square = ByteBuffer.allocate(12 + 16 + 4 * 12)
                .putInt(2)
                .putInt(0)
                .putInt(INT8)
                .putInt(2)
                .putInt(1)
                .putInt(2)
                .putInt(-7)
                .putInt(8)
                .putLong(1)
                .putInt(8)
                .putLong(2)
                .putInt(8)
                .putLong(3)
                .putInt(8)
                .putLong(4)
                .array();
        assertOn(bind(NUMBERS, 0, 1, square), ofLongs(1, 2, 3, 4));
    }

    @Test
    void aBinaryArrayOfAnotherTypeGoesToAllShards() {
        assertOnAll(bind(NUMBERS, 0, 1, binary(TEXT, bytes("1"))));
        assertOnAll(bind(TEXTS, 0, 1, binary(1042, bytes("a"))));
        assertOnAll(bind(NUMBERS, 0, 1, binary(INT8, new byte[3])));
        assertOnAll(bind(NUMBERS, 0, 2, bytes("{1}")));
    }

    @Test
    void noDamagedArrayIsReadBeyondItsEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = binary(INT8, int8(1), int8(2), null, int8(3));
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 9));
            for (int changes = random.nextInt(3); changes > 0 && bad.length > 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            assertThat(bind(NUMBERS, 0, 1, bad))
                    .as("seed %d, round %d", seed, i)
                    .isNotNull();
        }
        for (byte[] cut = good; cut.length > 0; ) {
            cut = Arrays.copyOf(cut, cut.length - 1);
            assertOnAll(bind(NUMBERS, 0, 1, cut));
        }
        assertOnAll(bind(NUMBERS, 0, 1, Arrays.copyOf(good, good.length + 1)));
        byte[] endless = binary(INT8, int8(1));
        ByteBuffer.wrap(endless).putInt(12, Integer.MAX_VALUE);
        assertOnAll(bind(NUMBERS, 0, 1, endless));
    }

    @Test
    void anArrayAmongRowsOfOtherKeysDecidesWithThem() {
        String sql = "SELECT * FROM kv WHERE key = 'a' AND key = ANY ($1)";
        assertOn(bind(sql, 0, 0, bytes("{a}")), ofTexts("a"));
        assertOn(bind(sql, 0, 0, bytes("{b,c}")), ofTexts("a", "b", "c"));
        byte[] copy = bytes("COPY (SELECT * FROM kv WHERE key = ANY ('{a,b,c,d,e}')) TO STDOUT");
        assertThat(planner.route(planner.plan(copy, 0, copy.length))).isInstanceOf(Route.CopyOut.class);
    }
}

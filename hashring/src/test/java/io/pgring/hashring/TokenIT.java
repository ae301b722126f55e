package io.pgring.hashring;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens and arcs against a live PostgreSQL, with fresh values in each run: the golden vectors are no accident. */
class TokenIT {

    private static EmbeddedPostgres server;
    private static Connection connection;

    private final Random random = Seed.random("TokenIT");

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedPostgres.start();
        connection = server.getPostgresDatabase().getConnection();
    }

    @AfterAll
    static void stop() throws IOException, SQLException {
        connection.close();
        server.close();
    }

    @Test
    void textsHashAsHashtextDoes() throws SQLException {
        List<String> texts = new ArrayList<>(List.of("", " ", "x".repeat(1_000_000), "🔑".repeat(99_999)));
        for (int i = 0; i < 20_000; i++) {
            texts.add(RandomText.of(random, i % 300));
        }
        assertThat(hashes("hashtext", "text", texts)).isEqualTo(tokens(texts, Token::ofText));
        assertThat(hashes("hashtext", "varchar", texts)).isEqualTo(tokens(texts, Token::ofText));
    }

    @Test
    void allSmallintsHashAsHashint2AndHashint8Do() throws SQLException {
        List<Short> values = IntStream.rangeClosed(Short.MIN_VALUE, Short.MAX_VALUE)
                .mapToObj(value -> (short) value)
                .toList();
        assertThat(hashes("hashint2", "int2", values))
                .isEqualTo(tokens(values, value -> Token.ofLong(value.longValue())));
        assertThat(hashes("hashint8", "int2", values))
                .isEqualTo(tokens(values, value -> Token.ofLong(value.longValue())));
    }

    @Test
    void integersHashAsHashint4AndHashint8Do() throws SQLException {
        List<Integer> values = IntStream.concat(
                        IntStream.of(0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE), random.ints(50_000))
                .boxed()
                .toList();
        assertThat(hashes("hashint4", "int4", values))
                .isEqualTo(tokens(values, value -> Token.ofLong(value.longValue())));
        assertThat(hashes("hashint8", "int4", values))
                .isEqualTo(tokens(values, value -> Token.ofLong(value.longValue())));
    }

    @Test
    void bigintsHashAsHashint8Does() throws SQLException {
        LongStream ofAnySize = random.longs(50_000).map(value -> value >> (value & 63));
        List<Long> values = LongStream.concat(
                        LongStream.of(0, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, -(1L << 32)), ofAnySize)
                .boxed()
                .toList();
        assertThat(hashes("hashint8", "int8", values))
                .isEqualTo(tokens(values, value -> Token.ofLong(value.longValue())));
    }

    @Test
    void uuidsHashAsUuidHashDoes() throws SQLException {
        List<UUID> values = Stream.concat(
                        Stream.of(new UUID(0, 0), new UUID(-1, -1), new UUID(Long.MIN_VALUE, Long.MAX_VALUE)),
                        Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()))
                                .limit(50_000))
                .toList();
        assertThat(hashes("uuid_hash", "uuid", values))
                .isEqualTo(tokens(
                        values, uuid -> Token.ofUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits())));
    }

    @Test
    void theServerFindsOnAMembersArcsExactlyTheKeysThatTheRingGivesIt() throws SQLException {
        Ring ring = Ring.of(Members.random(random, 5, 3));
        List<String> keys = Stream.generate(() -> RandomText.of(random, 30))
                .distinct()
                .limit(20_000)
                .toList();
        Set<String> found = new HashSet<>();
        for (int member = 0; member < ring.members().size(); member++) {
            int owner = member;
            List<String> expected = keys.stream()
                    .filter(key -> ring.ownerOf(Token.ofText(key)) == owner)
                    .toList();
            List<String> onArcs = select(
                    "SELECT key FROM unnest(?::text[]) WITH ORDINALITY AS k (key, n)"
                            + " WHERE hashtext(key)::bigint & 4294967295 <@ ?::int8multirange ORDER BY n",
                    "text",
                    keys,
                    TokenRange.toMultirange(ring.arcsOf(member)));
            assertThat(onArcs).isEqualTo(expected).isNotEmpty();
            found.addAll(onArcs);
        }
        assertThat(found).hasSameSizeAs(keys);
    }

    @Test
    void theServerFindsTheEdgesOfArcsAndOfChangesWhereTheRingDoes() throws SQLException {
        List<RingMember> members = Members.random(random, 4, 2);
        Ring before = Ring.of(members.subList(0, 3), 200);
        Ring after = Ring.of(members, 200);
        List<Long> edges = after.arcs().stream()
                .flatMap(arc -> Stream.of(arc.from(), arc.to() - 1))
                .toList();
        String query = "SELECT token FROM unnest(?::int8[]) WITH ORDINALITY AS t (token, n)"
                + " WHERE token <@ ?::int8multirange ORDER BY n";
        for (int member = 0; member < members.size(); member++) {
            int owner = member;
            assertThat(select(query, "int8", edges, TokenRange.toMultirange(after.arcsOf(member))))
                    .isEqualTo(edges.stream()
                            .filter(token -> after.ownerOf(token.intValue()) == owner)
                            .toList());
        }
        assertThat(select(
                        query,
                        "int8",
                        edges,
                        TokenRange.toMultirange(RingDiff.between(before, after).changes())))
                .isEqualTo(edges.stream()
                        .filter(token -> !before.members()
                                .get(before.ownerOf(token.intValue()))
                                .equals(after.members().get(after.ownerOf(token.intValue()))))
                        .toList());
    }

    private static <T> List<Long> tokens(List<T> values, ToIntFunction<T> token) {
        return values.stream()
                .map(value -> Token.toUnsigned(token.applyAsInt(value)))
                .toList();
    }

    /** The tokens that the server computes, in one query. */
    private static List<Long> hashes(String function, String type, List<?> values) throws SQLException {
        return select(
                "SELECT " + function + "(value)::bigint & 4294967295 FROM unnest(?::" + type
                        + "[]) WITH ORDINALITY AS v (value, n) ORDER BY n",
                type,
                values);
    }

    @SuppressWarnings("unchecked") // the type of the column is known where the query is written
    private static <T> List<T> select(String query, String type, List<?> values, String... multirange)
            throws SQLException {
        Array array = connection.createArrayOf(type, values.toArray());
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setArray(1, array);
            for (int i = 0; i < multirange.length; i++) {
                // Of unspecified type, so that the server parses it once: a varchar would be cast again for every row.
                statement.setObject(i + 2, multirange[i], Types.OTHER);
            }
            List<T> column = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    column.add((T) rows.getObject(1));
                }
            }
            return column;
        } finally {
            array.free();
        }
    }
}

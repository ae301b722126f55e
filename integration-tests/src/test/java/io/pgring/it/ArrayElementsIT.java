package io.pgring.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.pgsql.lexer.ArrayElements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Arrays of chance have the elements that PostgreSQL itself finds in them. */
@ExtendWith(SharedServers.class)
class ArrayElementsIT {
    private static final int ARRAYS = 4_000;
    private static final List<String> PIECES = List.of(
            "a",
            "b c",
            "NULL",
            "null",
            "nul\u00e9",
            "\"",
            "\"",
            "\"x, y\"",
            "\\",
            "\\\\",
            "\\\"",
            " ",
            "\t",
            "\u000b",
            ",",
            ",",
            ",",
            "{",
            "}",
            "1",
            "-7",
            "[",
            "=",
            ":",
            "''",
            "\u00e9",
            "\ud83d\udc18");

    private final Servers servers;

    ArrayElementsIT(Servers servers) {
        this.servers = servers;
    }

    /**
     * What is found in an array.
     *
     * @param plain whether it has one dimension at most, which begins at 1
     */
    private record Found(boolean plain, List<@Nullable String> elements) {}

    @Test
    void elementsAreThoseOfPostgresql() throws SQLException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int understood = 0;
        try (Connection connection = servers.connect(0);
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT coalesce(array_ndims(a), 0), coalesce(array_lower(a, 1), 1), cardinality(a), e"
                                + " FROM (SELECT ?::text[] AS a) AS one LEFT JOIN LATERAL unnest(a) AS e ON true")) {
            for (int i = 0; i < ARRAYS; i++) {
                String array = array(random);
                Found theirs = byPostgresql(statement, array);
                List<@Nullable String> ours = byUs(array);
                if (ours != null) {
                    understood++;
                    assertThat(theirs).as("seed %d: %s", seed, array).isEqualTo(new Found(true, ours));
                } else if (theirs != null && !array.contains("=")) {
                    // Braces in braces with nothing in them are no dimensions to PostgreSQL.
                    boolean plain = theirs.plain() && !theirs.elements().isEmpty();
                    assertThat(plain).as("seed %d: %s", seed, array).isFalse();
                }
            }
        }
        assertThat(understood).isGreaterThan(ARRAYS / 10);
    }

    private static String array(Random random) {
        int count = random.nextInt(8);
        String inner = IntStream.range(0, count)
                .mapToObj(i -> PIECES.get(random.nextInt(PIECES.size())))
                .collect(Collectors.joining());
        return random.nextInt(20) == 0 ? inner : " ".repeat(random.nextInt(2)) + "{" + inner + "}";
    }

    private static @Nullable Found byPostgresql(PreparedStatement statement, String array) throws SQLException {
        statement.setString(1, array);
        List<@Nullable String> elements = new ArrayList<>();
        boolean plain = true;
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                plain &= rows.getInt(1) <= 1 && rows.getInt(2) == 1;
                if (rows.getInt(3) > 0) {
                    elements.add(rows.getString(4));
                }
            }
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(array).isIn("22P02", "2202E", "54000");
            return null;
        }
        return new Found(plain, elements);
    }

    private static @Nullable List<@Nullable String> byUs(String array) {
        byte[] text = array.getBytes(UTF_8);
        List<@Nullable String> found = new ArrayList<>();
        ArrayElements elements = new ArrayElements();
        elements.read(text, 0, text.length);
        while (elements.next()) {
            found.add(elements.isNull() ? null : new String(text, elements.start(), elements.length(), UTF_8));
        }
        return elements.isUnderstood() ? found : null;
    }
}

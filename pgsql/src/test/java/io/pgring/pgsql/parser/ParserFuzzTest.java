package io.pgring.pgsql.parser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.lexer.Normalizer;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.Script;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Unparsed;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile texts: cut off, mutated, random, deep, long. Only SqlSyntaxException may come out, on a small stack. */
class ParserFuzzTest {
    private static final int STACK_BYTES = 512 * 1024;

    @Test
    void truncatedStatementsDoNoHarm() throws IOException {
        for (String sql : StatementsTest.statements().toList()) {
            byte[] text = sql.getBytes(UTF_8);
            for (int length = 0; length < text.length; length += 3) {
                check(text, length);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT xmlelement(name a, order x)",
                "SELECT json_array(order)",
                "SELECT json_table(x, 'y' COLUMNS (order by))"
            })
    void aWordOutOfPlaceIsNotReadAgainAndAgain(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        assertThat(Parser.parse(text, 0, text.length).statements())
                .singleElement()
                .isInstanceOf(Unparsed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT a FROM t ORDER BY a USING", "SELECT a FROM t ORDER BY a USING; SELECT 1"})
    void anOperatorThatIsMissingAtTheEndDoesNoHarm(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        check(text, text.length);
        assertThat(Parser.parse(text, 0, text.length).statements()).first().isInstanceOf(Unparsed.class);
    }

    @Test
    void mutatedStatementsDoNoHarm() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> statements = StatementsTest.statements().toList();
        for (int i = 0; i < 40_000; i++) {
            byte[] text = statements.get(random.nextInt(statements.size())).getBytes(UTF_8);
            int mutations = 1 + random.nextInt(4);
            for (int m = 0; m < mutations; m++) {
                text = mutate(text, statements, random);
            }
            byte[] mutated = text;
            try {
                check(mutated, mutated.length);
            } catch (RuntimeException | AssertionError bug) {
                throw new AssertionError("seed " + seed + ": " + new String(mutated, UTF_8), bug);
            }
        }
    }

    @Test
    void randomBytesDoNoHarm() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] alphabet = "abesuxn'\"$\\-/*().,;:[]=<>@ 01\n\u00e4_&".getBytes(UTF_8);
        for (int i = 0; i < 100_000; i++) {
            byte[] text = new byte[random.nextInt(40)];
            for (int j = 0; j < text.length; j++) {
                text[j] = random.nextInt(8) == 0 ? (byte) random.nextInt() : alphabet[random.nextInt(alphabet.length)];
            }
            try {
                check(text, text.length);
            } catch (RuntimeException | AssertionError bug) {
                throw new AssertionError("seed " + seed + ": " + Arrays.toString(text), bug);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " OR a = 1",
                " AND a = 1",
                " + 1",
                " || 'x'",
                " = 1",
                "::text",
                "[1]",
                " IS NULL",
                " COLLATE \"C\""
            })
    void longChainsDoNoHarm(String link) throws InterruptedException {
        onSmallStack("SELECT a FROM t WHERE a" + link.repeat(100_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "((SELECT ",
                "NOT ",
                "- ",
                "f(",
                "ARRAY[",
                "CASE WHEN ",
                "(SELECT ",
                "EXISTS (SELECT ",
                "a IN (",
                "a[",
                "ROW(",
                "coalesce(",
                "CAST(",
                "CASE a WHEN ",
                "@ "
            })
    void deepNestingDoesNoHarm(String opening) throws InterruptedException {
        onSmallStack("SELECT " + opening.repeat(100_000) + "1");
        onSmallStack("SELECT 1 FROM t WHERE " + opening.repeat(200) + "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "(SELECT * FROM ", "LATERAL (", "a JOIN ", "a CROSS JOIN ", "(a JOIN "})
    void deepFromItemsDoNoHarm(String opening) throws InterruptedException {
        onSmallStack("SELECT * FROM " + opening.repeat(100_000) + "t");
        onSmallStack("SELECT * FROM " + opening.repeat(200) + "t");
    }

    @Test
    void longChainsAndShallowNestingAreUnderstood() {
        assertThat(parse("SELECT 1 WHERE a = 1" + " OR a = 1".repeat(100_000))).isInstanceOf(Select.class);
        assertThat(parse("SELECT 1 WHERE a = 1" + " AND a = 1".repeat(100_000))).isInstanceOf(Select.class);
        assertThat(parse("SELECT 1" + " UNION ALL SELECT 1".repeat(10_000))).isInstanceOf(Select.class);
        assertThat(parse("SELECT " + "(".repeat(200) + "1" + ")".repeat(200))).isInstanceOf(Select.class);
        assertThat(parse("SELECT " + "(SELECT ".repeat(40) + "1" + ")".repeat(40)))
                .isInstanceOf(Select.class);
        assertThat(parse("SELECT " + "(".repeat(100_000) + "1" + ")".repeat(100_000)))
                .isInstanceOf(Unparsed.class);
    }

    private static Statement parse(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        return Parser.parse(text, 0, text.length).statements().get(0);
    }

    private static void onSmallStack(String sql) throws InterruptedException {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        byte[] text = sql.getBytes(UTF_8);
        Thread thread = new Thread(null, () -> check(text, text.length), "small stack", STACK_BYTES);
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        thread.join();
        assertThat(failure.get()).isNull();
    }

    private static void check(byte[] text, int length) {
        try {
            new Normalizer().normalize(text, 0, length);
            Script script = Parser.parse(text, 0, length);
            int before = 0;
            for (Statement statement : script.statements()) {
                assertThat(statement.start()).isGreaterThanOrEqualTo(before);
                before = statement.end();
                positionsAreNested(statement);
            }
            assertThat(before).isLessThanOrEqualTo(length);
        } catch (SqlSyntaxException expected) {
            assertThat(expected.position()).isBetween(0, length);
        }
    }

    private static void positionsAreNested(Statement statement) {
        Deque<Node> pending = new ArrayDeque<>();
        pending.push(statement);
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (node.start() > node.end() || node.start() < statement.start() || node.end() > statement.end()) {
                throw new AssertionError("not inside of its statement: " + node.getClass());
            }
            node.children().forEach(pending::push);
        }
    }

    private static byte[] mutate(byte[] text, List<String> statements, Random random) {
        int at = random.nextInt(text.length + 1);
        return switch (random.nextInt(4)) {
            case 0 -> splice(text, at, at, new byte[] {(byte) random.nextInt()});
            case 1 -> splice(text, at, Math.min(text.length, at + 1 + random.nextInt(5)), new byte[0]);
            case 2 ->
                splice(
                        text,
                        at,
                        at,
                        "'\"()$-/*;,\\".substring(random.nextInt(10)).getBytes(UTF_8));
            default -> {
                byte[] other = statements.get(random.nextInt(statements.size())).getBytes(UTF_8);
                int from = random.nextInt(other.length);
                int to = Math.min(other.length, from + random.nextInt(20));
                yield splice(text, at, at, Arrays.copyOfRange(other, from, to));
            }
        };
    }

    private static byte[] splice(byte[] text, int from, int to, byte[] insert) {
        byte[] result = new byte[from + insert.length + text.length - to];
        System.arraycopy(text, 0, result, 0, from);
        System.arraycopy(insert, 0, result, from, insert.length);
        System.arraycopy(text, to, result, from + insert.length, text.length - to);
        return result;
    }
}

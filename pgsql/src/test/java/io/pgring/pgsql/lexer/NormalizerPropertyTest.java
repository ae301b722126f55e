package io.pgring.pgsql.lexer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The normaliser against the lexer as a model: equal keys mean equal tokens but for the values of replaced literals. */
class NormalizerPropertyTest {
    private static final String[] PIECES = {
        "select",
        "SELECT",
        "Select",
        "from",
        "where",
        "kv",
        "KV",
        "\"kv\"",
        "\"KV\"",
        "key",
        "=",
        "<>",
        "-",
        "--\n",
        "- -",
        "+",
        "*",
        "/",
        "/**/",
        "/* x */",
        "'a'",
        "'b'",
        "'it''s'",
        "E'a'",
        "$$a$$",
        "$t$b$t$",
        "1",
        "2",
        "1.5",
        "1e3",
        ".5",
        "0x1",
        "B'1'",
        "N'a'",
        "U&'a'",
        "$1",
        "$2",
        "(",
        ")",
        "[",
        "]",
        ",",
        ";",
        ".",
        "..",
        "::",
        ":=",
        "=>",
        "limit",
        "LIMIT",
        "order",
        "by",
        "group",
        "distinct",
        "from",
        "union",
        "interval",
        "date",
        "varchar",
        "(10)",
        "as",
        "set",
        "insert",
        "create",
        "values",
        "and",
        "or",
        "in",
        "like",
        "not",
        "@",
        "||",
        "@-",
        "\n",
        "\t",
        "ä",
        "e",
        "E",
        "u",
        "U&",
        "x",
        "n",
        "b",
        "_",
        "$",
        "a$b",
        "'x'\n'y'",
        "returning",
        "intersect",
        "between",
        "case",
    };

    private static final String[] GAPS = {"", "", " ", "  ", "\n", "/**/", " -- c\n"};

    @Test
    void textsOfOneKeyHaveOneStructure() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Normalizer normalizer = new Normalizer();
        Map<String, String> structures = new HashMap<>();
        int lexed = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] text = text(random).getBytes(UTF_8);
            List<String> tokens;
            try {
                tokens = LexerTest.tokens(text);
            } catch (SqlSyntaxException noTokens) {
                continue;
            }
            lexed++;
            normalizer.normalize(text, 0, text.length);
            String key = new String(normalizer.key(), 0, normalizer.keyLength(), ISO_8859_1);
            String structure = structure(text, normalizer, tokens);
            String known = structures.putIfAbsent(key, structure);
            assertThat(known == null ? structure : known)
                    .as("seed %d, text %s", seed, text)
                    .isEqualTo(structure);
            assertThat(key.chars().filter(c -> c == 0xFF).count())
                    .as("seed %d", seed)
                    .isEqualTo(tokens.size());
        }
        assertThat(lexed).isGreaterThan(50_000);
    }

    @Test
    void shortAndLongTextsHaveTheSameKey() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Normalizer normalizer = new Normalizer();
        for (int i = 0; i < 300; i++) {
            String sql = text(random);
            String padded = sql + " ".repeat(70_000);
            assertThat(outcome(normalizer, padded))
                    .as("seed %d, text %s", seed, sql)
                    .isEqualTo(outcome(normalizer, sql));
        }
    }

    private static String outcome(Normalizer normalizer, String sql) {
        byte[] text = sql.getBytes(UTF_8);
        try {
            normalizer.normalize(text, 0, text.length);
            String key = new String(normalizer.key(), 0, normalizer.keyLength(), ISO_8859_1);
            return key + normalizer.keyHash() + normalizer.literalCount();
        } catch (SqlSyntaxException noTokens) {
            return "none";
        }
    }

    private static String text(Random random) {
        StringBuilder sql = new StringBuilder();
        int pieces = 1 + random.nextInt(6);
        if (random.nextBoolean()) {
            sql.append("select ");
        }
        for (int i = 0; i < pieces; i++) {
            sql.append(PIECES[random.nextInt(PIECES.length)]).append(GAPS[random.nextInt(GAPS.length)]);
        }
        return sql.toString();
    }

    /** Tokens with folded words, and the kind alone of literals that the normaliser lists. */
    private static String structure(byte[] text, Normalizer normalizer, List<String> tokens) {
        List<String> structure = new ArrayList<>();
        Lexer lexer = new Lexer();
        lexer.reset(text, 0, text.length);
        for (String token : tokens) {
            TokenKind kind = lexer.next();
            if (normalizer.literalAt(lexer.start()) >= 0) {
                structure.add(kind == TokenKind.STRING_ESCAPED ? "STRING" : kind.name());
            } else if (kind == TokenKind.IDENTIFIER) {
                structure.add(token.toLowerCase(Locale.ROOT));
            } else {
                structure.add(token);
            }
        }
        return String.join("\u0000", structure);
    }
}

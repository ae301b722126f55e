package io.pgring.pgsql.lexer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys are shown with a space for the separator and ①②③④ for the markers of strings, integers, other numbers and bit strings. */
class NormalizerTest {
    private final Normalizer normalizer = new Normalizer();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT value FROM kv WHERE key = 'u' AND 1 = 1 | select value from kv where key = ① and ② = ②
            select  VALUE/**/from kv --x                   | select value from kv
            SELECT E'a', $$b$$, 1.5, 0x1F, B'1', N'c'      | select ① , ① , ③ , ③ , ④ , N'c'
            SELECT -1, - -1                                | select - ② , - - ②
            SELECT a->>'b'                                 | select a ->> ①
            SELECT "Kv", U&"a"                             | select "Kv" , U&"a"
            SELECT $1::text                                | select $1 :: text
            SELECT a FROM t LIMIT 10 OFFSET 5              | select a from t limit 10 offset 5
            SELECT a FROM t FETCH FIRST 5 ROWS ONLY        | select a from t fetch first 5 rows only
            SELECT a FROM t ORDER BY 1, 2                  | select a from t order by 1 , 2
            SELECT a FROM t GROUP BY 1 HAVING b > 3        | select a from t group by 1 having b > ②
            SELECT DISTINCT ON (1) a FROM t WHERE b = 2    | select distinct on ( 1 ) a from t where b = ②
            SELECT (SELECT a LIMIT 1), 2 FROM t            | select ( select a limit 1 ) , ② from t
            SELECT a FROM t LIMIT 1 UNION SELECT 2         | select a from t limit 1 union select ②
            SELECT a IS DISTINCT FROM 1, 2                 | select a is distinct from ② , ②
            SELECT a FROM t ORDER BY b IS DISTINCT FROM 1, 2 | select a from t order by b is distinct from 1 , 2
            SELECT a FROM t ORDER BY t.from, 2             | select a from t order by t . from , 2
            SELECT array_agg(a ORDER BY 1), 2              | select array_agg ( a order by 1 ) , ②
            SELECT 'a'::varchar(10), 'b'                   | select ① :: varchar ( 10 ) , ①
            SELECT CAST(1 AS numeric(10, 2)) + 3           | select cast ( ② as numeric ( 10 , 2 ) ) + ②
            SELECT interval '1 day', date '2020-01-01'     | select interval '1·day' , date '2020-01-01'
            SELECT interval(3) '1 day', pg_catalog.date 'x' | select interval ( ② ) '1·day' , pg_catalog . date 'x'
            SELECT a LIKE 'x', b IN ('y')                  | select a like ① , b in ( ① )
            INSERT INTO kv VALUES ('a', 1)                 | insert into kv values ( ① , ② )
            (SELECT 1)                                     | ( select ② )
            SET a = 'b'                                    | set a = 'b'
            SET a = 'b'; SELECT 'c'                        | set a = 'b' ; select ①
            CREATE TABLE t (a varchar(10) DEFAULT 'x')     | create table t ( a varchar ( 10 ) default 'x' )
            CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; END; SELECT 2 | create function f ( ) begin atomic select 1 ; end ; select 2
            EXPLAIN SELECT 'a'                             | explain select 'a'
            COPY (SELECT 'a') TO STDOUT                    | copy ( select 'a' ) to stdout
            'a'                                            | 'a'
            """)
    void makesKeys(String sql, String expected) {
        assertThat(key(sql)).isEqualTo(expected);
    }

    @Test
    void isEmptyForNoTokens() {
        assertThat(key("  /* x */ -- y")).isEmpty();
        assertThat(normalizer.literalCount()).isZero();
    }

    @Test
    void tellsLiteralsThatTheKeyReplaces() {
        key("SELECT 'a', 12, E'x', 1.5 FROM t LIMIT 7");

        assertThat(normalizer.literalCount()).isEqualTo(4);
        assertThat(normalizer.literalStart(0)).isEqualTo(7);
        assertThat(normalizer.literalEnd(0)).isEqualTo(10);
        assertThat(normalizer.literalKind(0)).isEqualTo(LiteralKind.STRING);
        assertThat(normalizer.literalKind(1)).isEqualTo(LiteralKind.INTEGER);
        assertThat(normalizer.literalKind(2)).isEqualTo(LiteralKind.STRING_ESCAPED);
        assertThat(normalizer.literalKind(3)).isEqualTo(LiteralKind.NUMERIC);
        assertThat(normalizer.literalAt(7)).isZero();
        assertThat(normalizer.literalAt(12)).isEqualTo(1);
        assertThat(normalizer.literalAt(38)).isEqualTo(-1);
    }

    @Test
    void takesAPartOfATextAlone() {
        byte[] text = "'xx SELECT 1 yy'".getBytes(UTF_8);
        normalizer.normalize(text, 4, 12);
        assertThat(shown()).isEqualTo("select ②");
        assertThat(normalizer.literalStart(0)).isEqualTo(11);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT a b         | SELECT ab
            SELECT - -1        | SELECT --1
            SELECT kv          | SELECT "kv"
            SELECT "kv"        | SELECT "KV"
            SELECT 'a' 'b'     | SELECT 'a'
            SELECT 1           | SELECT '1'
            SELECT 1           | SELECT 1.0
            SELECT 1           | SELECT $1
            SELECT a - - b     | SELECT a + b
            SELECT a@- b       | SELECT a @ - b
            SELECT 1.5         | SELECT 1 . 5
            SELECT 1 LIMIT 1   | SELECT 1 LIMIT 2
            SELECT 1 ORDER BY 1 | SELECT 1 ORDER BY 2
            SET a = 1          | SET a = 2
            SELECT x'1'        | SELECT x '1'
            SELECT N'a'        | SELECT n.a
            SELECT a::b        | SELECT a: :b
            """)
    void keepsDifferentStatementsApart(String one, String other) {
        assertThat(key(one)).isNotEqualTo(key(other));
    }

    @Test
    void survivesTextsOfAnySize() {
        String big = "SELECT '" + "x".repeat(1 << 20) + "', 2";
        assertThat(key(big)).isEqualTo("select ① , ②");
        assertThat(normalizer.key().length).isLessThan(1 << 12);

        String many = "SELECT " + "a, 'b', ".repeat(100_000) + "1";
        assertThat(key(many)).startsWith("select a , ① , a , ①").hasSizeGreaterThan(700_000);
        assertThat(normalizer.literalCount()).isEqualTo(100_001);

        assertThat(key("SELECT 1")).isEqualTo("select ②");
        assertThat(normalizer.key().length).isLessThan(1 << 12);
    }

    @Test
    void deepParenthesesKeepLiterals() {
        assertThat(key("SELECT " + "(".repeat(70) + "1" + ")".repeat(70) + ", 1"))
                .contains("( 1 )")
                .endsWith(", ②");
    }

    @Test
    void refusesBytesOfItsOwn() {
        byte[] text = {'s', 'e', 'l', 'e', 'c', 't', ' ', '"', (byte) 0xF8, '"'};
        assertThatThrownBy(() -> normalizer.normalize(text, 0, text.length)).isInstanceOf(SqlSyntaxException.class);
    }

    @Test
    void allocatesNothingOnceWarm() {
        byte[] text = "SELECT value FROM kv WHERE key = 'user_12345' AND 1 = 1".getBytes(UTF_8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20_000; i++) {
            normalizer.normalize(text, 0, text.length);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            normalizer.normalize(text, 0, text.length);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private String key(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        normalizer.normalize(text, 0, text.length);
        return shown();
    }

    private String shown() {
        String key = new String(normalizer.key(), 0, normalizer.keyLength(), ISO_8859_1);
        return key.replace(' ', '·')
                .replace('\u00FF', ' ')
                .replace('\u00F8', '①')
                .replace('\u00F9', '②')
                .replace('\u00FA', '③')
                .replace('\u00FB', '④')
                .strip();
    }
}

package io.pgring.pgsql.parser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Unparsed;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Precedence: expressions are shown with all their parentheses. */
class ExpressionTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            a OR b AND c OR d                 ; (a OR (b AND c) OR d)
            NOT a AND b                       ; ((NOT a) AND b)
            NOT a = b                         ; (NOT (a = b))
            NOT NOT a IS NULL                 ; (NOT (NOT (IS NULL a)))
            a = b IS NULL                     ; (IS NULL (a = b))
            a IS NULL = b                     ; ((IS NULL a) = b)
            a = NOT b AND c                   ; ((a = (NOT b)) AND c)
            a < b + c * d ^ e                 ; (a < (b + (c * (d ^ e))))
            a - b - c                         ; ((a - b) - c)
            a ^ b ^ c                         ; ((a ^ b) ^ c)
            a || b = c || d                   ; ((a || b) = (c || d))
            a @> b + c                        ; (a @> (b + c))
            a -> b -> c = d                   ; (((a -> b) -> c) = d)
            - a ^ b                           ; ((- a) ^ b)
            - a::int                          ; (- (CAST a))
            - a * b                           ; ((- a) * b)
            @ a + b                           ; (@ (a + b))
            a * @ b + c                       ; (a * (@ (b + c)))
            a BETWEEN b AND c AND d           ; ((BETWEEN a b c) AND d)
            a BETWEEN b = c AND d             ; (BETWEEN a (b = c) d)
            a NOT BETWEEN b AND c + d OR e    ; ((NOT BETWEEN a b (c + d)) OR e)
            a BETWEEN b AND c = d             ; ((BETWEEN a b c) = d)
            a LIKE b || c                     ; (LIKE a (b || c))
            a LIKE b ESCAPE c AND d           ; ((LIKE a b c) AND d)
            a NOT ILIKE b = c                 ; ((NOT ILIKE a b) = c)
            a SIMILAR TO b                    ; (SIMILAR TO a b)
            a IN (b, c) = d                   ; ((IN a b c) = d)
            a = b IN (c)                      ; (a = (IN b c))
            a NOT IN (b) AND c                ; ((NOT IN a b) AND c)
            a IS DISTINCT FROM b = c          ; (IS DISTINCT FROM a (b = c))
            a IS NOT DISTINCT FROM b AND c    ; ((NOT IS DISTINCT FROM a b) AND c)
            a = ANY (b) AND c                 ; ((a = ANY b) AND c)
            a + b > ALL (c)                   ; ((a + b) > ALL c)
            a COLLATE "C" < b                 ; ((COLLATE a) < b)
            a || b COLLATE "C"                ; (a || (COLLATE b))
            a AT TIME ZONE b + c              ; ((AT a b) + c)
            a + b AT TIME ZONE c              ; (a + (AT b c))
            a OPERATOR(s.+) b * c             ; (a + (b * c))
            a OPERATOR(pg_catalog.=) b = c    ; ((a = b) = c)
            (a + b) * c                       ; ((a + b) * c)
            (a, b) = (c, d)                   ; (ROW(a b) = ROW(c d))
            a[1] = b.c                        ; (a[] = b.c)
            (a).b.c                           ; a.b.c
            CASE a WHEN b OR c THEN d END     ; CASE(a (b OR c) d)
            f(a OR b, c => d) + 1             ; (f((a OR b) d) + 1)
            ARRAY[a, b + c]                   ; ARRAY(a (b + c))
            a::text::int = b                  ; ((CAST (CAST a)) = b)
            a ISNULL AND b NOTNULL            ; ((IS NULL a) AND (NOT IS NULL b))
            a <= b                            ; (a <= b)
            a != b                            ; (a <> b)
            """)
    void bindsLikePostgres(String sql, String expected) {
        assertThat(show(where(sql))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a < b < c",
                "a = b = c",
                "a +",
                "* a",
                "a AND",
                "(a",
                "a b c",
                "NOT",
                "a BETWEEN b",
                "a IN ()",
                "a IS",
                "CASE END",
                "f(a",
                "a::",
                "a.",
                "a[",
                "= a",
                "a AT TIME b",
                "ANY (a)"
            })
    void isUnparsedWhenInvalid(String sql) {
        assertThat(statement("SELECT 1 WHERE " + sql)).isInstanceOf(Unparsed.class);
    }

    private static Expression where(String sql) {
        Select select = (Select) statement("SELECT 1 WHERE " + sql);
        Expression where = ((QueryBody.Simple) select.body()).where();
        return Objects.requireNonNull(where);
    }

    private static Statement statement(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        return Parser.parse(text, 0, text.length).statements().get(0);
    }

    private static String show(Expression e) {
        if (e instanceof Expression.And and) {
            return "(" + join(" AND ", and.operands()) + ")";
        } else if (e instanceof Expression.Or or) {
            return "(" + join(" OR ", or.operands()) + ")";
        } else if (e instanceof Expression.Comparison c) {
            return "(" + show(c.left()) + " " + c.operator().symbol() + " " + show(c.right()) + ")";
        } else if (e instanceof Expression.Operation o) {
            String left = show(o.operands().get(0));
            for (int i = 0; i < o.operators().size(); i++) {
                left = "(" + left + " " + o.operators().get(i).symbol() + " "
                        + show(o.operands().get(i + 1)) + ")";
            }
            return left;
        } else if (e instanceof Expression.Prefix p) {
            return "(" + p.operator().symbol() + " " + show(p.operand()) + ")";
        } else if (e instanceof Expression.Not not) {
            return "(NOT " + show(not.operand()) + ")";
        } else if (e instanceof Expression.Predicate p) {
            return "(" + (p.negated() ? "NOT " : "") + p.name() + " " + join(" ", p.operands()) + ")";
        } else if (e instanceof Expression.InList in) {
            return "(" + (in.negated() ? "NOT " : "") + "IN " + show(in.operand()) + " " + join(" ", in.values()) + ")";
        }
        return showOther(e);
    }

    private static String showOther(Expression e) {
        if (e instanceof Expression.Quantified q) {
            String word = q.all() ? " ALL " : " ANY ";
            return "(" + show(q.operand()) + " " + q.operator().symbol() + word + show(q.right()) + ")";
        } else if (e instanceof Expression.Cast c) {
            return "(CAST " + show(c.operand()) + ")";
        } else if (e instanceof Expression.Collate c) {
            return "(COLLATE " + show(c.operand()) + ")";
        } else if (e instanceof Expression.AtTimeZone at && at.zone() != null) {
            return "(AT " + show(at.operand()) + " " + show(at.zone()) + ")";
        } else if (e instanceof Expression.Row row) {
            return "ROW(" + join(" ", row.elements()) + ")";
        } else if (e instanceof Expression.Subscript s) {
            return show(s.operand()) + "[]";
        } else if (e instanceof Expression.FieldSelection f && f.field() != null) {
            return show(f.operand()) + "." + f.field().value();
        } else if (e instanceof Expression.ColumnReference c) {
            return c.names().stream().map(name -> name.value()).collect(Collectors.joining("."));
        } else if (e instanceof Expression.FunctionCall f) {
            return f.name() + "(" + join(" ", f.arguments().values()) + ")";
        } else if (e instanceof Expression.NamedArgument n) {
            return show(n.value());
        } else if (e instanceof Expression.ArrayConstructor a) {
            return "ARRAY(" + join(" ", a.elements()) + ")";
        } else if (e instanceof Expression.Case c && c.operand() != null) {
            return "CASE(" + show(c.operand()) + " " + join(" ", c.whens()) + ")";
        }
        return "1";
    }

    private static String join(String separator, List<Expression> expressions) {
        return Arrays.stream(expressions.toArray(Expression[]::new))
                .map(ExpressionTest::show)
                .collect(Collectors.joining(separator));
    }
}

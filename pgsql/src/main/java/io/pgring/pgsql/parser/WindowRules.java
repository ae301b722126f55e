package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Operator;
import io.pgring.pgsql.tree.SortKey;
import io.pgring.pgsql.tree.WindowDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ORDER BY, FILTER, OVER and the WINDOW clause. */
final class WindowRules {
    private final Grammar grammar;
    private final Cursor cursor;

    WindowRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    /** ORDER BY ..., or nothing. */
    List<SortKey> orderBy() {
        if (!cursor.accept("order", "by")) {
            return List.of();
        }
        List<SortKey> keys = new ArrayList<>();
        do {
            keys.add(sortKey());
        } while (cursor.accept(TokenKind.COMMA));
        return keys;
    }

    private SortKey sortKey() {
        int start = cursor.start();
        Expression expression = grammar.expressions.expression();
        boolean descending = cursor.accept("desc");
        Operator using = null;
        if (!descending && !cursor.accept("asc") && cursor.accept("using")) {
            using = grammar.expressions.operator();
        }
        Boolean nullsFirst = null;
        if (cursor.accept("nulls", "first")) {
            nullsFirst = true;
        } else if (cursor.accept("nulls", "last")) {
            nullsFirst = false;
        }
        return new SortKey(expression, descending, using, nullsFirst, start, cursor.end());
    }

    /** FILTER (WHERE ...), or nothing. */
    @Nullable
    Expression filter() {
        if (!cursor.is("filter") || !cursor.is(1, TokenKind.LEFT_PARENTHESIS)) {
            return null;
        }
        cursor.next();
        cursor.next();
        cursor.expect("where");
        Expression condition = grammar.expressions.expression();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return condition;
    }

    /** OVER name, OVER (...), or nothing. */
    @Nullable
    WindowDefinition over() {
        boolean nulls = cursor.isAny("respect", "ignore") && cursor.is(1, "nulls") && cursor.is(2, "over");
        if (nulls) {
            cursor.next();
            cursor.next();
        }
        if (!cursor.is("over")) {
            return null;
        }
        if (cursor.is(1, TokenKind.LEFT_PARENTHESIS)) {
            cursor.next();
            return specification(null);
        }
        if (!grammar.names.isColumnId(1)) {
            return null;
        }
        cursor.next();
        Name name = grammar.names.columnId();
        return new WindowDefinition(name, null, List.of(), List.of(), List.of(), name.start(), name.end());
    }

    /** WINDOW name AS (...), ..., or nothing. */
    List<WindowDefinition> windowClause() {
        if (!cursor.accept("window")) {
            return List.of();
        }
        List<WindowDefinition> windows = new ArrayList<>();
        do {
            Name name = grammar.names.columnId();
            cursor.expect("as");
            windows.add(specification(name));
        } while (cursor.accept(TokenKind.COMMA));
        return windows;
    }

    private WindowDefinition specification(@Nullable Name name) {
        int start = name == null ? cursor.start() : name.start();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        Name base = null;
        boolean clause = cursor.isAny("partition", "order", "range", "rows", "groups");
        if (!clause && grammar.names.isColumnId(0)) {
            base = grammar.names.columnId();
        }
        List<Expression> partitionBy = List.of();
        if (cursor.accept("partition", "by")) {
            partitionBy = grammar.expressions.expressionList();
        }
        List<SortKey> orderBy = orderBy();
        List<Expression> frame = frame();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return new WindowDefinition(name, base, partitionBy, orderBy, frame, start, cursor.end());
    }

    private List<Expression> frame() {
        List<Expression> offsets = new ArrayList<>(2);
        if (!cursor.isAny("range", "rows", "groups")) {
            return offsets;
        }
        cursor.next();
        if (cursor.accept("between")) {
            bound(offsets);
            cursor.expect("and");
        }
        bound(offsets);
        if (cursor.accept("exclude")) {
            if (cursor.is("current") || cursor.is("no")) {
                cursor.next();
            }
            cursor.next();
        }
        return offsets;
    }

    private void bound(List<Expression> offsets) {
        if (cursor.accept("current", "row")) {
            return;
        }
        boolean unbounded = cursor.is("unbounded") && (cursor.is(1, "preceding") || cursor.is(1, "following"));
        if (unbounded) {
            cursor.next();
        } else {
            offsets.add(grammar.expressions.expression());
        }
        if (!cursor.accept("preceding")) {
            cursor.expect("following");
        }
    }
}

package io.pgring.pgsql.parser;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Name;
import java.util.List;

/** Joins (joined_table). */
final class JoinRules {
    private static final FromItem.Join.Condition NO_CONDITION =
            new FromItem.Join.Condition(null, List.of(), null, false);

    private final Grammar grammar;
    private final Cursor cursor;
    private final FromRules from;

    JoinRules(Grammar grammar, FromRules from) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.from = from;
    }

    /** An item with all the joins at its right. */
    FromItem joined() {
        int start = cursor.start();
        FromItem left = from.single();
        for (int count = 0; beginsJoin(); count++) {
            if (count > Cursor.DEPTH_MAX) {
                throw new ParseFailure("more than " + Cursor.DEPTH_MAX + " joins in a row", start);
            }
            left = join(left, start);
        }
        return left;
    }

    private boolean beginsJoin() {
        return cursor.isAny("join", "inner", "left", "right", "full", "cross", "natural");
    }

    private FromItem join(FromItem left, int start) {
        cursor.enter();
        FromItem joined = oneJoin(left, start);
        cursor.leave();
        return joined;
    }

    private FromItem oneJoin(FromItem left, int start) {
        if (cursor.accept("cross", "join")) {
            FromItem right = from.single();
            return new FromItem.Join(left, FromItem.Join.Kind.CROSS, right, NO_CONDITION, null, start, cursor.end());
        }
        boolean natural = cursor.accept("natural");
        FromItem.Join.Kind kind = kind();
        if (natural) {
            FromItem right = from.single();
            FromItem.Join.Condition condition = new FromItem.Join.Condition(null, List.of(), null, true);
            return new FromItem.Join(left, kind, right, condition, null, start, cursor.end());
        }
        int rightStart = cursor.start();
        FromItem right = from.single();
        while (beginsJoin()) {
            right = join(right, rightStart);
        }
        return new FromItem.Join(left, kind, right, condition(), null, start, cursor.end());
    }

    private FromItem.Join.Kind kind() {
        FromItem.Join.Kind kind = FromItem.Join.Kind.INNER;
        if (cursor.accept("left")) {
            kind = FromItem.Join.Kind.LEFT;
        } else if (cursor.accept("right")) {
            kind = FromItem.Join.Kind.RIGHT;
        } else if (cursor.accept("full")) {
            kind = FromItem.Join.Kind.FULL;
        } else {
            cursor.accept("inner");
        }
        if (kind != FromItem.Join.Kind.INNER) {
            cursor.accept("outer");
        }
        cursor.expect("join");
        return kind;
    }

    private FromItem.Join.Condition condition() {
        if (cursor.accept("on")) {
            Expression on = grammar.expressions.expression();
            return new FromItem.Join.Condition(on, List.of(), null, false);
        }
        cursor.expect("using");
        List<Name> columns = grammar.names.columnList();
        Name alias = cursor.accept("as") ? grammar.names.columnId() : null;
        return new FromItem.Join.Condition(null, columns, alias, false);
    }
}

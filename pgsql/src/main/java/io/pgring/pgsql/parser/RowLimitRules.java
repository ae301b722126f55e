package io.pgring.pgsql.parser;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Locking;
import io.pgring.pgsql.tree.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** LIMIT, OFFSET, FETCH FIRST and locking clauses, in any order. */
final class RowLimitRules {
    /** What was found. */
    record RowLimits(
            @Nullable Expression limit, @Nullable Expression offset, boolean withTies, List<Locking> locking) {}

    /** Stands for the count that {@code FETCH FIRST ROW ONLY} leaves out. */
    private static final String ONE_ROW = "fetch first row";

    private final Grammar grammar;
    private final Cursor cursor;

    RowLimitRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    RowLimits limitsAndLocks() {
        Expression limit = null;
        Expression offset = null;
        boolean withTies = false;
        List<Locking> locking = new ArrayList<>();
        while (true) {
            if (cursor.accept("limit")) {
                limit = cursor.accept("all") ? null : grammar.expressions.expression();
            } else if (cursor.accept("offset")) {
                offset = grammar.expressions.expression();
                acceptRows();
            } else if (cursor.is("fetch")) {
                limit = fetchCount();
                withTies = cursor.accept("with", "ties");
                if (!withTies) {
                    cursor.expect("only");
                }
            } else if (cursor.is("for")) {
                locking(locking);
            } else {
                return new RowLimits(limit, offset, withTies, locking);
            }
        }
    }

    private boolean acceptRows() {
        return cursor.accept("row") || cursor.accept("rows");
    }

    /** {@code FETCH FIRST [count] ROWS}. */
    private Expression fetchCount() {
        int start = cursor.start();
        cursor.next();
        if (!cursor.accept("first")) {
            cursor.expect("next");
        }
        if (acceptRows()) {
            return new Expression.Special(ONE_ROW, List.of(), start, cursor.end());
        }
        Expression count = grammar.expressions.parse(Precedence.UNARY_MINUS, true);
        if (!acceptRows()) {
            throw cursor.unexpected();
        }
        return count;
    }

    private void locking(List<Locking> locking) {
        int start = cursor.start();
        cursor.next();
        if (cursor.accept("read", "only")) {
            return;
        }
        Locking.Strength strength = strength();
        List<QualifiedName> of = cursor.accept("of") ? grammar.names.qualifiedList() : List.of();
        Locking.OnLocked onLocked = cursor.accept("nowait")
                ? Locking.OnLocked.NOWAIT
                : cursor.accept("skip", "locked") ? Locking.OnLocked.SKIP_LOCKED : Locking.OnLocked.WAIT;
        locking.add(new Locking(strength, of, onLocked, start, cursor.end()));
    }

    private Locking.Strength strength() {
        if (cursor.accept("update")) {
            return Locking.Strength.UPDATE;
        }
        if (cursor.accept("share")) {
            return Locking.Strength.SHARE;
        }
        if (cursor.accept("key", "share")) {
            return Locking.Strength.KEY_SHARE;
        }
        if (cursor.accept("no", "key")) {
            cursor.expect("update");
            return Locking.Strength.NO_KEY_UPDATE;
        }
        throw cursor.unexpected();
    }
}

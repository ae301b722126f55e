package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Assignment;
import io.pgring.pgsql.tree.ColumnTarget;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.With;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** MERGE (MergeStmt), behind its WITH clause. */
final class MergeRules {
    private final Grammar grammar;
    private final Cursor cursor;

    MergeRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    Merge merge(@Nullable With with, int start) {
        cursor.expect("merge");
        cursor.expect("into");
        FromItem.TableReference table = grammar.from.target();
        cursor.expect("using");
        FromItem source = grammar.from.joined();
        cursor.expect("on");
        Expression on = grammar.expressions.expression();
        List<Merge.When> whens = new ArrayList<>();
        while (cursor.is("when")) {
            whens.add(when());
        }
        if (whens.isEmpty()) {
            throw cursor.unexpected();
        }
        List<QueryBody.Target> returning = grammar.modifications.returning();
        return new Merge(with, table, source, on, whens, returning, start, cursor.end());
    }

    private Merge.When when() {
        int start = cursor.start();
        cursor.next();
        Merge.Match match = match();
        Expression condition = cursor.accept("and") ? grammar.expressions.expression() : null;
        cursor.expect("then");
        if (cursor.accept("do", "nothing")) {
            return plain(match, condition, Merge.Action.DO_NOTHING, start);
        }
        if (cursor.accept("delete")) {
            return plain(match, condition, Merge.Action.DELETE, start);
        }
        if (cursor.accept("update", "set")) {
            List<Assignment> assignments = grammar.modifications.assignments();
            return new Merge.When(
                    match, condition, Merge.Action.UPDATE, assignments, List.of(), null, start, cursor.end());
        }
        cursor.expect("insert");
        return insert(match, condition, start);
    }

    private Merge.When plain(Merge.Match match, @Nullable Expression condition, Merge.Action action, int start) {
        return new Merge.When(match, condition, action, List.of(), List.of(), null, start, cursor.end());
    }

    private Merge.Match match() {
        if (cursor.accept("matched")) {
            return Merge.Match.MATCHED;
        }
        cursor.expect("not");
        cursor.expect("matched");
        if (cursor.accept("by", "source")) {
            return Merge.Match.NOT_MATCHED_BY_SOURCE;
        }
        cursor.accept("by", "target");
        return Merge.Match.NOT_MATCHED;
    }

    private Merge.When insert(Merge.Match match, @Nullable Expression condition, int start) {
        List<ColumnTarget> columns =
                cursor.is(TokenKind.LEFT_PARENTHESIS) ? grammar.modifications.columns() : List.of();
        grammar.modifications.overriding();
        Expression.Row values = null;
        if (!cursor.accept("default", "values")) {
            cursor.expect("values");
            int rowStart = cursor.start();
            cursor.expect(TokenKind.LEFT_PARENTHESIS);
            List<Expression> elements = grammar.expressions.expressionList();
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
            values = new Expression.Row(elements, rowStart, cursor.end());
        }
        return new Merge.When(match, condition, Merge.Action.INSERT, List.of(), columns, values, start, cursor.end());
    }
}

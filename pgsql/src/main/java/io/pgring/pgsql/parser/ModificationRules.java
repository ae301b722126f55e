package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Assignment;
import io.pgring.pgsql.tree.ColumnTarget;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Update;
import io.pgring.pgsql.tree.With;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** INSERT, UPDATE, DELETE, behind their WITH clause. */
final class ModificationRules {
    private final Grammar grammar;
    private final Cursor cursor;

    ModificationRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    Insert insert(@Nullable With with, int start) {
        cursor.expect("insert");
        cursor.expect("into");
        QualifiedName table = grammar.names.qualified();
        Name alias = cursor.accept("as") ? grammar.names.columnId() : null;
        List<ColumnTarget> columns =
                cursor.is(TokenKind.LEFT_PARENTHESIS) && !cursor.opensQuery(0) ? columns() : List.of();
        Insert.Overriding overriding = overriding();
        Select source = cursor.accept("default", "values") ? null : grammar.queries.query();
        Insert.OnConflict onConflict = cursor.accept("on", "conflict") ? onConflict() : null;
        List<QueryBody.Target> returning = returning();
        return new Insert(with, table, alias, columns, overriding, source, onConflict, returning, start, cursor.end());
    }

    /** OVERRIDING {SYSTEM | USER} VALUE, or nothing. */
    Insert.@Nullable Overriding overriding() {
        if (!cursor.accept("overriding")) {
            return null;
        }
        boolean user = cursor.accept("user");
        if (!user) {
            cursor.expect("system");
        }
        cursor.expect("value");
        return user ? Insert.Overriding.USER : Insert.Overriding.SYSTEM;
    }

    /** {@code (column, ...)}. */
    List<ColumnTarget> columns() {
        List<ColumnTarget> columns = new ArrayList<>();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        do {
            columns.add(column());
        } while (cursor.accept(TokenKind.COMMA));
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return columns;
    }

    /** A column with its fields and subscripts. */
    private ColumnTarget column() {
        Name name = grammar.names.columnId();
        if (!cursor.is(TokenKind.DOT) && !cursor.is(TokenKind.LEFT_BRACKET)) {
            return new ColumnTarget(name, true, List.of(), name.start(), name.end());
        }
        Expression whole = new Expression.ColumnReference(List.of(name), false, name.start(), name.end());
        Expression part = grammar.primaries.indirection(whole, name.start());
        return new ColumnTarget(name, false, List.of(part), name.start(), cursor.end());
    }

    private Insert.OnConflict onConflict() {
        int start = cursor.start();
        List<Expression> inference = new ArrayList<>();
        Name constraint = null;
        if (cursor.accept("on", "constraint")) {
            constraint = grammar.names.columnId();
        } else if (cursor.accept(TokenKind.LEFT_PARENTHESIS)) {
            do {
                inference.add(indexElement());
            } while (cursor.accept(TokenKind.COMMA));
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
            Expression where = grammar.queries.where();
            if (where != null) {
                inference.add(where);
            }
        }
        cursor.expect("do");
        if (cursor.accept("nothing")) {
            return new Insert.OnConflict(inference, constraint, false, List.of(), null, start, cursor.end());
        }
        cursor.expect("update");
        cursor.expect("set");
        List<Assignment> assignments = assignments();
        Expression where = grammar.queries.where();
        return new Insert.OnConflict(inference, constraint, true, assignments, where, start, cursor.end());
    }

    /** A column, function or expression in parentheses, with a collation and an operator class. */
    private Expression indexElement() {
        Expression element = grammar.primaries.primary();
        if (cursor.accept("collate")) {
            grammar.names.anyName();
        }
        if (grammar.names.isColumnId(0)) {
            grammar.names.anyName();
        }
        return element;
    }

    Update update(@Nullable With with, int start) {
        cursor.expect("update");
        FromItem.TableReference table = grammar.from.target();
        cursor.expect("set");
        List<Assignment> assignments = assignments();
        List<FromItem> from = cursor.accept("from") ? grammar.from.list() : List.of();
        Expression where = whereOrCurrentOf();
        List<QueryBody.Target> returning = returning();
        return new Update(with, table, assignments, from, where, returning, start, cursor.end());
    }

    /** Behind SET. */
    List<Assignment> assignments() {
        List<Assignment> assignments = new ArrayList<>();
        do {
            int start = cursor.start();
            List<ColumnTarget> columns = cursor.is(TokenKind.LEFT_PARENTHESIS) ? columns() : List.of(column());
            cursor.expectOperator("=");
            Expression value = grammar.expressions.expression();
            assignments.add(new Assignment(columns, value, start, cursor.end()));
        } while (cursor.accept(TokenKind.COMMA));
        return assignments;
    }

    Delete delete(@Nullable With with, int start) {
        cursor.expect("delete");
        cursor.expect("from");
        FromItem.TableReference table = grammar.from.target();
        List<FromItem> using = cursor.accept("using") ? grammar.from.list() : List.of();
        Expression where = whereOrCurrentOf();
        List<QueryBody.Target> returning = returning();
        return new Delete(with, table, using, where, returning, start, cursor.end());
    }

    private @Nullable Expression whereOrCurrentOf() {
        if (!cursor.is("where") || !cursor.is(1, "current") || !cursor.is(2, "of")) {
            return grammar.queries.where();
        }
        int start = cursor.start();
        cursor.moveTo(cursor.position() + 3);
        Name name = grammar.names.columnId();
        return new Expression.CurrentOf(name, start, cursor.end());
    }

    /** RETURNING ..., or nothing. */
    List<QueryBody.Target> returning() {
        if (!cursor.accept("returning")) {
            return List.of();
        }
        if (cursor.is("with") && cursor.is(1, TokenKind.LEFT_PARENTHESIS)) {
            cursor.next();
            cursor.skipParentheses();
        }
        return grammar.queries.targets();
    }
}

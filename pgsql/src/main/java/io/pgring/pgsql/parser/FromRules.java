package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Items of FROM and USING (table_ref). */
final class FromRules {
    private final Grammar grammar;
    private final Cursor cursor;
    private final JoinRules joins;

    FromRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.joins = new JoinRules(grammar, this);
    }

    /** Items between commas. */
    List<FromItem> list() {
        List<FromItem> items = new ArrayList<>();
        do {
            items.add(joins.joined());
        } while (cursor.accept(TokenKind.COMMA));
        return items;
    }

    /** One item with the joins at its right (table_ref). */
    FromItem joined() {
        return joins.joined();
    }

    /** An item without joins at its right. */
    FromItem single() {
        int start = cursor.start();
        boolean lateral = cursor.accept("lateral");
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            return cursor.opensQuery(0) ? subquery(start, lateral) : parenthesizedJoin(start);
        }
        if (cursor.is("rows") && cursor.is(1, "from")) {
            return rowsFrom(start, lateral);
        }
        if (isFunction()) {
            return function(start, lateral);
        }
        return relation(true);
    }

    private FromItem subquery(int start, boolean lateral) {
        Select query = grammar.queries.parenthesized();
        FromItem.Alias alias = alias();
        return new FromItem.SubqueryReference(query, lateral, alias, start, cursor.end());
    }

    private FromItem parenthesizedJoin(int start) {
        cursor.enter();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        FromItem inner = joins.joined();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        cursor.leave();
        FromItem.Alias alias = alias();
        if (alias == null) {
            return inner;
        }
        if (!(inner instanceof FromItem.Join join) || join.alias() != null) {
            throw cursor.unexpected();
        }
        return new FromItem.Join(join.left(), join.kind(), join.right(), join.condition(), alias, start, cursor.end());
    }

    /** Whether a function call stands here rather than a table. */
    private boolean isFunction() {
        if (cursor.isAny(
                "current_date",
                "current_role",
                "current_user",
                "session_user",
                "user",
                "current_catalog",
                "current_time",
                "current_timestamp",
                "localtime",
                "localtimestamp",
                "cast")) {
            return true;
        }
        if (cursor.is("only")) {
            return false;
        }
        int ahead = 1;
        while (cursor.is(ahead, TokenKind.DOT)) {
            ahead += 2;
        }
        return grammar.names.isIdentifier(0) && cursor.is(ahead, TokenKind.LEFT_PARENTHESIS);
    }

    private FromItem function(int start, boolean lateral) {
        Expression function = grammar.primaries.primary();
        return functionTail(List.of(function), start, lateral);
    }

    /** {@code ROWS FROM (f(), g() AS (columns))}. */
    private FromItem rowsFrom(int start, boolean lateral) {
        cursor.next();
        cursor.next();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        List<Expression> functions = new ArrayList<>();
        do {
            functions.add(grammar.primaries.primary());
            if (cursor.accept("as")) {
                aliasColumns(new ArrayList<>());
            }
        } while (cursor.accept(TokenKind.COMMA));
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return functionTail(functions, start, lateral);
    }

    private FromItem functionTail(List<Expression> functions, int start, boolean lateral) {
        boolean ordinality = cursor.accept("with", "ordinality");
        FromItem.Alias alias;
        if (cursor.is("as") && cursor.is(1, TokenKind.LEFT_PARENTHESIS)) {
            int at = cursor.start();
            cursor.next();
            List<Name> columns = new ArrayList<>();
            aliasColumns(columns);
            alias = new FromItem.Alias(new Name("", at, at), columns, true);
        } else {
            alias = alias();
        }
        return new FromItem.FunctionReference(functions, lateral, ordinality, alias, start, cursor.end());
    }

    /** A table (relation_expr), with its alias and TABLESAMPLE if {@code aliased}. */
    FromItem.TableReference relation(boolean aliased) {
        int start = cursor.start();
        boolean only = cursor.accept("only");
        boolean parenthesis = only && cursor.accept(TokenKind.LEFT_PARENTHESIS);
        QualifiedName name = grammar.names.qualified();
        if (parenthesis) {
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        } else {
            cursor.acceptOperator("*");
        }
        FromItem.Alias alias = aliased ? alias() : null;
        List<Expression> sample = aliased && cursor.is("tablesample") ? tableSample() : List.of();
        return new FromItem.TableReference(name, only, alias, sample, start, cursor.end());
    }

    /** The target of UPDATE or DELETE: the word SET is no alias. */
    FromItem.TableReference target() {
        FromItem.TableReference table = relation(false);
        boolean hasAlias = cursor.is("as") || (!cursor.is("set") && grammar.names.isColumnId(0));
        if (!hasAlias) {
            return table;
        }
        cursor.accept("as");
        Name name = grammar.names.columnId();
        FromItem.Alias alias = new FromItem.Alias(name, List.of(), false);
        return new FromItem.TableReference(table.name(), table.only(), alias, List.of(), table.start(), cursor.end());
    }

    private List<Expression> tableSample() {
        cursor.next();
        List<Expression> values = new ArrayList<>();
        values.add(grammar.functions.nameOrCall());
        if (cursor.accept("repeatable")) {
            cursor.expect(TokenKind.LEFT_PARENTHESIS);
            values.add(grammar.expressions.expression());
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        }
        return values;
    }

    /** {@code [AS] name [(columns)]}, or nothing. */
    FromItem.@Nullable Alias alias() {
        if (!cursor.accept("as") && !grammar.names.isColumnId(0)) {
            return null;
        }
        Name name = grammar.names.columnId();
        List<Name> columns = new ArrayList<>();
        boolean typed = cursor.is(TokenKind.LEFT_PARENTHESIS) && aliasColumns(columns);
        return new FromItem.Alias(name, columns, typed);
    }

    /** {@code (name, ...)} or {@code (name type, ...)}. Tells whether there are types. */
    private boolean aliasColumns(List<Name> columns) {
        boolean typed = false;
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        do {
            columns.add(grammar.names.columnId());
            if (!cursor.is(TokenKind.COMMA) && !cursor.is(TokenKind.RIGHT_PARENTHESIS)) {
                typed = true;
                grammar.types.type();
                if (cursor.accept("collate")) {
                    grammar.names.anyName();
                }
            }
        } while (cursor.accept(TokenKind.COMMA));
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return typed;
    }
}

package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.SortKey;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.WindowDefinition;
import io.pgring.pgsql.tree.With;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries (SelectStmt): WITH, set operations, SELECT, VALUES, TABLE, and what may follow them. */
final class QueryRules {
    private static final int QUERY_LEVELS = 4;

    private final Grammar grammar;
    private final Cursor cursor;
    private final RowLimitRules rowLimits;

    QueryRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.rowLimits = new RowLimitRules(grammar);
    }

    /** Whether a query begins here. */
    boolean beginsQuery() {
        return cursor.isAny("select", "values", "table", "with") || cursor.opensQuery(0);
    }

    /** A query with its WITH clause. */
    Select query() {
        int start = cursor.start();
        With with = cursor.is("with") ? with() : null;
        return query(with, start);
    }

    /** A query whose WITH clause has been read. */
    Select query(@Nullable With with, int start) {
        cursor.enter(QUERY_LEVELS);
        QueryBody body = body();
        List<SortKey> orderBy = grammar.windows.orderBy();
        RowLimitRules.RowLimits limits = rowLimits.limitsAndLocks();
        cursor.leave(QUERY_LEVELS);
        return new Select(
                with,
                body,
                orderBy,
                limits.limit(),
                limits.offset(),
                limits.withTies(),
                limits.locking(),
                start,
                cursor.end());
    }

    /** {@code ( query )}: the query inside. */
    Select parenthesized() {
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        Select query = query();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return query;
    }

    private QueryBody body() {
        int start = cursor.start();
        QueryBody first = intersections();
        if (!cursor.isAny("union", "except")) {
            return first;
        }
        List<QueryBody> operands = new ArrayList<>();
        List<QueryBody.SetOperation.Operation> operations = new ArrayList<>();
        operands.add(first);
        while (cursor.isAny("union", "except")) {
            operations.add(setOperation());
            operands.add(intersections());
        }
        return new QueryBody.SetOperation(operands, operations, start, cursor.end());
    }

    private QueryBody intersections() {
        int start = cursor.start();
        QueryBody first = simple();
        if (!cursor.is("intersect")) {
            return first;
        }
        List<QueryBody> operands = new ArrayList<>();
        List<QueryBody.SetOperation.Operation> operations = new ArrayList<>();
        operands.add(first);
        while (cursor.is("intersect")) {
            operations.add(setOperation());
            operands.add(simple());
        }
        return new QueryBody.SetOperation(operands, operations, start, cursor.end());
    }

    private QueryBody.SetOperation.Operation setOperation() {
        QueryBody.SetOperation.Operation.Kind kind = switch (cursor.word()) {
            case "union" -> QueryBody.SetOperation.Operation.Kind.UNION;
            case "intersect" -> QueryBody.SetOperation.Operation.Kind.INTERSECT;
            default -> QueryBody.SetOperation.Operation.Kind.EXCEPT;
        };
        cursor.next();
        boolean all = cursor.accept("all");
        if (!all) {
            cursor.accept("distinct");
        }
        return new QueryBody.SetOperation.Operation(kind, all);
    }

    private QueryBody simple() {
        int start = cursor.start();
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            Select query = parenthesized();
            return new QueryBody.Parenthesized(query, start, cursor.end());
        }
        if (cursor.accept("values")) {
            return values(start);
        }
        if (cursor.accept("table")) {
            return table(start);
        }
        cursor.expect("select");
        return select(start);
    }

    private QueryBody values(int start) {
        List<Expression.Row> rows = new ArrayList<>();
        do {
            int rowStart = cursor.start();
            cursor.expect(TokenKind.LEFT_PARENTHESIS);
            List<Expression> elements = grammar.expressions.expressionList();
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
            rows.add(new Expression.Row(elements, rowStart, cursor.end()));
        } while (cursor.accept(TokenKind.COMMA));
        return new QueryBody.Values(rows, start, cursor.end());
    }

    private QueryBody table(int start) {
        FromItem table = grammar.from.relation(false);
        Expression all = new Expression.ColumnReference(List.of(), true, start, start);
        QueryBody.Target target = new QueryBody.Target(all, null, start, start);
        return new QueryBody.Simple(
                false,
                List.of(),
                List.of(target),
                null,
                List.of(table),
                null,
                List.of(),
                null,
                List.of(),
                start,
                cursor.end());
    }

    private QueryBody select(int start) {
        boolean distinct = cursor.accept("distinct");
        List<Expression> distinctOn = List.of();
        if (distinct && cursor.is("on")) {
            cursor.next();
            cursor.expect(TokenKind.LEFT_PARENTHESIS);
            distinctOn = grammar.expressions.expressionList();
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        } else if (!distinct) {
            cursor.accept("all");
        }
        List<QueryBody.Target> targets = isTargetListEmpty() ? List.of() : targets();
        QueryBody.Into into = cursor.is("into") ? into() : null;
        List<FromItem> from = cursor.accept("from") ? grammar.from.list() : List.of();
        Expression where = where();
        List<Expression> groupBy = groupBy();
        Expression having = cursor.accept("having") ? grammar.expressions.expression() : null;
        List<WindowDefinition> windows = grammar.windows.windowClause();
        return new QueryBody.Simple(
                distinct, distinctOn, targets, into, from, where, groupBy, having, windows, start, cursor.end());
    }

    private boolean isTargetListEmpty() {
        return cursor.atEnd()
                || cursor.is(TokenKind.RIGHT_PARENTHESIS)
                || cursor.isAny(
                        "from",
                        "into",
                        "where",
                        "group",
                        "having",
                        "window",
                        "union",
                        "intersect",
                        "except",
                        "order",
                        "limit",
                        "offset",
                        "fetch",
                        "for",
                        "returning",
                        "on");
    }

    /** WHERE ..., or nothing. */
    @Nullable
    Expression where() {
        return cursor.accept("where") ? grammar.expressions.expression() : null;
    }

    /** Select list items, also of RETURNING. */
    List<QueryBody.Target> targets() {
        List<QueryBody.Target> targets = new ArrayList<>();
        do {
            targets.add(target());
        } while (cursor.accept(TokenKind.COMMA));
        return targets;
    }

    private QueryBody.Target target() {
        int start = cursor.start();
        if (cursor.acceptOperator("*")) {
            Expression all = new Expression.ColumnReference(List.of(), true, start, cursor.end());
            return new QueryBody.Target(all, null, start, cursor.end());
        }
        Expression expression = grammar.expressions.expression();
        Name label = null;
        if (cursor.accept("as")) {
            label = grammar.names.label();
        } else if (grammar.names.isBareLabel()) {
            label = grammar.names.take();
        }
        return new QueryBody.Target(expression, label, start, cursor.end());
    }

    /** {@code INTO [TEMP] [TABLE] name}. */
    private QueryBody.Into into() {
        int start = cursor.start();
        cursor.next();
        if (cursor.isAny("local", "global")) {
            cursor.next();
        }
        boolean temporary = cursor.isAny("temp", "temporary");
        if (temporary || (cursor.is("unlogged") && !cursor.is(1, TokenKind.DOT))) {
            cursor.next();
        }
        cursor.accept("table");
        QualifiedName table = grammar.names.qualified();
        return new QueryBody.Into(temporary, table, start, cursor.end());
    }

    private List<Expression> groupBy() {
        if (!cursor.accept("group", "by")) {
            return List.of();
        }
        if (!cursor.accept("distinct")) {
            cursor.accept("all");
        }
        List<Expression> items = new ArrayList<>();
        do {
            items.add(groupItem());
        } while (cursor.accept(TokenKind.COMMA));
        return items;
    }

    private Expression groupItem() {
        int start = cursor.start();
        if (!cursor.accept("grouping", "sets")) {
            return grammar.expressions.expression();
        }
        cursor.enter();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        List<Node> sets = new ArrayList<>();
        do {
            sets.add(groupItem());
        } while (cursor.accept(TokenKind.COMMA));
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        cursor.leave();
        return new Expression.Special("grouping sets", sets, start, cursor.end());
    }

    /** WITH ... */
    With with() {
        int start = cursor.start();
        cursor.expect("with");
        boolean recursive = cursor.accept("recursive");
        List<With.CommonTable> tables = new ArrayList<>();
        do {
            tables.add(commonTable());
        } while (cursor.accept(TokenKind.COMMA));
        return new With(recursive, tables, start, cursor.end());
    }

    private With.CommonTable commonTable() {
        int start = cursor.start();
        Name name = grammar.names.columnId();
        List<Name> columns = cursor.is(TokenKind.LEFT_PARENTHESIS) ? grammar.names.columnList() : List.of();
        cursor.expect("as");
        Boolean materialized = null;
        if (cursor.accept("materialized")) {
            materialized = true;
        } else if (cursor.accept("not", "materialized")) {
            materialized = false;
        }
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        cursor.enter();
        Statement statement = grammar.statements.preparable();
        cursor.leave();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        List<Expression> extras = searchAndCycle();
        return new With.CommonTable(name, columns, materialized, statement, extras, start, cursor.end());
    }

    /** SEARCH and CYCLE: only CYCLE ... TO value DEFAULT value holds expressions, and these are constants. */
    private List<Expression> searchAndCycle() {
        List<Expression> values = new ArrayList<>();
        if (cursor.accept("search")) {
            cursor.next();
            cursor.expect("first");
            cursor.expect("by");
            names();
            cursor.expect("set");
            grammar.names.columnId();
        }
        if (cursor.accept("cycle")) {
            names();
            cursor.expect("set");
            grammar.names.columnId();
            if (cursor.accept("to")) {
                values.add(grammar.primaries.primary());
                cursor.expect("default");
                values.add(grammar.primaries.primary());
            }
            cursor.expect("using");
            grammar.names.columnId();
        }
        return values;
    }

    private void names() {
        do {
            grammar.names.columnId();
        } while (cursor.accept(TokenKind.COMMA));
    }
}

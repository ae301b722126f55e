package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Call;
import io.pgring.pgsql.tree.CloseCursor;
import io.pgring.pgsql.tree.Deallocate;
import io.pgring.pgsql.tree.DeclareCursor;
import io.pgring.pgsql.tree.Do;
import io.pgring.pgsql.tree.ExecuteStatement;
import io.pgring.pgsql.tree.Explain;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FetchCursor;
import io.pgring.pgsql.tree.Listen;
import io.pgring.pgsql.tree.Lock;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Notify;
import io.pgring.pgsql.tree.Prepare;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Truncate;
import io.pgring.pgsql.tree.TypeName;
import io.pgring.pgsql.tree.Unlisten;
import java.util.ArrayList;
import java.util.List;

/** Utility statements that are understood in full: EXPLAIN, prepared statements, cursors, LISTEN, LOCK, TRUNCATE, CALL, DO. */
final class UtilityRules {
    private final Grammar grammar;
    private final Cursor cursor;

    UtilityRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    Explain explain(int start) {
        cursor.expect("explain");
        ExplainOptions options;
        if (cursor.is(TokenKind.LEFT_PARENTHESIS) && !cursor.opensQuery(0)) {
            options = explainOptions();
        } else {
            options = new ExplainOptions(cursor.accept("analyze") || cursor.accept("analyse"), true);
            cursor.accept("verbose");
        }
        Statement statement = grammar.statements.statement();
        return new Explain(options.analyze(), options.text(), statement, start, cursor.end());
    }

    private record ExplainOptions(boolean analyze, boolean text) {}

    /** {@code (name [value], ...)}. The last one of a name counts. */
    private ExplainOptions explainOptions() {
        boolean analyze = false;
        boolean text = true;
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        do {
            boolean isAnalyze = cursor.is("analyze") || cursor.is("analyse");
            boolean isFormat = cursor.is("format");
            grammar.names.label();
            text = isFormat ? cursor.is("text") : text;
            boolean on = true;
            if (!cursor.is(TokenKind.COMMA) && !cursor.is(TokenKind.RIGHT_PARENTHESIS)) {
                on = !isOff();
                cursor.next();
            }
            analyze = isAnalyze ? on : analyze;
        } while (cursor.accept(TokenKind.COMMA));
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return new ExplainOptions(analyze, text);
    }

    private boolean isOff() {
        return cursor.isAny("off", "false")
                || (cursor.is(TokenKind.INTEGER) && cursor.symbol().equals("0"));
    }

    Prepare prepare(int start) {
        cursor.expect("prepare");
        Name name = grammar.names.columnId();
        List<TypeName> types = new ArrayList<>();
        if (cursor.accept(TokenKind.LEFT_PARENTHESIS)) {
            do {
                types.add(grammar.types.type());
            } while (cursor.accept(TokenKind.COMMA));
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        }
        cursor.expect("as");
        Statement statement = grammar.statements.preparable();
        return new Prepare(name, types, statement, start, cursor.end());
    }

    ExecuteStatement execute(int start) {
        cursor.expect("execute");
        Name name = grammar.names.columnId();
        List<Expression> arguments = List.of();
        if (cursor.accept(TokenKind.LEFT_PARENTHESIS)) {
            arguments = grammar.expressions.expressionList();
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        }
        return new ExecuteStatement(name, arguments, start, cursor.end());
    }

    Deallocate deallocate(int start) {
        cursor.expect("deallocate");
        cursor.accept("prepare");
        Name name = cursor.accept("all") ? null : grammar.names.columnId();
        return new Deallocate(name, start, cursor.end());
    }

    DeclareCursor declare(int start) {
        cursor.expect("declare");
        Name name = grammar.names.columnId();
        boolean scroll = false;
        boolean binary = false;
        while (!cursor.accept("cursor")) {
            if (cursor.accept("binary")) {
                binary = true;
            } else if (cursor.accept("scroll")) {
                scroll = true;
            } else if (!cursor.accept("no", "scroll") && !cursor.accept("insensitive")) {
                cursor.expect("asensitive");
            }
        }
        boolean hold = cursor.accept("with", "hold");
        if (!hold) {
            cursor.accept("without", "hold");
        }
        cursor.expect("for");
        Select query = grammar.queries.query();
        return new DeclareCursor(name, hold, scroll, binary, query, start, cursor.end());
    }

    /** FETCH or MOVE: the direction is any words and numbers before the last word. */
    FetchCursor fetch(int start) {
        boolean move = cursor.is("move");
        cursor.next();
        while (true) {
            if (grammar.names.isColumnId(0) && cursor.kind(1) == TokenKind.END) {
                Name name = grammar.names.columnId();
                return new FetchCursor(name, move, start, cursor.end());
            }
            if (!isDirection()) {
                throw cursor.unexpected();
            }
            cursor.next();
        }
    }

    private boolean isDirection() {
        return cursor.isAny(
                        "next",
                        "prior",
                        "first",
                        "last",
                        "absolute",
                        "relative",
                        "all",
                        "forward",
                        "backward",
                        "from",
                        "in")
                || cursor.is(TokenKind.INTEGER)
                || cursor.isOperator("-")
                || cursor.isOperator("+");
    }

    CloseCursor close(int start) {
        cursor.expect("close");
        Name name = cursor.accept("all") ? null : grammar.names.columnId();
        return new CloseCursor(name, start, cursor.end());
    }

    Listen listen(int start) {
        cursor.expect("listen");
        Name channel = grammar.names.columnId();
        return new Listen(channel, start, cursor.end());
    }

    Unlisten unlisten(int start) {
        cursor.expect("unlisten");
        Name channel = cursor.acceptOperator("*") ? null : grammar.names.columnId();
        return new Unlisten(channel, start, cursor.end());
    }

    Notify sendNotification(int start) {
        cursor.expect("notify");
        Name channel = grammar.names.columnId();
        int payload = -1;
        if (cursor.accept(TokenKind.COMMA)) {
            payload = cursor.start();
            if (!cursor.isString()) {
                throw cursor.unexpected();
            }
            cursor.next();
        }
        return new Notify(channel, payload, start, cursor.end());
    }

    Lock lock(int start) {
        cursor.expect("lock");
        cursor.accept("table");
        List<QualifiedName> tables = tables();
        if (cursor.accept("in")) {
            while (!cursor.accept("mode")) {
                if (!cursor.isAny("access", "row", "share", "update", "exclusive")) {
                    throw cursor.unexpected();
                }
                cursor.next();
            }
        }
        cursor.accept("nowait");
        return new Lock(tables, start, cursor.end());
    }

    Truncate truncate(int start) {
        cursor.expect("truncate");
        cursor.accept("table");
        List<QualifiedName> tables = tables();
        boolean restart = cursor.accept("restart", "identity");
        if (!restart) {
            cursor.accept("continue", "identity");
        }
        boolean cascade = cursor.accept("cascade");
        if (!cascade) {
            cursor.accept("restrict");
        }
        return new Truncate(tables, cascade, restart, start, cursor.end());
    }

    private List<QualifiedName> tables() {
        List<QualifiedName> tables = new ArrayList<>();
        do {
            tables.add(grammar.from.relation(false).name());
        } while (cursor.accept(TokenKind.COMMA));
        return tables;
    }

    Call call(int start) {
        cursor.expect("call");
        if (grammar.functions.nameOrCall() instanceof Expression.FunctionCall procedure) {
            return new Call(procedure, start, cursor.end());
        }
        throw cursor.unexpected();
    }

    Do doBlock(int start) {
        cursor.expect("do");
        String language = "plpgsql";
        String body = null;
        while (!cursor.atEnd()) {
            if (cursor.accept("language")) {
                language = cursor.isString() ? string() : grammar.names.label().value();
            } else if (cursor.isString() && body == null) {
                body = string();
            } else {
                throw cursor.unexpected();
            }
        }
        if (body == null) {
            throw cursor.unexpected();
        }
        return new Do(language, body, start, cursor.end());
    }

    private String string() {
        String value = StringLiteral.decodeToString(cursor.text(), cursor.start(), cursor.currentEnd());
        cursor.next();
        return value;
    }
}

package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Discard;
import io.pgring.pgsql.tree.SetVariable;
import io.pgring.pgsql.tree.SetVariable.Action;
import io.pgring.pgsql.tree.SetVariable.Scope;
import io.pgring.pgsql.tree.Show;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.TransactionControl;
import java.util.Locale;

/** SET, RESET, SHOW, DISCARD (VariableSetStmt and its kin). */
final class SettingRules {
    private final Grammar grammar;
    private final Cursor cursor;

    SettingRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    /** SET ...; the statement about CONSTRAINTS is none of these and is left to the caller. */
    Statement set(int start) {
        cursor.expect("set");
        Scope scope = Scope.SESSION;
        if (cursor.is("local") && !endsName(1)) {
            cursor.next();
            scope = Scope.LOCAL;
        } else if (cursor.is("session") && cursor.is(1, "characteristics")) {
            cursor.moveTo(cursor.position() + 2);
            cursor.expect("as");
            cursor.expect("transaction");
            return grammar.transactions.withModes(TransactionControl.Kind.SET_SESSION_CHARACTERISTICS, start);
        } else if (cursor.is("session") && !cursor.is(1, "authorization") && !endsName(1)) {
            cursor.next();
        }
        if (cursor.is("transaction") && !endsName(1)) {
            cursor.next();
            return grammar.transactions.withModes(TransactionControl.Kind.SET_TRANSACTION, start);
        }
        return variable(scope, start);
    }

    /** Whether the token {@code ahead} of here shows that the word before it is the name of a variable. */
    private boolean endsName(int ahead) {
        return cursor.is(ahead, "to")
                || cursor.is(ahead, TokenKind.DOT)
                || cursor.is(ahead, TokenKind.OPERATOR)
                || (cursor.is(ahead, "from") && cursor.is(ahead + 1, "current"));
    }

    private Statement variable(Scope scope, int start) {
        String name = specialName();
        boolean special = !name.isEmpty();
        if (!special) {
            name = dottedName();
        }
        if (cursor.accept("from", "current")) {
            int end = cursor.end();
            return new SetVariable(Action.SET_FROM_CURRENT, scope, name, false, end, end, start, end);
        }
        if (!special && !cursor.accept("to")) {
            cursor.expectOperator("=");
        }
        boolean toDefault = cursor.is("default") || (name.equals("timezone") && special && cursor.is("local"));
        int valueStart = cursor.start();
        values();
        int end = cursor.end();
        return new SetVariable(Action.SET, scope, name, toDefault, Math.min(valueStart, end), end, start, end);
    }

    /** The values up to the end. PostgreSQL itself judges them. */
    private void values() {
        while (!cursor.atEnd()) {
            switch (cursor.kind()) {
                case IDENTIFIER,
                        QUOTED_IDENTIFIER,
                        STRING,
                        STRING_ESCAPED,
                        INTEGER,
                        NUMERIC,
                        OPERATOR,
                        COMMA,
                        DOT,
                        LEFT_PARENTHESIS,
                        RIGHT_PARENTHESIS -> cursor.next();
                default -> throw cursor.unexpected();
            }
        }
    }

    /** The variable behind a spelling of its own, or an empty string. */
    private String specialName() {
        if (cursor.accept("time", "zone")) {
            return "timezone";
        }
        if (cursor.accept("session", "authorization")) {
            return "session_authorization";
        }
        if (cursor.accept("xml", "option")) {
            return "xmloption";
        }
        if (endsName(1)) {
            return "";
        }
        if (cursor.accept("names")) {
            return "client_encoding";
        }
        if (cursor.accept("role")) {
            return "role";
        }
        return cursor.accept("schema") ? "search_path" : "";
    }

    private String dottedName() {
        StringBuilder name = new StringBuilder(grammar.names.columnId().value());
        while (cursor.accept(TokenKind.DOT)) {
            name.append('.').append(grammar.names.columnId().value());
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }

    Statement reset(int start) {
        cursor.expect("reset");
        Action action = Action.RESET;
        String name;
        if (cursor.accept("all")) {
            action = Action.RESET_ALL;
            name = "";
        } else {
            name = queriedName();
        }
        int end = cursor.end();
        return new SetVariable(action, Scope.SESSION, name, false, end, end, start, end);
    }

    Statement show(int start) {
        cursor.expect("show");
        String name = cursor.accept("all") ? "all" : queriedName();
        return new Show(name, start, cursor.end());
    }

    private String queriedName() {
        if (cursor.is("transaction") && cursor.is(1, "isolation") && cursor.is(2, "level")) {
            cursor.moveTo(cursor.position() + 3);
            return "transaction_isolation";
        }
        if (cursor.accept("time", "zone")) {
            return "timezone";
        }
        if (cursor.accept("session", "authorization")) {
            return "session_authorization";
        }
        return dottedName();
    }

    Statement discard(int start) {
        cursor.expect("discard");
        Discard.Target target = switch (cursor.word()) {
            case "all" -> Discard.Target.ALL;
            case "plans" -> Discard.Target.PLANS;
            case "sequences" -> Discard.Target.SEQUENCES;
            case "temp", "temporary" -> Discard.Target.TEMP;
            default -> throw cursor.unexpected();
        };
        cursor.next();
        return new Discard(target, start, cursor.end());
    }
}

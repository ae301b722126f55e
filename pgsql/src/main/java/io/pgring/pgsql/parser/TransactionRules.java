package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.TransactionControl;
import io.pgring.pgsql.tree.TransactionControl.Kind;
import org.jspecify.annotations.Nullable;

/** Statements that begin, end or shape a transaction (TransactionStmt). */
final class TransactionRules {
    private static final TransactionControl.Modes NO_MODES = new TransactionControl.Modes(null, null, null, false);

    private final Grammar grammar;
    private final Cursor cursor;

    TransactionRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    /** The statement that begins with the current word, or null if it is none of these. */
    @Nullable
    TransactionControl statement() {
        int start = cursor.start();
        switch (cursor.word()) {
            case "begin" -> {
                cursor.next();
                acceptNoise();
                return withModes(Kind.BEGIN, start);
            }
            case "start" -> {
                cursor.next();
                cursor.expect("transaction");
                return withModes(Kind.BEGIN, start);
            }
            case "commit" -> {
                cursor.next();
                return cursor.accept("prepared") ? prepared(Kind.COMMIT_PREPARED, start) : ending(Kind.COMMIT, start);
            }
            case "end" -> {
                cursor.next();
                return ending(Kind.COMMIT, start);
            }
            case "rollback" -> {
                cursor.next();
                return cursor.accept("prepared") ? prepared(Kind.ROLLBACK_PREPARED, start) : rollback(start);
            }
            case "abort" -> {
                cursor.next();
                return ending(Kind.ROLLBACK, start);
            }
            case "savepoint" -> {
                cursor.next();
                return savepoint(Kind.SAVEPOINT, start);
            }
            case "release" -> {
                cursor.next();
                cursor.accept("savepoint");
                return savepoint(Kind.RELEASE, start);
            }
            case "prepare" -> {
                if (!cursor.is(1, "transaction") || !cursor.is(2, TokenKind.STRING)) {
                    return null;
                }
                cursor.next();
                cursor.next();
                return prepared(Kind.PREPARE_TRANSACTION, start);
            }
            default -> {
                return null;
            }
        }
    }

    /** WORK or TRANSACTION. */
    private void acceptNoise() {
        if (!cursor.accept("work")) {
            cursor.accept("transaction");
        }
    }

    private TransactionControl ending(Kind kind, int start) {
        acceptNoise();
        boolean chain = false;
        if (cursor.accept("and")) {
            chain = !cursor.accept("no");
            cursor.expect("chain");
        }
        int end = cursor.end();
        return new TransactionControl(kind, null, NO_MODES, chain, -1, end, end, start, end);
    }

    private TransactionControl rollback(int start) {
        acceptNoise();
        if (!cursor.accept("to")) {
            return ending(Kind.ROLLBACK, start);
        }
        cursor.accept("savepoint");
        return savepoint(Kind.ROLLBACK_TO, start);
    }

    private TransactionControl savepoint(Kind kind, int start) {
        String name = grammar.names.columnId().value();
        int end = cursor.end();
        return new TransactionControl(kind, name, NO_MODES, false, -1, end, end, start, end);
    }

    private TransactionControl prepared(Kind kind, int start) {
        int gid = cursor.start();
        if (!cursor.isString()) {
            throw cursor.unexpected();
        }
        cursor.next();
        int end = cursor.end();
        return new TransactionControl(kind, null, NO_MODES, false, gid, end, end, start, end);
    }

    /** The rest of a statement that ends in transaction modes; also of SET TRANSACTION. */
    TransactionControl withModes(Kind kind, int start) {
        int optionsStart = cursor.start();
        TransactionControl.Modes modes = modes();
        int end = cursor.end();
        return new TransactionControl(kind, null, modes, false, -1, Math.min(optionsStart, end), end, start, end);
    }

    private TransactionControl.Modes modes() {
        TransactionControl.Isolation isolation = null;
        Boolean readOnly = null;
        Boolean deferrable = null;
        boolean snapshot = false;
        while (!cursor.atEnd()) {
            if (cursor.accept("isolation", "level")) {
                isolation = isolation();
            } else if (cursor.accept("read", "only")) {
                readOnly = true;
            } else if (cursor.accept("read", "write")) {
                readOnly = false;
            } else if (cursor.accept("deferrable")) {
                deferrable = true;
            } else if (cursor.accept("not", "deferrable")) {
                deferrable = false;
            } else if (cursor.is("snapshot")
                    && (cursor.is(1, TokenKind.STRING) || cursor.is(1, TokenKind.STRING_ESCAPED))) {
                cursor.next();
                cursor.next();
                snapshot = true;
            } else {
                throw cursor.unexpected();
            }
            cursor.accept(TokenKind.COMMA);
        }
        return new TransactionControl.Modes(isolation, readOnly, deferrable, snapshot);
    }

    private TransactionControl.Isolation isolation() {
        if (cursor.accept("read", "uncommitted")) {
            return TransactionControl.Isolation.READ_UNCOMMITTED;
        }
        if (cursor.accept("read", "committed")) {
            return TransactionControl.Isolation.READ_COMMITTED;
        }
        if (cursor.accept("repeatable", "read")) {
            return TransactionControl.Isolation.REPEATABLE_READ;
        }
        cursor.expect("serializable");
        return TransactionControl.Isolation.SERIALIZABLE;
    }
}

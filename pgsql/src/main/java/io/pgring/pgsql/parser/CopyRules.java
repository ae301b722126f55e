package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Copy;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Statement;
import java.util.List;

/** COPY (CopyStmt). */
final class CopyRules {
    private final Grammar grammar;
    private final Cursor cursor;

    CopyRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    Copy copy(int start) {
        cursor.expect("copy");
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            return copyQuery(start);
        }
        if (cursor.is("binary") && grammar.names.isColumnId(1)) {
            cursor.next();
        }
        QualifiedName table = grammar.names.qualified();
        List<Name> columns = cursor.is(TokenKind.LEFT_PARENTHESIS) ? grammar.names.columnList() : List.of();
        boolean from = cursor.accept("from");
        if (!from) {
            cursor.expect("to");
        }
        Copy.Endpoint endpoint = endpoint();
        int optionsStart = cursor.end();
        skipOptions();
        Expression where = from ? grammar.queries.where() : null;
        return new Copy(table, columns, null, from, endpoint, where, optionsStart, start, cursor.end());
    }

    private Copy copyQuery(int start) {
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        Statement query = grammar.statements.preparable();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        cursor.expect("to");
        Copy.Endpoint endpoint = endpoint();
        int optionsStart = cursor.end();
        skipOptions();
        return new Copy(null, List.of(), query, false, endpoint, null, optionsStart, start, cursor.end());
    }

    private Copy.Endpoint endpoint() {
        if (cursor.accept("stdin") || cursor.accept("stdout")) {
            return Copy.Endpoint.CLIENT;
        }
        boolean program = cursor.accept("program");
        if (!cursor.isString()) {
            throw cursor.unexpected();
        }
        cursor.next();
        return program ? Copy.Endpoint.PROGRAM : Copy.Endpoint.FILE;
    }

    /** Options in parentheses, or words of the old syntax; up to WHERE or the end. PostgreSQL itself judges them. */
    private void skipOptions() {
        while (!cursor.atEnd() && !cursor.is("where")) {
            switch (cursor.kind()) {
                case LEFT_PARENTHESIS -> cursor.skipParentheses();
                case IDENTIFIER, QUOTED_IDENTIFIER, STRING, STRING_ESCAPED, COMMA -> cursor.next();
                case OPERATOR -> cursor.expectOperator("*");
                default -> throw cursor.unexpected();
            }
        }
    }
}

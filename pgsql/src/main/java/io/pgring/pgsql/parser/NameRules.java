package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.Identifiers;
import io.pgring.pgsql.lexer.Keywords;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import java.util.ArrayList;
import java.util.List;

/** Names: ColId, type_function_name, ColLabel, BareColLabel, qualified_name. */
final class NameRules {
    private final Cursor cursor;

    NameRules(Cursor cursor) {
        this.cursor = cursor;
    }

    /** Whether a name of a column, table or the like (ColId) stands {@code ahead} tokens from here. */
    boolean isColumnId(int ahead) {
        if (cursor.is(ahead, TokenKind.QUOTED_IDENTIFIER)) {
            return true;
        }
        if (!cursor.is(ahead, TokenKind.IDENTIFIER)) {
            return false;
        }
        Keywords.Category category = Keywords.category(cursor.word(ahead));
        return category == null
                || category == Keywords.Category.UNRESERVED
                || category == Keywords.Category.COLUMN_NAME;
    }

    /** Whether a name of a function or type stands here (type_function_name). */
    boolean isTypeOrFunctionName() {
        if (cursor.is(TokenKind.QUOTED_IDENTIFIER)) {
            return true;
        }
        if (!cursor.is(TokenKind.IDENTIFIER)) {
            return false;
        }
        Keywords.Category category = Keywords.category(cursor.word());
        return category == null
                || category == Keywords.Category.UNRESERVED
                || category == Keywords.Category.TYPE_OR_FUNCTION_NAME;
    }

    boolean isIdentifier(int ahead) {
        return cursor.is(ahead, TokenKind.IDENTIFIER) || cursor.is(ahead, TokenKind.QUOTED_IDENTIFIER);
    }

    /** ColId. */
    Name columnId() {
        if (!isColumnId(0)) {
            throw cursor.unexpected();
        }
        return take();
    }

    /** ColLabel: any word. */
    Name label() {
        if (!isIdentifier(0)) {
            throw cursor.unexpected();
        }
        return take();
    }

    /** Whether a word stands here that labels a column without AS. */
    boolean isBareLabel() {
        return cursor.is(TokenKind.QUOTED_IDENTIFIER)
                || (cursor.is(TokenKind.IDENTIFIER) && Keywords.isBareLabel(cursor.word()));
    }

    /** ColId, then any words behind dots. */
    QualifiedName qualified() {
        Name first = columnId();
        return qualified(first);
    }

    /** A name whose first word may be of any category that can name a function, type or collation. */
    QualifiedName anyName() {
        if (!isColumnId(0) && !isTypeOrFunctionName()) {
            throw cursor.unexpected();
        }
        return qualified(take());
    }

    List<QualifiedName> qualifiedList() {
        List<QualifiedName> list = new ArrayList<>();
        do {
            list.add(qualified());
        } while (cursor.accept(TokenKind.COMMA));
        return list;
    }

    /** {@code (name, ...)}. */
    List<Name> columnList() {
        List<Name> list = new ArrayList<>();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        do {
            list.add(columnId());
        } while (cursor.accept(TokenKind.COMMA));
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return list;
    }

    private QualifiedName qualified(Name first) {
        List<Name> parts = new ArrayList<>(2);
        parts.add(first);
        while (cursor.is(TokenKind.DOT) && isIdentifier(1)) {
            cursor.next();
            parts.add(take());
        }
        return new QualifiedName(parts, first.start(), cursor.end());
    }

    /** The current token as a name, whatever its category. */
    Name take() {
        int start = cursor.start();
        int end = cursor.currentEnd();
        String value = cursor.is(TokenKind.IDENTIFIER) ? cursor.word() : Identifiers.decode(cursor.text(), start, end);
        cursor.next();
        return new Name(value, start, end);
    }
}

package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Ddl;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns and constraints of CREATE TABLE, the actions of ALTER TABLE, and the columns of a unique index. Looks for the words
 * that matter, each element on its own; the rest of an element is passed over.
 */
final class TableChangeRules {
    /** Types and words that make the values of a column. */
    private static final String[] GENERATORS = {
        "generated", "serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"
    };

    private final Grammar grammar;
    private final Cursor cursor;
    private final List<QualifiedName> tables;
    private final List<List<Name>> uniqueColumns = new ArrayList<>();
    private final List<Ddl.ForeignKey> foreignKeys = new ArrayList<>();
    private final List<Name> columns = new ArrayList<>();
    private boolean renames;
    private boolean inherits;
    private boolean computesDefaults;

    /** Adds the tables that constraints and the like name to those that are known. */
    TableChangeRules(Grammar grammar, List<QualifiedName> tables) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tables = tables;
    }

    Ddl.Changes changes() {
        return new Ddl.Changes(uniqueColumns, foreignKeys, columns, renames, inherits, computesDefaults);
    }

    /** What follows the name in CREATE TABLE, up to AS and its query or to the end. */
    void definition() {
        if (cursor.accept("partition", "of")) {
            tables.add(grammar.names.qualified());
        }
        if (cursor.accept(TokenKind.LEFT_PARENTHESIS) && !cursor.accept(TokenKind.RIGHT_PARENTHESIS)) {
            do {
                element();
            } while (cursor.accept(TokenKind.COMMA));
            cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        }
        while (!cursor.atEnd() && !cursor.is("as")) {
            if (cursor.accept("inherits")) {
                inherits = true;
                cursor.expect(TokenKind.LEFT_PARENTHESIS);
                tables.addAll(grammar.names.qualifiedList());
                cursor.expect(TokenKind.RIGHT_PARENTHESIS);
            } else {
                pass();
            }
        }
    }

    /** The actions of ALTER TABLE. */
    void actions() {
        do {
            action();
        } while (cursor.accept(TokenKind.COMMA));
    }

    private void action() {
        if (cursor.accept("add")) {
            cursor.accept("column");
            if (cursor.accept("if", "not")) {
                cursor.expect("exists");
            }
            element();
        } else if (cursor.accept("rename")) {
            rename();
        } else if (cursor.accept("set", "schema")) {
            renames = true;
            element();
        } else if (cursor.isAny("inherit", "attach", "detach") || (cursor.is("no") && cursor.is(1, "inherit"))) {
            partition();
        } else if (cursor.accept("drop") || cursor.accept("alter")) {
            column();
            element();
        } else {
            element();
        }
    }

    /** RENAME TO, RENAME CONSTRAINT, RENAME [COLUMN]. */
    private void rename() {
        if (cursor.is("to")) {
            renames = true;
        } else {
            column();
        }
        element();
    }

    /** INHERIT, NO INHERIT, ATTACH PARTITION, DETACH PARTITION, and the table that they name. */
    private void partition() {
        boolean ends = cursor.accept("no") || cursor.is("detach");
        inherits |= !ends;
        cursor.next();
        cursor.accept("partition");
        tables.add(grammar.names.qualified());
        element();
    }

    /** {@code [COLUMN] [IF EXISTS] name}, unless it is a constraint or the like. */
    private void column() {
        if (cursor.is("constraint")) {
            return;
        }
        cursor.accept("column");
        cursor.accept("if", "exists");
        if (grammar.names.isColumnId(0)) {
            columns.add(grammar.names.columnId());
        }
    }

    /** A column, a constraint, or the rest of an action: up to the comma or parenthesis behind it. */
    private void element() {
        List<Name> own = grammar.names.isColumnId(0) && !cursor.is("exclude") ? List.of(peek()) : List.of();
        List<Name> columnsOfKey = own;
        while (!cursor.atEnd() && !cursor.is(TokenKind.COMMA) && !cursor.is(TokenKind.RIGHT_PARENTHESIS)) {
            if (cursor.accept("foreign", "key")) {
                columnsOfKey = columnList();
            } else if (cursor.accept("references")) {
                QualifiedName table = grammar.names.qualified();
                tables.add(table);
                foreignKeys.add(new Ddl.ForeignKey(columnsOfKey, table, columnList(), setsColumns()));
            } else if (cursor.accept("like")) {
                tables.add(grammar.names.qualified());
            } else if (cursor.accept("unique") || cursor.accept("primary", "key")) {
                unique(own);
            } else if (cursor.accept("default")) {
                computesDefaults |= !isConstant();
            } else if (cursor.is("exclude") && (cursor.is(1, "using") || cursor.is(1, TokenKind.LEFT_PARENTHESIS))) {
                uniqueColumns.add(List.of());
                cursor.next();
            } else {
                computesDefaults |= cursor.isAny(GENERATORS);
                pass();
            }
        }
    }

    /** MATCH, ON DELETE and ON UPDATE behind REFERENCES. */
    private boolean setsColumns() {
        boolean sets = false;
        cursor.accept("match", "simple");
        cursor.accept("match", "full");
        while (cursor.accept("on", "delete") || cursor.accept("on", "update")) {
            if (cursor.accept("set")) {
                sets = true;
                cursor.next();
                columnList();
            } else if (cursor.accept("no")) {
                cursor.expect("action");
            } else {
                cursor.next();
            }
        }
        return sets;
    }

    /** {@code (a, b)}, or nothing; without names when it is anything else. */
    private List<Name> columnList() {
        List<Name> list = new ArrayList<>();
        if (!cursor.accept(TokenKind.LEFT_PARENTHESIS)) {
            return list;
        }
        while (!cursor.atEnd() && !cursor.is(TokenKind.RIGHT_PARENTHESIS)) {
            if (grammar.names.isColumnId(0)) {
                list.add(grammar.names.columnId());
            } else {
                pass();
            }
        }
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return list;
    }

    /** Whether a constant stands here, and nothing behind it but the next clause. */
    private boolean isConstant() {
        boolean sign = cursor.isOperator("-");
        boolean constant = switch (cursor.kind(sign ? 1 : 0)) {
            case STRING, STRING_ESCAPED, INTEGER, NUMERIC, BIT_STRING -> true;
            default -> cursor.isAny("null", "true", "false");
        };
        boolean alone = !cursor.is(sign ? 2 : 1, TokenKind.OPERATOR) && !cursor.is(sign ? 2 : 1, TokenKind.TYPECAST);
        return constant && alone;
    }

    private Name peek() {
        int before = cursor.position();
        Name name = grammar.names.columnId();
        cursor.moveTo(before);
        return name;
    }

    /** {@code UNIQUE (a, b)}, {@code UNIQUE USING INDEX i}, or {@code column type UNIQUE}. */
    private void unique(List<Name> own) {
        if (cursor.accept("nulls")) {
            cursor.accept("not");
            cursor.expect("distinct");
        }
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            uniqueIndex();
        } else if (!cursor.is("using")) {
            uniqueColumns.add(own);
        }
    }

    /** {@code (a, lower(b), c DESC)}: the columns that stand there alone. */
    void uniqueIndex() {
        List<Name> list = new ArrayList<>();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        do {
            boolean column = grammar.names.isColumnId(0)
                    && !cursor.is(1, TokenKind.LEFT_PARENTHESIS)
                    && !cursor.is(1, TokenKind.DOT);
            if (column) {
                list.add(grammar.names.columnId());
            }
            while (!cursor.atEnd() && !cursor.is(TokenKind.COMMA) && !cursor.is(TokenKind.RIGHT_PARENTHESIS)) {
                pass();
            }
        } while (cursor.accept(TokenKind.COMMA));
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        uniqueColumns.add(list);
    }

    /** Goes on by one token, or behind the parenthesis that closes the one here. */
    private void pass() {
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            cursor.skipParentheses();
        } else {
            cursor.next();
        }
    }
}

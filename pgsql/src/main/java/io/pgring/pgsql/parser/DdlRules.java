package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Ddl;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements about tables, indexes, views and triggers: which tables they name, and what they do that matters to shards. What is
 * not understood is null; the statement is then known by its words alone.
 */
final class DdlRules {
    private final Grammar grammar;
    private final Cursor cursor;
    private final StatementWords words;
    private final TableChangeRules changes;
    private final List<QualifiedName> tables = new ArrayList<>();
    private final List<QualifiedName> indexes = new ArrayList<>();
    private boolean transactional = true;
    private @Nullable Select query;

    DdlRules(Grammar grammar, StatementWords words) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.words = words;
        this.changes = new TableChangeRules(grammar, tables);
    }

    /** The whole statement; if null, the cursor stands where it stood. */
    @Nullable
    Ddl ddl(int start) {
        int before = cursor.position();
        try {
            String command = command();
            if (command != null && !(tables.isEmpty() && indexes.isEmpty())) {
                cursor.moveToEnd();
                return new Ddl(
                        command,
                        tables,
                        indexes,
                        transactional,
                        changes.changes(),
                        query,
                        words.other(),
                        start,
                        cursor.end());
            }
        } catch (ParseFailure notUnderstood) {
            cursor.restart(before);
            return null;
        }
        cursor.restart(before);
        return null;
    }

    private @Nullable String command() {
        String word = cursor.word();
        cursor.next();
        return switch (word) {
            case "create" -> create();
            case "alter" -> alter();
            case "drop" -> drop();
            case "comment" -> comment();
            case "grant", "revoke" -> grant(word);
            default -> new MaintenanceRules(grammar, tables, indexes).command(word, this::alone);
        };
    }

    /** It can't run in a transaction block. */
    private void alone() {
        transactional = false;
    }

    private @Nullable String create() {
        cursor.accept("or", "replace");
        if (cursor.accept("unique")) {
            return index(true);
        }
        if (cursor.is("index")) {
            return index(false);
        }
        cursor.accept("constraint");
        if (cursor.accept("trigger")) {
            return trigger("CREATE TRIGGER");
        }
        while (cursor.isAny("global", "local", "temp", "temporary", "unlogged", "recursive")) {
            cursor.next();
        }
        if (cursor.accept("view")) {
            return view();
        }
        return cursor.accept("table") ? table() : null;
    }

    private String table() {
        acceptIfNotExists();
        tables.add(grammar.names.qualified());
        changes.definition();
        if (!cursor.is("as")) {
            return "CREATE TABLE";
        }
        cursor.next();
        query = grammar.queries.query();
        return "CREATE TABLE AS";
    }

    private String view() {
        tables.add(grammar.names.qualified());
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            cursor.skipParentheses();
        }
        if (cursor.accept("with")) {
            cursor.skipParentheses();
        }
        cursor.expect("as");
        query = grammar.queries.query();
        return "CREATE VIEW";
    }

    private String index(boolean unique) {
        cursor.expect("index");
        transactional = !cursor.accept("concurrently");
        acceptIfNotExists();
        if (!cursor.is("on")) {
            grammar.names.columnId();
        }
        cursor.expect("on");
        cursor.accept("only");
        tables.add(grammar.names.qualified());
        if (cursor.accept("using")) {
            grammar.names.columnId();
        }
        if (unique) {
            changes.uniqueIndex();
        }
        return "CREATE INDEX";
    }

    /** {@code name BEFORE ... ON table}, {@code name ON table}. */
    private String trigger(String command) {
        grammar.names.columnId();
        while (!cursor.is("on")) {
            if (cursor.atEnd()) {
                throw cursor.unexpected();
            }
            cursor.next();
        }
        cursor.next();
        tables.add(grammar.names.qualified());
        if (cursor.accept("from")) {
            tables.add(grammar.names.qualified());
        }
        return command;
    }

    private @Nullable String alter() {
        if (cursor.accept("index")) {
            acceptIfExists();
            indexes.add(grammar.names.qualified());
            return "ALTER INDEX";
        }
        if (!cursor.accept("table")) {
            return null;
        }
        acceptIfExists();
        tables.add(grammar.from.relation(false).name());
        if (cursor.is("in") && cursor.is(1, "tablespace")) {
            return null;
        }
        changes.actions();
        return "ALTER TABLE";
    }

    private @Nullable String drop() {
        if (cursor.accept("trigger")) {
            acceptIfExists();
            return trigger("DROP TRIGGER");
        }
        String kind = cursor.word();
        if (!cursor.isAny("table", "view", "index")) {
            return null;
        }
        cursor.next();
        transactional = !(kind.equals("index") && cursor.accept("concurrently"));
        acceptIfExists();
        (kind.equals("index") ? indexes : tables).addAll(grammar.names.qualifiedList());
        return switch (kind) {
            case "table" -> "DROP TABLE";
            case "view" -> "DROP VIEW";
            default -> "DROP INDEX";
        };
    }

    private @Nullable String comment() {
        cursor.expect("on");
        String kind = cursor.word();
        cursor.next();
        switch (kind) {
            case "table", "view" -> tables.add(grammar.names.qualified());
            case "index" -> indexes.add(grammar.names.qualified());
            case "column" -> tables.add(withoutLast(grammar.names.qualified()));
            case "constraint", "trigger" -> {
                grammar.names.columnId();
                cursor.expect("on");
                if (cursor.is("domain") && !cursor.is(1, "is")) {
                    return null;
                }
                tables.add(grammar.names.qualified());
            }
            default -> {
                return null;
            }
        }
        return "COMMENT";
    }

    private QualifiedName withoutLast(QualifiedName column) {
        List<Name> parts = column.parts();
        if (parts.size() < 2) {
            throw cursor.unexpected();
        }
        List<Name> table = parts.subList(0, parts.size() - 1);
        return new QualifiedName(
                table, column.start(), table.get(table.size() - 1).end());
    }

    /** {@code GRANT privileges ON [TABLE] names}; roles and other objects are not tables. */
    private @Nullable String grant(String word) {
        while (!cursor.is("on")) {
            if (cursor.atEnd() || cursor.isAny("to", "from")) {
                return null;
            }
            if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
                cursor.skipParentheses();
            } else {
                cursor.next();
            }
        }
        cursor.next();
        cursor.accept("table");
        tables.addAll(grammar.names.qualifiedList());
        return cursor.isAny("to", "from") ? (word.equals("grant") ? "GRANT" : "REVOKE") : null;
    }

    private void acceptIfNotExists() {
        if (cursor.accept("if")) {
            cursor.expect("not");
            cursor.expect("exists");
        }
    }

    private void acceptIfExists() {
        cursor.accept("if", "exists");
    }
}

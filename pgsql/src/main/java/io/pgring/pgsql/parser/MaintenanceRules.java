package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.QualifiedName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** VACUUM, ANALYZE, REINDEX and CLUSTER of tables that they name. Without a name they concern the whole database of a server. */
final class MaintenanceRules {
    private final Grammar grammar;
    private final Cursor cursor;
    private final List<QualifiedName> tables;
    private final List<QualifiedName> indexes;

    MaintenanceRules(Grammar grammar, List<QualifiedName> tables, List<QualifiedName> indexes) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tables = tables;
        this.indexes = indexes;
    }

    /**
     * The rest of a command, whose first word has been read.
     *
     * @param alone called when it can't run in a transaction block
     */
    @Nullable
    String command(String word, Runnable alone) {
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            cursor.skipParentheses();
        }
        return switch (word) {
            case "vacuum" -> {
                alone.run();
                yield tables("VACUUM");
            }
            case "analyze", "analyse" -> tables("ANALYZE");
            case "reindex" -> reindex(alone);
            case "cluster" -> cluster();
            default -> null;
        };
    }

    private @Nullable String tables(String command) {
        while (cursor.isAny("full", "freeze", "verbose", "analyze", "analyse")) {
            cursor.next();
        }
        if (cursor.atEnd()) {
            return null;
        }
        do {
            tables.add(grammar.from.relation(false).name());
            if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
                cursor.skipParentheses();
            }
        } while (cursor.accept(TokenKind.COMMA));
        return cursor.atEnd() ? command : null;
    }

    private @Nullable String reindex(Runnable alone) {
        boolean table = cursor.is("table");
        if (!table && !cursor.is("index")) {
            return null;
        }
        cursor.next();
        if (cursor.accept("concurrently")) {
            alone.run();
        }
        (table ? tables : indexes).add(grammar.names.qualified());
        return "REINDEX";
    }

    /** {@code CLUSTER [VERBOSE] table [USING index]}, {@code CLUSTER index ON table}. */
    private @Nullable String cluster() {
        cursor.accept("verbose");
        if (cursor.atEnd()) {
            return null;
        }
        QualifiedName name = grammar.names.qualified();
        tables.add(cursor.accept("on") ? grammar.names.qualified() : name);
        return "CLUSTER";
    }
}

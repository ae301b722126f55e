package io.pgring.pgsql.parser;

import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.With;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which rule a statement begins with (stmt). */
final class StatementRules {
    /** Commands that are known by their words alone. */
    private static final Set<String> OTHERS = Set.of(
            "alter",
            "analyse",
            "analyze",
            "checkpoint",
            "cluster",
            "comment",
            "create",
            "drop",
            "grant",
            "import",
            "load",
            "reassign",
            "refresh",
            "reindex",
            "repack",
            "revoke",
            "security",
            "vacuum",
            "wait");

    private final Grammar grammar;
    private final Cursor cursor;
    private final StatementWords words;

    StatementRules(Grammar grammar, StatementWords words) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.words = words;
    }

    /** The whole statement, to its last token. */
    Statement whole() {
        Statement statement = statement();
        if (!cursor.atEnd()) {
            throw cursor.unexpected();
        }
        return statement;
    }

    /** A statement from here on; what is known by its words alone takes the rest. */
    Statement statement() {
        int start = cursor.start();
        Statement transaction = grammar.transactions.statement();
        if (transaction != null) {
            return transaction;
        }
        if (grammar.queries.beginsQuery() || cursor.isAny("insert", "update", "delete", "merge")) {
            return preparable();
        }
        Statement utility = session(start);
        if (utility == null) {
            utility = utility(start);
        }
        if (utility != null) {
            return utility;
        }
        if (OTHERS.contains(cursor.word())) {
            Statement ddl = new DdlRules(grammar, words).ddl(start);
            return ddl != null ? ddl : other();
        }
        throw cursor.unexpected();
    }

    /** SELECT, INSERT, UPDATE, DELETE or MERGE, with their WITH clause (PreparableStmt). */
    Statement preparable() {
        int start = cursor.start();
        With with = cursor.is("with") ? grammar.queries.with() : null;
        return switch (cursor.word()) {
            case "insert" -> grammar.modifications.insert(with, start);
            case "update" -> grammar.modifications.update(with, start);
            case "delete" -> grammar.modifications.delete(with, start);
            case "merge" -> grammar.merges.merge(with, start);
            default -> grammar.queries.query(with, start);
        };
    }

    /** Takes all that is left; so inside of another statement that one does not go on and is unparsed. */
    private Statement other() {
        while (!cursor.atEnd()) {
            cursor.next();
        }
        return words.other();
    }

    private @Nullable Statement session(int start) {
        return switch (cursor.word()) {
            case "set" -> cursor.is(1, "constraints") ? other() : grammar.settings.set(start);
            case "reset" -> grammar.settings.reset(start);
            case "show" -> grammar.settings.show(start);
            case "discard" -> grammar.settings.discard(start);
            case "prepare" -> grammar.utilities.prepare(start);
            case "execute" -> grammar.utilities.execute(start);
            case "deallocate" -> grammar.utilities.deallocate(start);
            case "declare" -> grammar.utilities.declare(start);
            case "fetch", "move" -> grammar.utilities.fetch(start);
            case "close" -> grammar.utilities.close(start);
            case "listen" -> grammar.utilities.listen(start);
            case "unlisten" -> grammar.utilities.unlisten(start);
            default -> null;
        };
    }

    private @Nullable Statement utility(int start) {
        return switch (cursor.word()) {
            case "notify" -> grammar.utilities.sendNotification(start);
            case "lock" -> grammar.utilities.lock(start);
            case "truncate" -> grammar.utilities.truncate(start);
            case "call" -> grammar.utilities.call(start);
            case "do" -> grammar.utilities.doBlock(start);
            case "explain" -> grammar.utilities.explain(start);
            case "copy" -> new CopyRules(grammar).copy(start);
            default -> null;
        };
    }
}

package io.pgring.pgsql.analysis;

import io.pgring.pgsql.analysis.RoutineTokens.Token;
import io.pgring.pgsql.lexer.TokenKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The texts that a routine runs by EXECUTE, read as far as they stand in its source: string constants, names and values that are quoted by
 * format(), quote_ident() and the like, and variables that are made of these alone. A name or value is a word in them.
 */
final class DynamicSql {
    private static final Set<String> AFTER_TEXT = Set.of("into", "using", "loop");
    /** EXECUTE of GRANT and of CREATE TRIGGER. */
    private static final Set<String> NO_TEXT = Set.of("on", "function", "procedure");

    private final RoutineTokens tokens;
    private final TextExpressions expressions;

    private DynamicSql(RoutineTokens tokens) {
        this.tokens = tokens;
        this.expressions = new TextExpressions(tokens, RoutineVariables.of(tokens));
    }

    /** What they may do to the session. */
    static SessionChange change(RoutineTokens tokens) {
        return new DynamicSql(tokens).change();
    }

    private SessionChange change() {
        SessionChange change = SessionChange.NONE;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.at(i);
            if (token.is("execute") && !isPrivilege(i)) {
                change = change.or(executed(i + 1));
            } else if (token.is("do") && tokens.beginsStatement(i)) {
                change = change.or(block(i + 1));
            }
        }
        return change;
    }

    /** Whether it is the word of another statement. */
    private boolean isPrivilege(int index) {
        return NO_TEXT.stream().anyMatch(word -> tokens.isWord(index + 1, word));
    }

    private SessionChange executed(int from) {
        SessionChange change = SessionChange.NONE;
        for (TextExpressions.Text text : expressions.read(from, tokens.endOf(from, AFTER_TEXT))) {
            change = change.or(RoutineSource.ofSql(text.sql()));
            if (!text.complete()) {
                change = change.or(SessionChange.UNKNOWN);
            }
        }
        return change;
    }

    /** A code block inside. */
    private SessionChange block(int from) {
        List<SessionChange> changes = new ArrayList<>();
        for (int i = from; i < tokens.endOf(from, Set.of()); i++) {
            if (tokens.at(i).isString()) {
                changes.add(RoutineSource.ofSql(tokens.at(i).text()));
            } else if (tokens.at(i).kind() == TokenKind.IDENTIFIER
                    && !Set.of("language", "plpgsql").contains(tokens.at(i).text())) {
                changes.add(SessionChange.UNKNOWN);
            }
        }
        return changes.stream().reduce(SessionChange.NONE, SessionChange::or);
    }
}

package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.Identifiers;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.Unparsed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The words and strings of one statement, for statements that have no tree of their own. */
final class StatementWords {
    private static final int KEYWORDS_MAX = 4;

    private final Tokens tokens;
    private final int from;
    private final int to;

    /** Over the tokens {@code [from, to)}; at least one. */
    StatementWords(Tokens tokens, int from, int to) {
        this.tokens = tokens;
        this.from = from;
        this.to = to;
    }

    Other other() {
        List<String> keywords = new ArrayList<>();
        for (int i = from;
                i < to && keywords.size() < KEYWORDS_MAX && !tokens.word(i).isEmpty();
                i++) {
            keywords.add(tokens.word(i));
        }
        return new Other(keywords, identifiers(), strings(), start(), end());
    }

    Unparsed unparsed(String reason, int position) {
        return new Unparsed(reason, position, identifiers(), strings(), start(), end());
    }

    int start() {
        return tokens.start(from);
    }

    int end() {
        return tokens.end(to - 1);
    }

    private List<Name> identifiers() {
        List<Name> names = new ArrayList<>();
        for (int i = from; i < to; i++) {
            int start = tokens.start(i);
            int end = tokens.end(i);
            if (tokens.kind(i) == TokenKind.IDENTIFIER) {
                names.add(new Name(tokens.word(i), start, end));
            } else if (tokens.kind(i) == TokenKind.QUOTED_IDENTIFIER) {
                names.add(new Name(Identifiers.decode(tokens.text(), start, end), start, end));
            }
        }
        return names;
    }

    private List<String> strings() {
        List<String> strings = new ArrayList<>();
        for (int i = from; i < to; i++) {
            switch (tokens.kind(i)) {
                case STRING, STRING_ESCAPED, NATIONAL_STRING -> strings.add(string(i));
                default -> {}
            }
        }
        return strings;
    }

    /** A literal that PostgreSQL itself would reject is taken as it is written. */
    private String string(int index) {
        int start = tokens.start(index);
        int end = tokens.end(index);
        try {
            return StringLiteral.decodeToString(tokens.text(), start, end);
        } catch (SqlSyntaxException invalid) {
            return new String(tokens.text(), start, end - start, StandardCharsets.UTF_8);
        }
    }
}

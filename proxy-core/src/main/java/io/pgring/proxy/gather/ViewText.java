package io.pgring.proxy.gather;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgring.pgsql.lexer.Identifiers;
import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.proxy.topology.GatherNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts other relations into the definition of a view, as PostgreSQL prints it with an empty search_path: every relation then stands there
 * as {@code schema.name}, columns have no schema, and an alias that is also a keyword is in quotes (ruleutils.c).
 */
final class ViewText {
    /** What may stand behind a relation that has no alias. */
    private static final Set<String> NO_ALIAS = Set.of(
            "cross",
            "except",
            "fetch",
            "for",
            "full",
            "group",
            "having",
            "inner",
            "intersect",
            "join",
            "left",
            "limit",
            "natural",
            "offset",
            "on",
            "order",
            "right",
            "tablesample",
            "union",
            "using",
            "where",
            "window");

    private final byte[] text;
    private final List<Token> tokens = new ArrayList<>();

    private record Token(TokenKind kind, int start, int end) {}

    private ViewText(String definition) {
        text = definition.strip().replaceFirst(";$", "").getBytes(UTF_8);
        Lexer lexer = new Lexer();
        lexer.reset(text, 0, text.length);
        TokenKind kind = lexer.next();
        while (kind != TokenKind.END) {
            tokens.add(new Token(kind, lexer.start(), lexer.end()));
            kind = lexer.next();
        }
        tokens.add(new Token(TokenKind.END, text.length, text.length));
    }

    /**
     * The definition with other relations.
     *
     * @param relations what to put for {@code schema.name}: a name in schema pgring_gather
     * @return null when a name stands where it is not surely that of a relation
     */
    static @Nullable String splice(String definition, Map<String, String> relations) {
        return new ViewText(definition).splice(relations);
    }

    private @Nullable String splice(Map<String, String> relations) {
        StringBuilder result = new StringBuilder();
        int copied = 0;
        for (int i = 0; i + 3 < tokens.size(); i++) {
            if (!isName(i) || kind(i + 1) != TokenKind.DOT || !isName(i + 2)) {
                continue;
            }
            String name = name(i + 2);
            String relation = relations.get(name(i) + "." + name);
            if (relation == null) {
                continue;
            }
            TokenKind before = i == 0 ? TokenKind.END : kind(i - 1);
            TokenKind after = kind(i + 3);
            if (before == TokenKind.DOT
                    || before == TokenKind.TYPECAST
                    || after == TokenKind.DOT
                    || after == TokenKind.LEFT_PARENTHESIS
                    || after == TokenKind.LEFT_BRACKET) {
                return null;
            }
            result.append(new String(text, copied, tokens.get(i).start() - copied, UTF_8));
            result.append(GatherNames.quote(GatherNames.GATHER, relation));
            if (!relation.equals(name) && !isAlias(i + 3)) {
                result.append(" AS ").append(GatherNames.quote(name));
            }
            copied = tokens.get(i + 2).end();
        }
        return result.append(new String(text, copied, text.length - copied, UTF_8))
                .toString();
    }

    private TokenKind kind(int token) {
        return tokens.get(token).kind();
    }

    private boolean isName(int token) {
        return kind(token) == TokenKind.IDENTIFIER || kind(token) == TokenKind.QUOTED_IDENTIFIER;
    }

    private boolean isAlias(int token) {
        return kind(token) == TokenKind.QUOTED_IDENTIFIER
                || (kind(token) == TokenKind.IDENTIFIER && !NO_ALIAS.contains(name(token)));
    }

    private String name(int token) {
        return Identifiers.decode(
                text, tokens.get(token).start(), tokens.get(token).end());
    }
}

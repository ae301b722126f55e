package io.pgring.pgsql.copy;

import io.pgring.pgsql.lexer.Identifiers;
import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgsql.lexer.TokenKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Steps through the options of a COPY, token by token. */
final class CopyTokens {
    private static final Pattern PLAIN_NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    private final byte[] text;
    private final Lexer lexer = new Lexer();
    private TokenKind kind;

    /** At the first token of {@code text[from, to)}. */
    CopyTokens(byte[] text, int from, int to) {
        this.text = text;
        lexer.reset(text, from, to);
        kind = lexer.next();
    }

    boolean atEnd() {
        return kind == TokenKind.END;
    }

    boolean is(TokenKind other) {
        return kind == other;
    }

    /** Whether the current token is a word, without quotes and whatever its case. */
    boolean is(String word) {
        return kind == TokenKind.IDENTIFIER && written().equalsIgnoreCase(word);
    }

    void next() {
        kind = lexer.next();
    }

    boolean accept(TokenKind other) {
        boolean found = kind == other;
        if (found) {
            next();
        }
        return found;
    }

    boolean accept(String word) {
        boolean found = is(word);
        if (found) {
            next();
        }
        return found;
    }

    /** The value of a word, a string or a plain number, and goes on; null for anything else. */
    @Nullable
    String takeValue() {
        String value = switch (kind) {
            case IDENTIFIER, QUOTED_IDENTIFIER -> name();
            case STRING, STRING_ESCAPED -> StringLiteral.decodeToString(text, lexer.start(), lexer.end());
            case INTEGER -> PLAIN_NUMBER.matcher(written()).matches() ? written() : null;
            default -> null;
        };
        if (value != null) {
            next();
        }
        return value;
    }

    /** Names of columns between commas, or a star; ends before what is neither. */
    CopyColumns takeColumns() {
        if (kind == TokenKind.OPERATOR && written().equals("*")) {
            next();
            return new CopyColumns(List.of(), true);
        }
        List<String> names = new ArrayList<>();
        while (kind == TokenKind.IDENTIFIER || kind == TokenKind.QUOTED_IDENTIFIER) {
            names.add(name());
            next();
            if (!accept(TokenKind.COMMA)) {
                break;
            }
        }
        return new CopyColumns(names, false);
    }

    private String name() {
        return Identifiers.decode(text, lexer.start(), lexer.end());
    }

    private String written() {
        return new String(text, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8);
    }
}

package io.pgring.pgsql.analysis;

import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgsql.lexer.TokenKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The source of a routine in SQL or PL/pgSQL, which have the same tokens. */
final class RoutineTokens {
    /** Words behind which a statement begins. */
    private static final Set<String> BEFORE_STATEMENT = Set.of("begin", "then", "else", "loop", "atomic", "declare");

    private final List<Token> tokens;

    /**
     * A token.
     *
     * @param text the value of a string; an identifier without quotes has it in lower case
     */
    record Token(TokenKind kind, String text) {
        boolean is(String word) {
            return kind == TokenKind.IDENTIFIER && text.equals(word);
        }

        boolean isString() {
            return kind == TokenKind.STRING || kind == TokenKind.STRING_ESCAPED || kind == TokenKind.NATIONAL_STRING;
        }

        boolean isOperator(String operator) {
            return kind == TokenKind.OPERATOR && text.equals(operator);
        }
    }

    private RoutineTokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** The tokens of a source; null when it has none by PostgreSQL's rules. */
    static @Nullable RoutineTokens of(String source) {
        byte[] text = source.getBytes(StandardCharsets.UTF_8);
        Lexer lexer = new Lexer();
        lexer.reset(text, 0, text.length);
        List<Token> tokens = new ArrayList<>();
        try {
            for (TokenKind kind = lexer.next(); kind != TokenKind.END; kind = lexer.next()) {
                tokens.add(token(kind, text, lexer.start(), lexer.end()));
            }
        } catch (SqlSyntaxException noTokens) {
            return null;
        }
        return new RoutineTokens(tokens);
    }

    private static Token token(TokenKind kind, byte[] text, int start, int end) {
        String written = new String(text, start, end - start, StandardCharsets.UTF_8);
        return new Token(
                kind,
                switch (kind) {
                    case IDENTIFIER -> written.toLowerCase(Locale.ROOT);
                    case STRING, STRING_ESCAPED, NATIONAL_STRING -> StringLiteral.decodeToString(text, start, end);
                    default -> written;
                });
    }

    int size() {
        return tokens.size();
    }

    Token at(int index) {
        return tokens.get(index);
    }

    /** Whether there is such a word at a place, which may lie outside. */
    boolean isWord(int index, String word) {
        return index >= 0 && index < tokens.size() && tokens.get(index).is(word);
    }

    boolean isKind(int index, TokenKind kind) {
        return index >= 0 && index < tokens.size() && tokens.get(index).kind() == kind;
    }

    /** Whether a statement, or the declaration of a variable, begins at a place. */
    boolean beginsStatement(int index) {
        if (index == 0) {
            return true;
        }
        Token before = tokens.get(index - 1);
        return before.kind() == TokenKind.SEMICOLON
                || before.isOperator(">>")
                || (before.kind() == TokenKind.IDENTIFIER && BEFORE_STATEMENT.contains(before.text()));
    }

    /** Whether a statement begins with one of some words. */
    boolean hasStatement(Set<String> words) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).kind() == TokenKind.IDENTIFIER
                    && words.contains(tokens.get(i).text())
                    && beginsStatement(i)) {
                return true;
            }
        }
        return false;
    }

    /** The first place from {@code from} on, outside of parentheses, that is a semicolon or one of some words; else the end. */
    int endOf(int from, Set<String> words) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            switch (token.kind()) {
                case LEFT_PARENTHESIS, LEFT_BRACKET -> depth++;
                case RIGHT_PARENTHESIS, RIGHT_BRACKET -> depth--;
                case SEMICOLON -> {
                    return i;
                }
                case IDENTIFIER -> {
                    if (depth <= 0 && words.contains(token.text())) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return tokens.size();
    }

    /** The pieces of {@code [from, to)} between operators or commas outside of parentheses, each as two places. */
    List<int[]> split(int from, int to, TokenKind kind, String separator) {
        List<int[]> pieces = new ArrayList<>();
        int depth = 0;
        int start = from;
        for (int i = from; i < to; i++) {
            Token token = tokens.get(i);
            switch (token.kind()) {
                case LEFT_PARENTHESIS, LEFT_BRACKET -> depth++;
                case RIGHT_PARENTHESIS, RIGHT_BRACKET -> depth--;
                default -> {
                    if (depth == 0 && token.kind() == kind && token.text().equals(separator)) {
                        pieces.add(new int[] {start, i});
                        start = i + 1;
                    }
                }
            }
        }
        pieces.add(new int[] {start, to});
        return pieces;
    }

    /** Whether the parenthesis at {@code open} is closed by the last token before {@code to}. */
    boolean isEnclosed(int open, int to) {
        int depth = 0;
        for (int i = open; i < to; i++) {
            if (isKind(i, TokenKind.LEFT_PARENTHESIS)) {
                depth++;
            } else if (isKind(i, TokenKind.RIGHT_PARENTHESIS) && --depth == 0) {
                return i == to - 1;
            }
        }
        return false;
    }

    /** Without comments, and with the values of strings in place of these. */
    String plain() {
        StringBuilder plain = new StringBuilder();
        tokens.forEach(token -> plain.append(token.text()).append(' '));
        return plain.toString();
    }
}

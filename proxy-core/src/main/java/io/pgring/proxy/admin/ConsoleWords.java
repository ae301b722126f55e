package io.pgring.proxy.admin;

import io.pgring.pgsql.lexer.Identifiers;
import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.frontend.Console;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The words of one command of the console, read from left to right. */
final class ConsoleWords {
    private static final String HINT = "SHOW HELP lists the commands.";

    private record Word(TokenKind kind, String text, String shown) {}

    private final List<Word> words;
    private int next;
    /** The word up to which the command was like one that there is. */
    private int known;

    private ConsoleWords(List<Word> words) {
        this.words = words;
    }

    /** The commands of a text, without empty ones. */
    static List<ConsoleWords> of(byte[] text) throws Console.Refusal {
        List<ConsoleWords> commands = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        Lexer lexer = new Lexer();
        lexer.reset(text, 0, text.length);
        try {
            TokenKind kind;
            do {
                kind = lexer.next();
                if (kind != TokenKind.SEMICOLON && kind != TokenKind.END) {
                    words.add(word(kind, text, lexer.start(), lexer.end()));
                } else if (!words.isEmpty()) {
                    commands.add(new ConsoleWords(List.copyOf(words)));
                    words.clear();
                }
            } while (kind != TokenKind.END);
        } catch (SqlSyntaxException e) {
            throw new Console.Refusal(ErrorResponse.error(e.sqlState(), String.valueOf(e.getMessage()))
                    .hint(HINT));
        }
        return commands;
    }

    private static Word word(TokenKind kind, byte[] text, int start, int end) {
        String shown = new String(text, start, end - start, StandardCharsets.UTF_8);
        String value = switch (kind) {
            case IDENTIFIER, QUOTED_IDENTIFIER -> Identifiers.decode(text, start, end);
            case STRING, STRING_ESCAPED -> StringLiteral.decodeToString(text, start, end);
            default -> shown;
        };
        return new Word(kind, value, shown);
    }

    /** Whether these keywords come next; if so, they are read. */
    boolean take(String... keywords) {
        for (int i = 0; i < keywords.length; i++) {
            known = Math.max(known, next + i);
            if (next + i >= words.size()) {
                return false;
            }
            Word word = words.get(next + i);
            if (word.kind() != TokenKind.IDENTIFIER || !word.text().equals(keywords[i].toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        next += keywords.length;
        return true;
    }

    /** A name, or a string. */
    String name(String what) throws Console.Refusal {
        return text(
                what, TokenKind.IDENTIFIER, TokenKind.QUOTED_IDENTIFIER, TokenKind.STRING, TokenKind.STRING_ESCAPED);
    }

    /** A string. */
    String string(String what) throws Console.Refusal {
        return text(what, TokenKind.STRING, TokenKind.STRING_ESCAPED);
    }

    /** A whole number. */
    int number(String what) throws Console.Refusal {
        String text = text(what, TokenKind.INTEGER);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Console.Refusal(ErrorResponse.error("22003", what + " \"" + text + "\" is out of range"));
        }
    }

    private String text(String what, TokenKind... kinds) throws Console.Refusal {
        if (next < words.size() && List.of(kinds).contains(words.get(next).kind())) {
            return words.get(next++).text();
        }
        throw error("The " + what + " is expected here.");
    }

    /** That nothing comes any more. */
    void end() throws Console.Refusal {
        if (next < words.size()) {
            throw error(null);
        }
    }

    /** The rest is not looked at. */
    void skip() {
        next = words.size();
    }

    /** What comes next is not what it should be. */
    Console.Refusal error(@Nullable String detail) {
        int at = Math.max(next, known);
        String message = at < words.size()
                ? "syntax error at or near \"" + words.get(at).shown() + "\""
                : "syntax error at end of input";
        ErrorResponse error = ErrorResponse.error("42601", message).hint(HINT);
        return new Console.Refusal(detail == null ? error : error.detail(detail));
    }
}

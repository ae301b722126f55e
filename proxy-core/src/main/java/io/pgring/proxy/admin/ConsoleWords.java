package io.pgring.proxy.admin;

import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.frontend.Console;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The words of one command of the console, read from left to right. */
final class ConsoleWords {
    private static final String HINT = "SHOW HELP lists the commands.";

    private final List<String> words;
    private int next;
    /** The word up to which the command was like one that there is. */
    private int known;

    private ConsoleWords(List<String> words) {
        this.words = words;
    }

    /** The commands of a text, without empty ones. */
    static List<ConsoleWords> of(byte[] text) throws Console.Refusal {
        List<ConsoleWords> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        Lexer lexer = new Lexer();
        lexer.reset(text, 0, text.length);
        try {
            TokenKind kind;
            do {
                kind = lexer.next();
                if (kind != TokenKind.SEMICOLON && kind != TokenKind.END) {
                    words.add(new String(text, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8));
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

    /** Whether these keywords come next; if so, they are read. */
    boolean take(String... keywords) {
        for (int i = 0; i < keywords.length; i++) {
            known = Math.max(known, next + i);
            if (next + i >= words.size()) {
                return false;
            }
            if (!words.get(next + i).equalsIgnoreCase(keywords[i])) {
                return false;
            }
        }
        next += keywords.length;
        return true;
    }

    /** That nothing comes any more. */
    void end() throws Console.Refusal {
        if (next < words.size()) {
            throw error();
        }
    }

    /** What comes next is not what it should be. */
    Console.Refusal error() {
        int at = Math.max(next, known);
        String message = at < words.size()
                ? "syntax error at or near \"" + words.get(at) + "\""
                : "syntax error at end of input";
        return new Console.Refusal(ErrorResponse.error("42601", message).hint(HINT));
    }
}

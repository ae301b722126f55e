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

    private final List<Word> words;
    private int next;
    /** The word up to which the command was like one that there is. */
    private int known;

    private ConsoleWords(List<Word> words) {
        this.words = words;
    }

    /**
     * A word.
     *
     * @param glued whether nothing is between it and the word before
     */
    private record Word(String text, TokenKind kind, boolean glued) {}

    /** The commands of a text, without empty ones. */
    static List<ConsoleWords> of(byte[] text) throws Console.Refusal {
        List<ConsoleWords> commands = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        Lexer lexer = new Lexer();
        lexer.reset(text, 0, text.length);
        try {
            TokenKind kind;
            int end = -1;
            do {
                kind = lexer.next();
                if (kind != TokenKind.SEMICOLON && kind != TokenKind.END) {
                    String word = new String(text, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8);
                    words.add(new Word(word, kind, lexer.start() == end));
                } else if (!words.isEmpty()) {
                    commands.add(new ConsoleWords(List.copyOf(words)));
                    words.clear();
                }
                end = lexer.end();
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
            if (!words.get(next + i).text().equalsIgnoreCase(keywords[i])) {
                return false;
            }
        }
        next += keywords.length;
        return true;
    }

    /** The name of a shard: as it is, although there may be a hyphen or a dot in it; or in quotes of either kind. */
    String name() throws Console.Refusal {
        Word first = word();
        if (first.kind() == TokenKind.QUOTED_IDENTIFIER) {
            return unquoted(first.text(), "\"");
        }
        if (first.kind() == TokenKind.STRING) {
            return unquoted(first.text(), "'");
        }
        StringBuilder name = new StringBuilder(first.text());
        while (next < words.size() && words.get(next).glued() && words.get(next).kind() != TokenKind.STRING) {
            name.append(words.get(next).text());
            next++;
        }
        return name.toString();
    }

    /** A string constant. */
    String string() throws Console.Refusal {
        Word word = word();
        if (word.kind() != TokenKind.STRING) {
            next--;
            throw error();
        }
        return unquoted(word.text(), "'");
    }

    /** A whole number. */
    long number() throws Console.Refusal {
        Word word = word();
        try {
            return Long.parseLong(word.text());
        } catch (NumberFormatException e) {
            next--;
            throw error();
        }
    }

    /** Whether anything comes next. */
    boolean hasMore() {
        return next < words.size();
    }

    private Word word() throws Console.Refusal {
        if (!hasMore()) {
            throw error();
        }
        return words.get(next++);
    }

    private static String unquoted(String text, String quote) {
        return text.substring(1, text.length() - 1).replace(quote + quote, quote);
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
                ? "syntax error at or near \"" + words.get(at).text() + "\""
                : "syntax error at end of input";
        return new Console.Refusal(ErrorResponse.error("42601", message).hint(HINT));
    }
}

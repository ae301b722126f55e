package io.pgring.pgsql.analysis;

import io.pgring.pgsql.analysis.RoutineTokens.Token;
import io.pgring.pgsql.lexer.TokenKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads expressions of type text whose values follow from the source of a routine. */
final class TextExpressions {
    /** Stands for a quoted name or value, and for what can't be read. */
    private static final String WORD = "x";

    private static final int TEXTS_MAX = 64;
    private static final Set<String> QUOTING = Set.of("quote_ident", "quote_literal", "quote_nullable");
    private static final Set<String> OF_TRIGGERS = Set.of(
            "tg_table_name", "tg_table_schema", "tg_relname", "tg_op", "tg_name", "tg_when", "tg_level", "tg_relid");
    private static final Set<String> TEXT_TYPES = Set.of("text", "varchar");
    /** Types whose values are quoted names, or numbers, as text. */
    private static final Set<String> QUOTED_TYPES =
            Set.of("regclass", "regtype", "regproc", "regprocedure", "regrole", "int", "integer", "bigint", "oid");

    private static final Pattern SPECIFIER = Pattern.compile("%(?:(\\d{1,4})\\$)?-?\\d*([a-zA-Z%])");
    /** A width that is an argument too. */
    private static final Pattern COUNTED = Pattern.compile("%(?:\\d+\\$)?-?\\*");

    private static final Text UNREADABLE = new Text(WORD, false);
    private static final Text QUOTED = new Text(WORD, true);

    private final RoutineTokens tokens;
    private final RoutineVariables variables;
    private final Set<String> open = new HashSet<>();

    /**
     * A value that an expression may have.
     *
     * @param complete whether it has no parts that can't be read
     */
    record Text(String sql, boolean complete) {
        Text then(Text next) {
            return new Text(sql + next.sql, complete && next.complete);
        }
    }

    TextExpressions(RoutineTokens tokens, RoutineVariables variables) {
        this.tokens = tokens;
        this.variables = variables;
    }

    /** The values of the expression in {@code [from, to)}. */
    List<Text> read(int from, int to) {
        List<Text> texts = List.of(new Text("", true));
        for (int[] piece : tokens.split(from, to, TokenKind.OPERATOR, "||")) {
            texts = joined(texts, piece(piece[0], piece[1]));
        }
        return texts;
    }

    private static List<Text> joined(List<Text> texts, List<Text> more) {
        if (texts.size() * more.size() > TEXTS_MAX) {
            return List.of(UNREADABLE);
        }
        List<Text> joined = new ArrayList<>();
        texts.forEach(text -> more.forEach(next -> joined.add(text.then(next))));
        return joined;
    }

    private List<Text> piece(int from, int to) {
        if (to - from > 2 && tokens.isKind(to - 2, TokenKind.TYPECAST)) {
            String type = tokens.at(to - 1).text();
            return QUOTED_TYPES.contains(type)
                    ? List.of(QUOTED)
                    : TEXT_TYPES.contains(type) ? piece(from, to - 2) : List.of(UNREADABLE);
        }
        if (tokens.isKind(from, TokenKind.LEFT_PARENTHESIS) && tokens.isEnclosed(from, to)) {
            return read(from + 1, to - 1);
        }
        if (tokens.isWord(from, "pg_catalog") && tokens.isKind(from + 1, TokenKind.DOT)) {
            return piece(from + 2, to);
        }
        if (to - from == 1) {
            return single(tokens.at(from));
        }
        boolean call = tokens.isKind(from, TokenKind.IDENTIFIER)
                && tokens.isKind(from + 1, TokenKind.LEFT_PARENTHESIS)
                && tokens.isEnclosed(from + 1, to);
        if (call && QUOTING.contains(tokens.at(from).text())) {
            return List.of(QUOTED);
        }
        return call && tokens.at(from).is("format") ? format(from + 2, to - 1) : List.of(UNREADABLE);
    }

    private List<Text> single(Token token) {
        if (token.isString()) {
            return List.of(new Text(token.text(), true));
        }
        boolean quoted = token.kind() == TokenKind.INTEGER
                || (token.kind() == TokenKind.IDENTIFIER && OF_TRIGGERS.contains(token.text()));
        if (quoted) {
            return List.of(QUOTED);
        }
        return token.kind() == TokenKind.IDENTIFIER ? variable(token.text()) : List.of(UNREADABLE);
    }

    private List<Text> variable(String name) {
        if (!variables.isKnown(name)) {
            return List.of(UNREADABLE);
        }
        if (!open.add(name)) {
            return beginning(name);
        }
        List<Text> texts = new ArrayList<>();
        for (int[] expression : variables.assigned(name)) {
            texts.addAll(read(expression[0], expression[1]));
        }
        open.remove(name);
        return texts.size() > TEXTS_MAX ? List.of(UNREADABLE) : texts;
    }

    /** What a variable to which something is appended has been before that. */
    private List<Text> beginning(String name) {
        List<Text> texts = new ArrayList<>();
        for (int[] expression : variables.assigned(name)) {
            if (!usesOpen(expression[0], expression[1])) {
                texts.addAll(read(expression[0], expression[1]));
            }
        }
        boolean empty =
                texts.isEmpty() || texts.stream().anyMatch(text -> text.sql().isBlank());
        return empty || texts.size() > TEXTS_MAX ? List.of(UNREADABLE) : texts;
    }

    private boolean usesOpen(int from, int to) {
        for (int i = from; i < to; i++) {
            if (tokens.isKind(i, TokenKind.IDENTIFIER)
                    && open.contains(tokens.at(i).text())) {
                return true;
            }
        }
        return false;
    }

    /** format(): its first argument is a template, and %I and %L quote. */
    private List<Text> format(int from, int to) {
        List<int[]> arguments = tokens.split(from, to, TokenKind.COMMA, ",");
        List<Text> all = new ArrayList<>();
        for (Text template : read(arguments.get(0)[0], arguments.get(0)[1])) {
            boolean readable =
                    template.complete() && !COUNTED.matcher(template.sql()).find();
            List<Text> texts = List.of(new Text("", readable));
            Matcher specifier = SPECIFIER.matcher(template.sql());
            int argument = 0;
            int end = 0;
            while (specifier.find()) {
                texts = joined(texts, List.of(new Text(template.sql().substring(end, specifier.start()), true)));
                end = specifier.end();
                if (specifier.group(2).equals("%")) {
                    texts = joined(texts, List.of(new Text("%", true)));
                } else {
                    argument = specifier.group(1) == null ? argument + 1 : Integer.parseInt(specifier.group(1));
                    boolean plain = specifier.group(2).equals("s");
                    texts = joined(texts, plain ? argument(arguments, argument) : List.of(QUOTED));
                }
            }
            texts = joined(texts, List.of(new Text(template.sql().substring(end), true)));
            all.addAll(texts);
        }
        return all.size() > TEXTS_MAX ? List.of(UNREADABLE) : all;
    }

    private List<Text> argument(List<int[]> arguments, int index) {
        return index > 0 && index < arguments.size()
                ? read(arguments.get(index)[0], arguments.get(index)[1])
                : List.of(UNREADABLE);
    }
}

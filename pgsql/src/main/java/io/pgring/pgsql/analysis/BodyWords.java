package io.pgring.pgsql.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The words in the source of a function or code block: every run of letters, digits and underscores, wherever it stands: in code,
 * in strings, in comments; and everything between two double quotes.
 */
final class BodyWords {
    private static final Set<String> SETTING = Set.of("set", "reset");

    private BodyWords() {}

    /** In the order of the source, with the case that they are written in. */
    static List<String> asWritten(String source) {
        List<String> words = new ArrayList<>();
        addRuns(words, source, false);
        if (source.indexOf('$') >= 0) {
            addRuns(words, source, true);
        }
        int open = source.indexOf('"');
        while (open >= 0) {
            int close = source.indexOf('"', open + 1);
            if (close > open + 1) {
                words.add(source.substring(open + 1, close));
            }
            open = close;
        }
        return words;
    }

    /** A dollar sign may belong to a name or delimit a string: a source that holds one is read both ways. */
    private static void addRuns(List<String> words, String source, boolean dollars) {
        int start = -1;
        for (int i = 0; i <= source.length(); i++) {
            boolean part = i < source.length() && (isPart(source.charAt(i)) || (dollars && source.charAt(i) == '$'));
            if (part && start < 0) {
                start = i;
            } else if (!part && start >= 0) {
                words.add(source.substring(start, i));
                start = -1;
            }
        }
    }

    static List<String> lowerCase(List<String> words) {
        return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    private static boolean isPart(char character) {
        return Character.isLetterOrDigit(character) || character == '_' || character >= 0x80;
    }

    /** Whether a statement of the source begins with SET or RESET; true as well when the source has no tokens. */
    static boolean setsVariables(String source) {
        RoutineTokens tokens = RoutineTokens.of(source);
        return tokens == null || tokens.hasStatement(SETTING);
    }
}

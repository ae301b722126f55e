package io.pgring.it.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one session asks, on the rows of the beginning.
 *
 * @param theme the file that it is from
 */
public record CompareCase(String theme, List<Question> questions) {
    private static final List<String> THEMES = List.of(
            "keys-and-names",
            "joins",
            "subqueries",
            "set-operations",
            "aggregates",
            "windows",
            "ordering",
            "values",
            "inserts",
            "relayed",
            "modifications",
            "transactions",
            "shipped",
            "sessions",
            "copy",
            "definitions",
            "rivals");

    private static final String CERTAIN = "= ";
    private static final String ORDERED = " -- ordered";
    private static final String PARAMETERS = " -- parameters ";
    private static final String DATA = " -- data ";

    /** All cases. */
    static Stream<CompareCase> all() {
        return THEMES.stream().flatMap(CompareCase::ofTheme);
    }

    /** The texts of all questions. */
    public static Stream<String> statements() {
        return all().flatMap(one -> one.questions().stream()).map(Question::sql);
    }

    private static Stream<CompareCase> ofTheme(String theme) {
        List<CompareCase> cases = new ArrayList<>();
        List<Question> block = new ArrayList<>();
        boolean sessions = false;
        for (String line : (Resources.read(theme + ".sql") + "\n\n").split("\n", -1)) {
            boolean isText = !line.startsWith("#") && !line.isBlank();
            if (isText) {
                block.add(question(line));
            }
            if (!block.isEmpty() && (!isText || !sessions)) {
                cases.add(new CompareCase(theme, List.copyOf(block)));
                block.clear();
            }
            if (line.startsWith("# ---") || line.startsWith("# ===")) {
                sessions = line.startsWith("# ===");
            }
        }
        return cases.stream();
    }

    private static Question question(String line) {
        boolean certain = line.startsWith(CERTAIN);
        String rest = certain ? line.substring(CERTAIN.length()) : line;
        boolean ordered = rest.endsWith(ORDERED);
        rest = ordered ? rest.substring(0, rest.length() - ORDERED.length()) : rest;
        String data = behind(rest, DATA);
        rest = before(rest, DATA);
        String parameters = behind(rest, PARAMETERS);
        List<Parameter> values = parameters.isEmpty()
                ? List.of()
                : Stream.of(parameters.split(" \\| ")).map(Parameter::parse).toList();
        return new Question(signs(before(rest, PARAMETERS)), certain, ordered, values, signs(data));
    }

    private static String behind(String line, String mark) {
        int at = line.indexOf(mark);
        return at < 0 ? "" : line.substring(at + mark.length());
    }

    private static String before(String line, String mark) {
        int at = line.indexOf(mark);
        return at < 0 ? line : line.substring(0, at);
    }

    private static String signs(String text) {
        return text.replace('\u23ce', '\n').replace('\u21e5', '\t');
    }

    @Override
    public String toString() {
        return theme + ": " + questions.stream().map(Question::sql).collect(Collectors.joining(" | "));
    }
}

package io.pgring.it.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What both sides are asked.
 *
 * @param sql the text, with {@code $1}, {@code $2} for its parameters
 * @param certain whether it must be answered; else it may be refused
 * @param ordered whether the order of the rows is determined, for any two that differ
 * @param copyData what is sent when it asks for data, CopyFail if empty
 */
record Question(String sql, boolean certain, boolean ordered, List<Parameter> parameters, String copyData) {
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    /** Without parameters, order and data. */
    static Question of(String sql) {
        return new Question(sql, false, false, List.of(), "");
    }

    /** The messages that ask it. */
    FrontendMessage[] messages(Mode mode) {
        return switch (mode) {
            case SIMPLE -> new FrontendMessage[] {Query.of(withLiterals())};
            case EXTENDED_TEXT -> extended(false);
            case EXTENDED_BINARY -> extended(true);
        };
    }

    /** The text with literals in place of its parameters. */
    String withLiterals() {
        if (parameters.isEmpty()) {
            return sql;
        }
        return PARAMETER
                .matcher(sql)
                .replaceAll(match -> Matcher.quoteReplacement(
                        parameters.get(Integer.parseInt(match.group(1)) - 1).literal()));
    }

    private FrontendMessage[] extended(boolean binary) {
        int[] oids = parameters.stream().mapToInt(one -> one.type().oid()).toArray();
        int[] formats = parameters.stream().mapToInt(one -> one.format(binary)).toArray();
        byte[][] values = parameters.stream().map(one -> one.bytes(binary)).toArray(byte[][]::new);
        return new FrontendMessage[] {
            new Parse("", sql.getBytes(UTF_8), oids),
            new Describe(Target.STATEMENT, ""),
            new Bind("", "", formats, values, binary ? new int[] {1} : new int[0]),
            new Describe(Target.PORTAL, ""),
            new Execute("", 0),
            new Sync()
        };
    }

    @Override
    public String toString() {
        return sql + (parameters.isEmpty() ? "" : " -- parameters " + parameters);
    }
}

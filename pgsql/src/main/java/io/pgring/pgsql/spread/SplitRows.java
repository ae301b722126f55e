package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.lexer.TokenTable;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Statement;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an INSERT ... VALUES of several rows, each of which can be inserted without the others.
 *
 * @param rowsFromToken the first token of the first row
 * @param rowsToToken behind the last token of the last row
 * @param sharedParameters the numbers of the parameters outside of the rows, ascending, each once
 */
public record SplitRows(int rowsFromToken, int rowsToToken, List<RowTokens> rows, List<Integer> sharedParameters) {
    public SplitRows {
        rows = List.copyOf(rows);
        sharedParameters = List.copyOf(sharedParameters);
    }

    /**
     * The rows of a statement, or null if it is no INSERT of several rows or its rows belong together: WITH, a query anywhere.
     *
     * @param bound the analysis of the statement
     * @param text that the statement was parsed from: {@code text[from, to)}
     */
    public static @Nullable SplitRows of(Analysis.Bound bound, Statement statement, byte[] text, int from, int to) {
        if (!(statement instanceof Insert insert)
                || insert.with() != null
                || insert.source() == null
                || !(insert.source().body() instanceof QueryBody.Values values)
                || values.rows().size() < 2
                || values.rows().size() != bound.keys().size()
                || !Queries.areNone(insert)) {
            return null;
        }
        TokenTable tokens = TokenTable.of(text, from, to);
        List<RowTokens> rows = new ArrayList<>(values.rows().size());
        for (int i = 0; i < values.rows().size(); i++) {
            Expression.Row row = values.rows().get(i);
            int first = tokens.at(row.start());
            int end = tokens.at(row.end());
            rows.add(new RowTokens(first, end, bound.keys().get(i), parameters(text, row.start(), row.end())));
        }
        int start = values.rows().get(0).start();
        int end = values.rows().get(values.rows().size() - 1).end();
        TreeSet<Integer> shared = new TreeSet<>(parameters(text, insert.start(), start));
        shared.addAll(parameters(text, end, insert.end()));
        return new SplitRows(tokens.at(start), tokens.at(end), rows, List.copyOf(shared));
    }

    private static List<Integer> parameters(byte[] text, int from, int to) {
        TreeSet<Integer> numbers = new TreeSet<>();
        Lexer lexer = new Lexer();
        lexer.reset(text, from, to);
        for (TokenKind kind = lexer.next(); kind != TokenKind.END; kind = lexer.next()) {
            if (kind == TokenKind.PARAMETER) {
                numbers.add(lexer.parameterNumber());
            }
        }
        return List.copyOf(numbers);
    }

    /**
     * The INSERT of some of the rows.
     *
     * @param text of the plan that these rows are of
     * @param rowIndexes at least one, ascending
     * @param newParameterNumbers what becomes of {@code $n}, at index {@code n - 1}; of no meaning for those that are left out
     */
    public byte[] textFor(byte[] text, int from, int to, int[] rowIndexes, int[] newParameterNumbers) {
        TokenTable tokens = TokenTable.of(text, from, to);
        Renumbering out = new Renumbering(tokens, newParameterNumbers, to - from);
        int before = rowsFromToken;
        out.copy(from, tokens.start(before), 0, before);
        for (int i = 0; i < rowIndexes.length; i++) {
            RowTokens row = rows.get(rowIndexes[i]);
            if (i > 0) {
                out.write(", ");
            }
            int end = tokens.end(row.toToken() - 1);
            out.copy(tokens.start(row.fromToken()), end, row.fromToken(), row.toToken());
        }
        out.copy(tokens.end(rowsToToken - 1), to, rowsToToken, tokens.count());
        return out.toByteArray();
    }

    /** Copies parts of a text with other numbers for its parameters. */
    private static final class Renumbering {
        private final TokenTable tokens;
        private final int[] numbers;
        private final ByteArrayOutputStream bytes;

        Renumbering(TokenTable tokens, int[] numbers, int size) {
            this.tokens = tokens;
            this.numbers = numbers;
            this.bytes = new ByteArrayOutputStream(size);
        }

        /** Copies the bytes from one offset to another, where some tokens stand. */
        void copy(int from, int to, int firstToken, int endToken) {
            int position = from;
            for (int token = firstToken; token < endToken; token++) {
                if (tokens.kind(token) == TokenKind.PARAMETER) {
                    bytes.write(tokens.text(), position, tokens.start(token) - position);
                    int number = Integer.parseInt(tokens.word(token).substring(1));
                    write("$" + numbers[number - 1]);
                    position = tokens.end(token);
                }
            }
            bytes.write(tokens.text(), position, to - position);
        }

        void write(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}

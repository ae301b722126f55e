package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Empty;
import io.pgring.pgsql.tree.Script;
import io.pgring.pgsql.tree.Statement;
import java.util.ArrayList;
import java.util.List;

/** Parses a text into statements. Pure and safe for use by many threads. */
public final class Parser {
    private Parser() {}

    /**
     * Parses {@code text[from, to)}. A statement that is not understood becomes {@link io.pgring.pgsql.tree.Unparsed}.
     *
     * @throws io.pgring.pgsql.lexer.SqlSyntaxException if the text has no tokens by PostgreSQL's lexical rules
     */
    public static Script parse(byte[] text, int from, int to) {
        Tokens tokens = Tokens.of(text, from, to);
        List<Statement> statements = new ArrayList<>();
        int position = 0;
        while (position < tokens.count()) {
            int end = StatementEnd.find(tokens, position);
            if (end > position) {
                statements.add(statement(tokens, position, end));
            }
            position = end + 1;
        }
        if (statements.isEmpty()) {
            statements.add(new Empty(from, to));
        }
        return new Script(statements);
    }

    private static Statement statement(Tokens tokens, int from, int to) {
        StatementWords words = new StatementWords(tokens, from, to);
        try {
            return new Grammar(new Cursor(tokens, from, to), words).statements.whole();
        } catch (ParseFailure failure) {
            return words.unparsed(String.valueOf(failure.getMessage()), failure.position());
        }
    }

    /** Where a statement ends. */
    private static final class StatementEnd {
        private StatementEnd() {}

        /**
         * The index of the semicolon that ends the statement that begins at an index, or the count of tokens. Semicolons in
         * parentheses (CREATE RULE) and in BEGIN ATOMIC ... END (CREATE FUNCTION) are inside.
         */
        static int find(Tokens tokens, int from) {
            boolean create = tokens.word(from).equals("create");
            int depth = 0;
            int blocks = 0;
            for (int index = from; index < tokens.count(); index++) {
                switch (tokens.kind(index)) {
                    case LEFT_PARENTHESIS -> depth++;
                    case RIGHT_PARENTHESIS -> depth--;
                    case SEMICOLON -> {
                        if (depth <= 0 && blocks == 0) {
                            return index;
                        }
                    }
                    case IDENTIFIER -> {
                        if (create) {
                            blocks += blockChange(tokens, index, blocks);
                        }
                    }
                    default -> {}
                }
            }
            return tokens.count();
        }

        private static int blockChange(Tokens tokens, int index, int blocks) {
            boolean name = tokens.kind(index - 1 < 0 ? 0 : index - 1) == TokenKind.DOT
                    || (index > 0 && tokens.word(index - 1).equals("as"));
            if (name) {
                return 0;
            }
            return switch (tokens.word(index)) {
                case "atomic" -> tokens.word(index - 1).equals("begin") ? 1 : 0;
                case "case" -> blocks > 0 ? 1 : 0;
                case "end" -> blocks > 0 ? -1 : 0;
                default -> 0;
            };
        }
    }
}

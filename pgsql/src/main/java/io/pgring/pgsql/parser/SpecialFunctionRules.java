package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Functions with a syntax of their own (func_expr_common_subexpr). */
final class SpecialFunctionRules {
    private final Grammar grammar;
    private final Cursor cursor;

    SpecialFunctionRules(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    /** The special function that begins at the current word, or null if none does. */
    @Nullable
    Expression special() {
        String word = cursor.word();
        switch (word) {
            case "current_date", "current_role", "current_user", "session_user", "user", "current_catalog" -> {
                return plain(word);
            }
            case "current_schema" -> {
                return cursor.is(1, TokenKind.LEFT_PARENTHESIS) ? null : plain(word);
            }
            case "current_time", "current_timestamp", "localtime", "localtimestamp" -> {
                return precise(word);
            }
            case "collation" -> {
                return cursor.is(1, "for") ? collationFor() : null;
            }
            default -> {
                return cursor.is(1, TokenKind.LEFT_PARENTHESIS) ? call(word) : null;
            }
        }
    }

    private Expression plain(String word) {
        int start = cursor.start();
        cursor.next();
        return new Expression.Special(word, List.of(), start, cursor.end());
    }

    private Expression precise(String word) {
        int start = cursor.start();
        cursor.next();
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            cursor.skipParentheses();
        }
        return new Expression.Special(word, List.of(), start, cursor.end());
    }

    private @Nullable Expression call(String word) {
        switch (word) {
            case "coalesce", "greatest", "least", "nullif", "grouping", "xmlconcat" -> {
                return of(word, this::list);
            }
            case "extract" -> {
                return of(word, this::extract);
            }
            case "position" -> {
                return of(word, this::position);
            }
            case "overlay", "substring" -> {
                return of(word, this::substring);
            }
            case "trim" -> {
                return of(word, this::trim);
            }
            case "treat" -> {
                return of(word, this::treat);
            }
            case "normalize" -> {
                return of(word, this::normalize);
            }
            case "merge_action" -> {
                return of(word, operands -> {});
            }
            case "xmlelement",
                    "xmlexists",
                    "xmlforest",
                    "xmlparse",
                    "xmlpi",
                    "xmlroot",
                    "xmlserialize",
                    "xmltable",
                    "xmlattributes",
                    "xmlnamespaces" -> {
                return of(word, this::looseList);
            }
            case "json",
                    "json_scalar",
                    "json_serialize",
                    "json_object",
                    "json_array",
                    "json_objectagg",
                    "json_arrayagg" -> {
                return aggregate(word);
            }
            case "json_query", "json_value", "json_exists", "json_table" -> {
                return aggregate(word);
            }
            default -> {
                return null;
            }
        }
    }

    private Expression of(String word, Consumer<List<Node>> inside) {
        int start = cursor.start();
        List<Node> operands = new ArrayList<>();
        cursor.next();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        cursor.enter();
        inside.accept(operands);
        cursor.leave();
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return new Expression.Special(word, operands, start, cursor.end());
    }

    /** With FILTER and OVER, as JSON_ARRAYAGG may have. */
    private Expression aggregate(String word) {
        int start = cursor.start();
        Expression.Special call = (Expression.Special) of(word, this::looseList);
        List<Node> operands = new ArrayList<>(call.operands());
        Expression filter = grammar.windows.filter();
        if (filter != null) {
            operands.add(filter);
        }
        Node over = grammar.windows.over();
        if (over != null) {
            operands.add(over);
        }
        return new Expression.Special(word, operands, start, cursor.end());
    }

    private void list(List<Node> operands) {
        operands.addAll(grammar.expressions.expressionList());
    }

    /** {@code EXTRACT(field FROM source)}. */
    private void extract(List<Node> operands) {
        if (!cursor.isString()) {
            grammar.names.label();
        } else {
            cursor.next();
        }
        cursor.expect("from");
        operands.add(grammar.expressions.expression());
    }

    /** {@code POSITION(substring IN string)}. */
    private void position(List<Node> operands) {
        operands.add(grammar.expressions.restricted());
        cursor.expect("in");
        operands.add(grammar.expressions.restricted());
    }

    /** SUBSTRING and OVERLAY: a list, or operands between FROM, FOR, PLACING, SIMILAR and ESCAPE. */
    private void substring(List<Node> operands) {
        if (cursor.is(TokenKind.RIGHT_PARENTHESIS)) {
            return;
        }
        do {
            operands.add(namedOrExpression());
        } while (cursor.accept(TokenKind.COMMA)
                || cursor.accept("from")
                || cursor.accept("for")
                || cursor.accept("placing")
                || cursor.accept("similar")
                || cursor.accept("escape"));
    }

    /** In {@code SUBSTRING(a SIMILAR b ESCAPE c)} the word SIMILAR is no operator, for TO does not follow. */
    private Expression namedOrExpression() {
        return grammar.expressions.parse(Precedence.LOWEST, false);
    }

    /** {@code TRIM([BOTH|LEADING|TRAILING] [characters] FROM string)} or a list. */
    private void trim(List<Node> operands) {
        if (cursor.isAny("both", "leading", "trailing")) {
            cursor.next();
        }
        if (cursor.accept("from")) {
            list(operands);
            return;
        }
        list(operands);
        if (cursor.accept("from")) {
            list(operands);
        }
    }

    /** {@code TREAT(value AS type)}. */
    private void treat(List<Node> operands) {
        operands.add(grammar.expressions.expression());
        cursor.expect("as");
        grammar.types.type();
    }

    /** {@code NORMALIZE(string, NFC)}. */
    private void normalize(List<Node> operands) {
        operands.add(grammar.expressions.expression());
        if (cursor.accept(TokenKind.COMMA)) {
            grammar.names.label();
        }
    }

    private Expression collationFor() {
        int start = cursor.start();
        cursor.next();
        cursor.next();
        cursor.expect(TokenKind.LEFT_PARENTHESIS);
        List<Node> operands = new ArrayList<>();
        operands.add(grammar.expressions.expression());
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        return new Expression.Special("collation for", operands, start, cursor.end());
    }

    /**
     * The inside of XML and JSON functions: expressions between words of their grammar. Only the expressions matter here: a word
     * that is taken for a column, or the other way round, changes neither the tables nor the functions that are found.
     */
    private void looseList(List<Node> operands) {
        while (!cursor.is(TokenKind.RIGHT_PARENTHESIS) && !cursor.atEnd()) {
            if (cursor.is("columns") && cursor.is(1, TokenKind.LEFT_PARENTHESIS)) {
                columns(operands);
            } else if (cursor.is(TokenKind.COMMA) || cursor.is(TokenKind.COLON) || isClauseWord()) {
                cursor.next();
            } else if (cursor.is("order") && cursor.is(1, "by")) {
                operands.addAll(grammar.windows.orderBy());
            } else if (cursor.isAny("select", "values")) {
                operands.add(grammar.queries.query());
            } else if (cursor.is(1, TokenKind.LEFT_BRACKET) && cursor.is(2, TokenKind.RIGHT_BRACKET)) {
                cursor.moveTo(cursor.position() + 3);
            } else {
                operands.add(grammar.expressions.restricted());
            }
        }
    }

    /** {@code COLUMNS (name type PATH ..., ...)}. */
    private void columns(List<Node> operands) {
        cursor.enter();
        cursor.next();
        cursor.next();
        looseList(operands);
        cursor.expect(TokenKind.RIGHT_PARENTHESIS);
        cursor.leave();
    }

    private boolean isClauseWord() {
        if (!cursor.is(TokenKind.IDENTIFIER) || cursor.is(1, TokenKind.DOT)) {
            return false;
        }
        boolean parenthesis = cursor.is(1, TokenKind.LEFT_PARENTHESIS);
        return switch (cursor.word()) {
            case "as", "on", "default", "with", "not", "distinct", "all", "for", "true", "false", "columns" -> true;
            case "array" -> !parenthesis && !cursor.is(1, TokenKind.LEFT_BRACKET);
            case "passing",
                    "by",
                    "ref",
                    "value",
                    "returning",
                    "error",
                    "empty",
                    "format",
                    "json",
                    "encoding",
                    "without",
                    "unique",
                    "keys",
                    "key",
                    "absent",
                    "document",
                    "content",
                    "name",
                    "version",
                    "standalone",
                    "no",
                    "yes",
                    "indent",
                    "strip",
                    "preserve",
                    "whitespace",
                    "wrapper",
                    "conditional",
                    "unconditional",
                    "keep",
                    "omit",
                    "quotes",
                    "scalar",
                    "string",
                    "nested",
                    "path",
                    "plan",
                    "ordinality",
                    "exists",
                    "unknown",
                    "object" -> !parenthesis;
            default -> false;
        };
    }
}

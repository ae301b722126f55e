package io.pgring.proxy.routing;

import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.routing.PlannedStatement.Administer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plans of {@code SELECT create_distributed_table('events', 'user_id')} and its relatives, which the proxy runs itself. No server has the
 * functions, so a call of one must be all of its statement.
 */
final class TablePlans {
    private static final String CATALOG = "pg_catalog.";
    private static final Set<String> TEXT_TYPES = Set.of("text", "varchar", "name", "unknown");

    private TablePlans() {}

    /** An argument is not what it must be; the message is for the client. */
    private static final class Unfit extends Exception {
        private final transient ErrorResponse error;

        Unfit(ErrorResponse error) {
            super(error.message());
            this.error = error;
        }
    }

    /** The plan of a query that is a call and nothing else; null for any other query. */
    static @Nullable PlannedStatement plan(Select select, byte[] text) {
        List<BareCall> calls = BareCall.allOf(select);
        if (calls.size() != 1) {
            return null;
        }
        BareCall only = calls.get(0);
        Expression.FunctionCall call = only.call();
        TableVerb verb = verb(call.name().name());
        if (verb == null || !only.mayBeBuiltIn()) {
            return null;
        }
        try {
            return plan(verb, call.arguments().values(), text, only.column());
        } catch (Unfit unfit) {
            return new PlannedStatement.Refused(unfit.error);
        }
    }

    private static @Nullable TableVerb verb(String function) {
        for (TableVerb verb : TableVerb.values()) {
            if (verb.function().equals(function)) {
                return verb;
            }
        }
        return null;
    }

    private static PlannedStatement plan(TableVerb verb, List<Expression> values, byte[] text, String column)
            throws Unfit {
        List<String> names = new ArrayList<>(verb.arguments());
        names.addAll(verb.unsupported());
        Map<String, Expression> given = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            Expression value = values.get(i);
            String name = i < names.size() ? names.get(i) : "";
            if (value instanceof Expression.NamedArgument named) {
                name = named.name().value();
                value = named.value();
            }
            if (!names.contains(name) || given.put(name, value) != null) {
                throw noSuchFunction(verb);
            }
        }
        for (String name : verb.unsupported()) {
            if (given.containsKey(name)) {
                throw new Unfit(ErrorResponse.error(
                                "0A000",
                                "argument \"" + name + "\" of function " + verb.function() + " is not supported")
                        .detail("Rows are always spread by the hash of the key, over all shards; equal keys of all"
                                + " tables are on the same shard.")
                        .hint("Leave the argument out."));
            }
        }
        if (!given.keySet().containsAll(verb.arguments())) {
            throw noSuchFunction(verb);
        }
        Expression key = given.get(TableVerb.KEY_COLUMN);
        return new Administer(
                verb,
                argument(verb, TableVerb.TABLE, Objects.requireNonNull(given.get(TableVerb.TABLE)), text),
                key == null ? null : argument(verb, TableVerb.KEY_COLUMN, key, text),
                column);
    }

    private static Unfit noSuchFunction(TableVerb verb) {
        return new Unfit(ErrorResponse.error("42883", "function " + verb.function() + " has not these arguments")
                .hint("Call it as " + verb.function() + "(" + String.join(", ", verb.arguments()) + ")."));
    }

    private static Administer.Argument argument(TableVerb verb, String name, Expression expression, byte[] text)
            throws Unfit {
        Expression value = expression;
        while (value instanceof Expression.Cast cast && isText(cast, name)) {
            value = cast.operand();
        }
        if (value instanceof Expression.Parameter parameter) {
            return new Administer.Argument.Parameter(parameter.number() - 1);
        }
        if (value instanceof Expression.Literal literal && literal.kind().isString()) {
            try {
                return new Administer.Argument.Constant(
                        StringLiteral.decodeToString(text, literal.start(), literal.end()));
            } catch (SqlSyntaxException e) {
                // No name at all: not a refusal, which would be remembered for other strings too.
                return new Administer.Argument.Constant("");
            }
        }
        if (value instanceof Expression.Constant constant && constant.value() == Expression.Constant.Value.NULL) {
            throw new Unfit(isNull(name));
        }
        throw notText(verb, name);
    }

    private static boolean isText(Expression.Cast cast, String argument) {
        String type = cast.type().name();
        String plain = type.startsWith(CATALOG) ? type.substring(CATALOG.length()) : type;
        boolean known = TEXT_TYPES.contains(plain) || (argument.equals(TableVerb.TABLE) && plain.equals("regclass"));
        return known && !cast.type().modifiers() && cast.type().arrayDimensions() == 0;
    }

    private static Unfit notText(TableVerb verb, String name) {
        return new Unfit(ErrorResponse.error(
                        "0A000",
                        "argument \"" + name + "\" of function " + verb.function()
                                + " must be a string constant or a parameter")
                .detail("The proxy would have to evaluate the expression."));
    }

    static ErrorResponse isNull(String name) {
        return ErrorResponse.error("22004", name + " cannot be NULL");
    }

    /** Whether one of the functions is called somewhere in a text, or something else of its name is. */
    static @Nullable TableVerb mentioned(byte[] text, int from, int to) {
        Lexer lexer = new Lexer();
        lexer.reset(text, from, to);
        try {
            TableVerb last = null;
            for (TokenKind kind = lexer.next(); kind != TokenKind.END; kind = lexer.next()) {
                if (last != null && kind == TokenKind.LEFT_PARENTHESIS) {
                    return last;
                }
                last = verb(word(text, lexer.start(), lexer.end()));
            }
        } catch (SqlSyntaxException e) {
            return null;
        }
        return null;
    }

    private static String word(byte[] text, int start, int end) {
        String word = new String(text, start, end - start, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        boolean quoted = word.length() > 1 && word.startsWith("\"") && word.endsWith("\"");
        return quoted ? word.substring(1, word.length() - 1) : word;
    }

    static ErrorResponse notAlone(TableVerb verb) {
        return ErrorResponse.error("0A000", "function " + verb.function() + " can't be a part of a statement")
                .detail("The proxy runs it itself, as a statement and a transaction of its own.")
                .hint("Send it by itself: SELECT " + verb.function() + "(" + String.join(", ", verb.arguments())
                        + ").");
    }
}

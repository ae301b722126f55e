package io.pgring.proxy.routing;

import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.StringLiteral;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Select;
import io.pgring.proxy.routing.PlannedStatement.Administer.Argument;
import io.pgring.proxy.routing.PlannedStatement.Configure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plans of {@code SELECT set_config('work_mem', '64MB', false)}, which is a SET that gives a row; what was set before may be asked for
 * in the same row, as asyncpg does.
 */
final class ConfigurePlans {
    private static final String ASSIGNS = "set_config";
    private static final String READS = "current_setting";
    private static final int ARGUMENTS = 3;
    private static final Set<String> TYPES =
            Set.of("text", "varchar", "bool", "boolean", "pg_catalog.text", "pg_catalog.bool");

    private ConfigurePlans() {}

    /** The plan of a query that consists of such calls with known arguments; null for any other. */
    static @Nullable PlannedStatement plan(Select select, byte[] text) {
        List<Configure.Call> calls = new ArrayList<>();
        for (BareCall bare : BareCall.allOf(select)) {
            Configure.Call call = bare.mayBeBuiltIn() ? call(bare, text) : null;
            if (call == null) {
                return null;
            }
            calls.add(call);
        }
        Configure configure = new Configure(calls);
        return configure.assignments().isEmpty() ? null : configure;
    }

    private static Configure.@Nullable Call call(BareCall bare, byte[] text) {
        String function = bare.call().name().name();
        List<Argument> arguments = new ArrayList<>();
        for (Expression value : bare.call().arguments().values()) {
            Argument argument = argument(value, text);
            if (argument == null) {
                return null;
            }
            arguments.add(argument);
        }
        if (function.equals(ASSIGNS) && arguments.size() == ARGUMENTS) {
            return new Configure.Assignment(arguments.get(0), arguments.get(1), arguments.get(2), bare.column());
        }
        return function.equals(READS) && arguments.size() == 1
                ? new Configure.Reading(arguments.get(0), bare.column())
                : null;
    }

    private static @Nullable Argument argument(Expression expression, byte[] text) {
        Expression value = expression;
        while (value instanceof Expression.Cast cast
                && TYPES.contains(cast.type().name())
                && !cast.type().modifiers()
                && cast.type().arrayDimensions() == 0) {
            value = cast.operand();
        }
        if (value instanceof Expression.Parameter parameter) {
            return new Argument.Parameter(parameter.number() - 1);
        }
        if (value instanceof Expression.Literal literal && literal.kind().isString()) {
            try {
                return new Argument.Constant(StringLiteral.decodeToString(text, literal.start(), literal.end()));
            } catch (SqlSyntaxException e) {
                return null;
            }
        }
        if (value instanceof Expression.Constant constant) {
            return switch (constant.value()) {
                case TRUE -> new Argument.Constant("true");
                case FALSE -> new Argument.Constant("false");
                case NULL, DEFAULT -> null;
            };
        }
        return null;
    }
}

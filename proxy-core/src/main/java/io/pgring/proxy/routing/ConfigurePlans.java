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

/** Plans of {@code SELECT set_config('work_mem', '64MB', false)}, which is a SET that gives a row. */
final class ConfigurePlans {
    private static final String FUNCTION = "set_config";
    private static final int ARGUMENTS = 3;
    private static final Set<String> TYPES =
            Set.of("text", "varchar", "bool", "boolean", "pg_catalog.text", "pg_catalog.bool");

    private ConfigurePlans() {}

    /** The plan of a query that consists of such calls with known arguments; null for any other. */
    static @Nullable PlannedStatement plan(Select select, byte[] text) {
        List<Configure.Call> settings = new ArrayList<>();
        for (BareCall bare : BareCall.allOf(select)) {
            List<Expression> values = bare.call().arguments().values();
            boolean ours = bare.call().name().name().equals(FUNCTION) && bare.mayBeBuiltIn();
            if (!ours || values.size() != ARGUMENTS) {
                return null;
            }
            Argument name = argument(values.get(0), text);
            Argument value = argument(values.get(1), text);
            Argument local = argument(values.get(2), text);
            if (name == null || value == null || local == null) {
                return null;
            }
            settings.add(new Configure.Call(name, value, local, bare.column()));
        }
        return settings.isEmpty() ? null : new Configure(settings);
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

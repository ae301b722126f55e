package io.pgring.proxy.routing;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayList;
import java.util.List;

/**
 * A call of a function that is a column of a query without rows: SELECT f(a, b).
 *
 * @param column the name of the column
 */
record BareCall(Expression.FunctionCall call, String column) {
    /** The columns of a query that consists of nothing but such calls; empty for any other. */
    static List<BareCall> allOf(Select select) {
        boolean bare = select.with() == null
                && select.orderBy().isEmpty()
                && select.limit() == null
                && select.offset() == null
                && select.locking().isEmpty();
        if (!bare || !(select.body() instanceof QueryBody.Simple query) || !isAlone(query)) {
            return List.of();
        }
        List<BareCall> calls = new ArrayList<>();
        for (QueryBody.Target target : query.targets()) {
            if (!(target.expression() instanceof Expression.FunctionCall call) || !isPlain(call)) {
                return List.of();
            }
            String column =
                    target.label() == null ? call.name().name() : target.label().value();
            calls.add(new BareCall(call, column));
        }
        return calls;
    }

    private static boolean isAlone(QueryBody.Simple query) {
        return !query.distinct()
                && query.into() == null
                && query.from().isEmpty()
                && query.where() == null
                && query.groupBy().isEmpty()
                && query.having() == null
                && query.windows().isEmpty();
    }

    private static boolean isPlain(Expression.FunctionCall call) {
        Expression.FunctionCall.Arguments arguments = call.arguments();
        return call.over() == null
                && arguments.filter() == null
                && !arguments.star()
                && !arguments.distinct()
                && !arguments.variadic()
                && arguments.orderBy().isEmpty()
                && arguments.withinGroup().isEmpty();
    }

    /** Whether the function may be one of PostgreSQL's own. */
    boolean mayBeBuiltIn() {
        return call.name().parts().size() == 1 || call.name().toString().startsWith("pg_catalog.");
    }
}

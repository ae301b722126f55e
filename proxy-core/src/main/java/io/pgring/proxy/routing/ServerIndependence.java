package io.pgring.proxy.routing;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Node;
import java.util.ArrayDeque;
import java.util.Set;

/** Tells statements that give the same answer on every server, such as {@code SELECT 1}. */
final class ServerIndependence {
    /** Functions that ask about the connection, the clock or nothing. */
    private static final Set<String> FUNCTIONS = Set.of(
            "version",
            "now",
            "clock_timestamp",
            "statement_timestamp",
            "transaction_timestamp",
            "current_database",
            "current_schema",
            "current_schemas",
            "current_setting",
            "pg_is_in_recovery",
            "pg_sleep",
            "length",
            "lower",
            "upper",
            "coalesce",
            "generate_series",
            "repeat",
            "md5",
            "hashtext");

    private ServerIndependence() {}

    static boolean isSameOnEveryServer(Node statement) {
        ArrayDeque<Node> open = new ArrayDeque<>();
        open.add(statement);
        while (!open.isEmpty()) {
            Node node = open.remove();
            if (node instanceof Expression.FunctionCall call
                    && !(FUNCTIONS.contains(call.name().name()) && isBuiltIn(call))) {
                return false;
            }
            open.addAll(node.children());
        }
        return true;
    }

    private static boolean isBuiltIn(Expression.FunctionCall call) {
        String schema = call.name().schema();
        return schema == null || schema.equals("pg_catalog");
    }
}

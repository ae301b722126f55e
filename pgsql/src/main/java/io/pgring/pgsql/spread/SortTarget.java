package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.tree.Expression;
import org.jspecify.annotations.Nullable;

/**
 * What an item of ORDER BY or GROUP BY means.
 *
 * @param column the column of a sharded table; null if it is an output column of another kind
 * @param type OTHER if it is not known
 * @param index of the output column, from 0; -1 if it is none or its place is not sure
 */
record SortTarget(@Nullable Column column, ColumnType type, int index) {
    /**
     * Of ORDER BY: a name without a table is that of an output column if there is one. Null if there is no telling, or if the proxy
     * can't sort by it.
     */
    static @Nullable SortTarget ofOrderBy(
            io.pgring.pgsql.tree.SortKey key, Outputs outputs, Relations relations, byte[] text) {
        Expression expression = key.expression();
        SortTarget target = null;
        if (key.using() != null) {
            return null;
        } else if (expression instanceof Expression.Literal literal) {
            target = of(place(literal, outputs, text));
        } else if (isBareName(expression)) {
            String name =
                    ((Expression.ColumnReference) expression).names().get(0).value();
            target = switch (outputs.meaning(name)) {
                case OUTPUT -> of(outputs.named(name));
                case INPUT -> of(relations.column(expression), outputs);
                case UNKNOWN -> null;
            };
        } else {
            target = of(relations.column(expression), outputs);
        }
        return target == null || !target.type().isOrdered() ? null : target;
    }

    /** Of GROUP BY: a name without a table is that of a column in FROM if there is one. Null if it is no column of a sharded table. */
    static @Nullable Column ofGroupBy(Expression expression, Outputs outputs, Relations relations, byte[] text) {
        if (expression instanceof Expression.Literal literal) {
            Output output = place(literal, outputs, text);
            return output == null ? null : output.column();
        }
        Column column = relations.column(expression);
        if (column != null || !isBareName(expression)) {
            return column;
        }
        String name = ((Expression.ColumnReference) expression).names().get(0).value();
        for (Relation relation : relations.all()) {
            if (!relation.isSharded() || relation.columns().contains(name)) {
                return null;
            }
        }
        Output output = outputs.meaning(name) == Outputs.Meaning.OUTPUT ? outputs.named(name) : null;
        return output == null ? null : output.column();
    }

    private static boolean isBareName(Expression expression) {
        return expression instanceof Expression.ColumnReference column
                && !column.star()
                && column.names().size() == 1;
    }

    private static @Nullable Output place(Expression.Literal literal, Outputs outputs, byte[] text) {
        return literal.kind() == LiteralKind.INTEGER ? outputs.at(RowLimits.integer(literal, text)) : null;
    }

    private static @Nullable SortTarget of(@Nullable Output output) {
        return output == null ? null : new SortTarget(output.column(), output.type(), output.index());
    }

    private static @Nullable SortTarget of(@Nullable Column column, Outputs outputs) {
        return column == null ? null : new SortTarget(column, column.type(), outputs.indexOf(column));
    }
}

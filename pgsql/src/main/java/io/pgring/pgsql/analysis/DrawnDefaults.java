package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Assignment;
import io.pgring.pgsql.tree.ColumnTarget;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a statement takes a default that the home shard alone may compute: on each shard a sequence would count by itself. */
final class DrawnDefaults {
    private DrawnDefaults() {}

    /** A column for which an INSERT takes, or may take, such a default; null when there is none. */
    static @Nullable String in(Insert insert, TableClass.Sharded table) {
        boolean values = insert.source() != null && insert.source().body() instanceof QueryBody.Values;
        for (String column : table.drawnColumns()) {
            int index =
                    insert.columns().isEmpty() ? table.columns().indexOf(column) : indexOf(column, insert.columns());
            boolean given = insert.overriding() != Insert.Overriding.USER
                    && index >= 0
                    && insert.source() != null
                    && (values
                            ? isGiven(insert.source(), index)
                            : !insert.columns().isEmpty());
            if (!given) {
                return column;
            }
        }
        return null;
    }

    private static boolean isGiven(Select source, int index) {
        return ((QueryBody.Values) source.body())
                .rows().stream()
                        .allMatch(row -> index < row.elements().size()
                                && !isDefault(row.elements().get(index)));
    }

    /** A column for which an INSERT of MERGE takes such a default; null when there is none. */
    static @Nullable String in(Merge.When when, TableClass.Sharded table) {
        Expression.Row values = when.values();
        for (String column : table.drawnColumns()) {
            int index = when.columns().isEmpty() ? table.columns().indexOf(column) : indexOf(column, when.columns());
            boolean given = values != null
                    && index >= 0
                    && index < values.elements().size()
                    && !isDefault(values.elements().get(index));
            if (!given) {
                return column;
            }
        }
        return null;
    }

    private static int indexOf(String column, List<ColumnTarget> columns) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).column().value().equals(column)) {
                return i;
            }
        }
        return -1;
    }

    /** A column to which such a default is assigned; null when there is none. */
    static @Nullable String assigned(List<Assignment> assignments, TableClass.Sharded table) {
        for (Assignment assignment : assignments) {
            for (int i = 0; i < assignment.columns().size(); i++) {
                String column = assignment.columns().get(i).column().value();
                if (table.drawnColumns().contains(column) && takesDefault(assignment.value(), i)) {
                    return column;
                }
            }
        }
        return null;
    }

    private static boolean takesDefault(Expression value, int index) {
        return isDefault(value)
                || (value instanceof Expression.Row row
                        && index < row.elements().size()
                        && isDefault(row.elements().get(index)));
    }

    static boolean isDefault(Expression expression) {
        return expression instanceof Expression.Constant constant
                && constant.value() == Expression.Constant.Value.DEFAULT;
    }

    /** Why a default can't be taken. */
    static String reason(String column, TableClass.Sharded table) {
        return "The statement takes the default of column \"" + column + "\" of table \"" + table.qualifiedName()
                + "\", which the home shard alone may compute.";
    }
}

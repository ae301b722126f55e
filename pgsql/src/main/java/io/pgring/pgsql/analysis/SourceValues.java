package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values that a column of a source can have, when the source is {@code (VALUES ...) AS s (...)} or {@code (SELECT ...) AS s}. */
final class SourceValues {
    private final String name;
    private final List<String> columns = new ArrayList<>();
    private final List<List<Expression>> rows = new ArrayList<>();

    SourceValues(FromItem source) {
        FromItem.Alias alias = source.alias();
        this.name = alias == null ? "" : alias.name().value();
        if (alias != null && source instanceof FromItem.SubqueryReference subquery) {
            query(subquery.query());
            for (int i = 0; i < alias.columns().size() && i < columns.size(); i++) {
                columns.set(i, alias.columns().get(i).value());
            }
        }
    }

    private void query(Select query) {
        if (query.with() != null) {
            return;
        }
        if (query.body() instanceof QueryBody.Values values) {
            for (int i = 0; i < values.rows().get(0).elements().size(); i++) {
                columns.add("column" + (i + 1));
            }
            values.rows().forEach(row -> rows.add(row.elements()));
        } else if (query.body() instanceof QueryBody.Simple simple
                && simple.from().isEmpty()) {
            List<Expression> row = new ArrayList<>();
            for (QueryBody.Target target : simple.targets()) {
                Name label = target.label();
                columns.add(label == null ? "" : label.value());
                row.add(target.expression());
            }
            rows.add(row);
        }
    }

    /** The values of a column of the source; null if the expression is none, or one of its values is not known. */
    @Nullable
    List<KeyValue> of(Expression expression) {
        if (!(expression instanceof Expression.ColumnReference column)
                || column.star()
                || column.names().size() != 2
                || !column.names().get(0).value().equals(name)) {
            return null;
        }
        String wanted = column.names().get(1).value();
        int index = columns.indexOf(wanted);
        if (index < 0 || index != columns.lastIndexOf(wanted)) {
            return null;
        }
        List<Expression> values = new ArrayList<>();
        for (List<Expression> row : rows) {
            if (index >= row.size()) {
                return null;
            }
            values.add(row.get(index));
        }
        return KeyValues.ofAll(values);
    }
}

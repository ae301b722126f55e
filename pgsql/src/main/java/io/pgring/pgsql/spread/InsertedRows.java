package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.tree.ColumnTarget;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayList;
import java.util.List;

/** The rows of an INSERT, apart from what becomes of them. */
final class InsertedRows {
    private InsertedRows() {}

    /** The place of the key among the values, from 0; -1 if there is none. */
    static int keyPlace(Insert insert, TableClass.Sharded table) {
        if (insert.columns().isEmpty()) {
            return table.columns().indexOf(table.keyColumn());
        }
        for (int i = 0; i < insert.columns().size(); i++) {
            if (insert.columns().get(i).column().value().equals(table.keyColumn())) {
                return i;
            }
        }
        return -1;
    }

    /** An INSERT that does the same with one row of constants, one for each column: what it needs is what the others need besides. */
    static Insert ofConstants(Insert insert, TableClass.Sharded table) {
        int start = insert.table().start();
        List<ColumnTarget> targets = new ArrayList<>();
        List<Expression> constants = new ArrayList<>();
        for (String column : table.columns()) {
            targets.add(new ColumnTarget(new Name(column, start, start), true, List.of(), start, start));
            constants.add(new Expression.Literal(LiteralKind.STRING, start, start));
        }
        Expression.Row row = new Expression.Row(constants, start, start);
        QueryBody.Values values = new QueryBody.Values(List.of(row), start, start);
        Select source = new Select(null, values, List.of(), null, null, false, List.of(), start, start);
        return new Insert(
                null,
                insert.table(),
                insert.alias(),
                targets,
                null,
                source,
                insert.onConflict(),
                insert.returning(),
                insert.start(),
                insert.end());
    }
}

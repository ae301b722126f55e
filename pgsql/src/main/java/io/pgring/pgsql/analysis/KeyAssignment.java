package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Assignment;
import io.pgring.pgsql.tree.ColumnTarget;
import java.util.List;

/** Assignments to a key column, which could move a row to another shard. */
final class KeyAssignment {
    private KeyAssignment() {}

    static boolean isIn(List<Assignment> assignments, TableClass.Sharded table) {
        for (Assignment assignment : assignments) {
            for (ColumnTarget target : assignment.columns()) {
                if (target.column().value().equals(table.keyColumn())) {
                    return true;
                }
            }
        }
        return false;
    }

    static String reason(TableClass.Sharded table) {
        return "The statement assigns the key column \"" + table.keyColumn() + "\" of table \"" + table.qualifiedName()
                + "\", which could move rows to another shard.";
    }
}

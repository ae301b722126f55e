package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Assignment;
import io.pgring.pgsql.tree.ColumnTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** The new key, if it is assigned once, as a whole, and its value is known before the statement runs; else null. */
    static @Nullable KeyValue value(List<Assignment> assignments, TableClass.Sharded table) {
        KeyValue value = null;
        for (Assignment assignment : assignments) {
            if (isIn(List.of(assignment), table)) {
                boolean plain = assignment.columns().size() == 1
                        && assignment.columns().get(0).whole();
                KeyValue assigned = plain ? KeyValues.of(assignment.value()) : null;
                if (assigned == null || value != null) {
                    return null;
                }
                value = assigned;
            }
        }
        return value;
    }

    static String reason(TableClass.Sharded table) {
        return "The statement assigns the key column \"" + table.keyColumn() + "\" of table \"" + table.qualifiedName()
                + "\", which could move rows to another shard.";
    }
}

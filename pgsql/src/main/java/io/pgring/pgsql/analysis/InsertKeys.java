package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.ColumnTarget;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayList;
import java.util.List;

/** The key of every row of an INSERT into a sharded table. */
final class InsertKeys {
    private final Findings findings;
    private final TableClass.Sharded table;

    InsertKeys(Findings findings, TableClass.Sharded table) {
        this.findings = findings;
        this.table = table;
    }

    void find(Insert insert) {
        Insert.OnConflict onConflict = insert.onConflict();
        if (onConflict != null && KeyAssignment.isIn(onConflict.assignments(), table)) {
            findings.refuse(KeyAssignment.reason(table));
            return;
        }
        String drawn = DrawnDefaults.in(insert, table);
        if (drawn != null) {
            notKnown("The INSERT leaves column \"" + drawn + "\" of table \"" + table.qualifiedName()
                    + "\" to its default, which the home shard alone may compute.");
            return;
        }
        int index = keyIndex(insert.columns());
        if (index < 0) {
            return;
        }
        Select source = insert.source();
        if (source == null) {
            notKnown("INSERT ... DEFAULT VALUES gives no value for the " + key() + ".");
        } else if (isPlain(source) && source.body() instanceof QueryBody.Values values) {
            rows(values, index, insert.columns().size());
        } else {
            notKnown("INSERT ... SELECT into the sharded table \"" + table.qualifiedName()
                    + "\" does not tell the keys of its rows.");
        }
    }

    private static boolean isPlain(Select source) {
        return source.with() == null
                && source.orderBy().isEmpty()
                && source.limit() == null
                && source.offset() == null
                && source.locking().isEmpty();
    }

    /** Place of the key among the values, or -1 if it is not known. */
    private int keyIndex(List<ColumnTarget> columns) {
        if (columns.isEmpty()) {
            int index = table.columns().indexOf(table.keyColumn());
            if (index < 0) {
                notKnown("The place of the " + key() + " is not known; name the columns.");
            }
            return index;
        }
        int index = -1;
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).column().value().equals(table.keyColumn())) {
                if (index >= 0 || !columns.get(i).whole()) {
                    notKnown("The INSERT names the " + key() + " more than once or in part.");
                    return -1;
                }
                index = i;
            }
        }
        if (index < 0) {
            notKnown("The INSERT leaves out the " + key() + ".");
        }
        return index;
    }

    private void rows(QueryBody.Values values, int index, int columnCount) {
        List<KeyValue> keys = new ArrayList<>(values.rows().size());
        for (Expression.Row row : values.rows()) {
            int size = row.elements().size();
            if (index >= size) {
                notKnown("A row of the INSERT has no value for the " + key() + ".");
                return;
            }
            if (columnCount > 0 && size != columnCount) {
                notKnown("A row of the INSERT has " + size + " values for " + columnCount + " columns.");
                return;
            }
            Expression element = row.elements().get(index);
            KeyValue value = KeyValues.of(element);
            if (value == null) {
                notKnown(reasonAgainst(element));
                return;
            }
            keys.add(value);
        }
        findings.insert(table, keys);
    }

    private void notKnown(String reason) {
        findings.mention(table, reason);
    }

    private String reasonAgainst(Expression element) {
        if (element instanceof Expression.Constant constant) {
            return switch (constant.value()) {
                case NULL -> "A row of the INSERT has NULL for the " + key() + ".";
                case DEFAULT -> "A row of the INSERT has DEFAULT for the " + key() + ".";
                default -> "A row of the INSERT has a truth value for the " + key() + ".";
            };
        }
        return "A row of the INSERT computes the " + key() + " by an expression; give it as a constant or a parameter.";
    }

    private String key() {
        return "key column \"" + table.keyColumn() + "\" of table \"" + table.qualifiedName() + "\"";
    }
}

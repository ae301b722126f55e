package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.ColumnTarget;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Merge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows of a sharded table that MERGE changes or makes: the condition of ON fixes those that match; each INSERT
 * gives its own. Both may be values of the source, when that is VALUES or a SELECT of constants.
 */
final class MergeKeys {
    private final Findings findings;
    private final TableClass.Sharded table;
    private final Merge merge;
    private final Reference target;
    private final SourceValues source;

    MergeKeys(Findings findings, TableClass.Sharded table, Merge merge) {
        this.findings = findings;
        this.table = table;
        this.merge = merge;
        this.target = new Reference(table, merge.table(), true, false);
        this.source = new SourceValues(merge.source());
    }

    void find() {
        List<KeyValue> keys = new ArrayList<>(ofMatches());
        if (keys.isEmpty()) {
            findings.use(table, List.of());
            return;
        }
        for (Merge.When when : merge.whens()) {
            if (when.match() == Merge.Match.NOT_MATCHED_BY_SOURCE) {
                findings.mention(table, "WHEN NOT MATCHED BY SOURCE concerns the rows of every shard.");
                return;
            }
            if (KeyAssignment.isIn(when.assignments(), table)) {
                findings.refuse(KeyAssignment.reason(table));
                return;
            }
            if (when.action() == Merge.Action.INSERT) {
                List<KeyValue> inserted = ofInsert(when);
                if (inserted == null) {
                    findings.refuse("An INSERT of the MERGE does not give the key column \"" + table.keyColumn()
                            + "\" of table \"" + table.qualifiedName()
                            + "\" as a constant, a parameter or such a value of the source.");
                    return;
                }
                keys.addAll(inserted);
                findings.insert(table, inserted);
            }
        }
        findings.use(table, keys);
    }

    /** Those that ON fixes, under AND alone. */
    private List<KeyValue> ofMatches() {
        Deque<Expression> pending = new ArrayDeque<>(List.of(merge.on()));
        while (!pending.isEmpty()) {
            Expression condition = pending.pop();
            if (condition instanceof Expression.And and) {
                and.operands().forEach(pending::push);
                continue;
            }
            target.bind(condition);
            if (condition instanceof Expression.Comparison comparison
                    && comparison.operator().is("=")) {
                addFromSource(comparison.left(), comparison.right());
                addFromSource(comparison.right(), comparison.left());
            }
        }
        return target.keys();
    }

    private void addFromSource(Expression key, Expression value) {
        List<KeyValue> values = target.isKey(key) ? source.of(value) : null;
        if (values != null) {
            target.keys().addAll(values);
        }
    }

    private @Nullable List<KeyValue> ofInsert(Merge.When when) {
        Expression.Row row = when.values();
        int index = keyIndex(when.columns());
        if (row == null || index < 0 || index >= row.elements().size()) {
            return null;
        }
        Expression element = row.elements().get(index);
        KeyValue value = KeyValues.of(element);
        return value != null ? List.of(value) : source.of(element);
    }

    private int keyIndex(List<ColumnTarget> columns) {
        if (columns.isEmpty()) {
            return table.columns().indexOf(table.keyColumn());
        }
        int index = -1;
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).column().value().equals(table.keyColumn())) {
                if (index >= 0 || !columns.get(i).whole()) {
                    return -1;
                }
                index = i;
            }
        }
        return index;
    }
}

package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Name;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One reference to a sharded table, by the name that columns are qualified with. */
final class Reference {
    private final TableClass.Sharded table;
    private final FromItem.TableReference item;
    /** Whether columns can be told from names at all: not below the alias of a join. */
    private final boolean visible;
    /** Whether it is the only item of its FROM, so that unqualified names are its columns. */
    private final boolean alone;

    private final List<KeyValue> keys = new ArrayList<>();

    Reference(TableClass.Sharded table, FromItem.TableReference item, boolean visible, boolean alone) {
        this.table = table;
        this.item = item;
        this.visible = visible;
        this.alone = alone;
    }

    FromItem.TableReference item() {
        return item;
    }

    TableClass.Sharded table() {
        return table;
    }

    List<KeyValue> keys() {
        return keys;
    }

    /** Takes the values if the condition, which holds for every row, fixes the key. */
    void bind(Expression condition) {
        List<KeyValue> values = valuesOf(condition);
        if (values != null) {
            keys.addAll(values);
        }
    }

    private @Nullable List<KeyValue> valuesOf(Expression condition) {
        if (condition instanceof Expression.Comparison comparison
                && comparison.operator().is("=")) {
            return equality(comparison.left(), comparison.right());
        }
        if (condition instanceof Expression.Operation operation
                && operation.operators().size() == 1
                && operation.operators().get(0).is("=")) {
            return equality(operation.operands().get(0), operation.operands().get(1));
        }
        if (condition instanceof Expression.InList in && !in.negated() && isKey(in.operand())) {
            return KeyValues.ofAll(in.values());
        }
        if (condition instanceof Expression.Quantified any
                && !any.all()
                && any.operator().is("=")
                && isKey(any.operand())) {
            return KeyValues.ofArray(any.right());
        }
        return null;
    }

    private @Nullable List<KeyValue> equality(Expression left, Expression right) {
        if (isKey(left)) {
            return KeyValues.ofAll(List.of(right));
        }
        return isKey(right) ? KeyValues.ofAll(List.of(left)) : null;
    }

    /** Whether the expression is the key column of this very reference. */
    boolean isKey(Expression expression) {
        if (!visible || !(expression instanceof Expression.ColumnReference column) || column.star()) {
            return false;
        }
        List<Name> names = column.names();
        String keyName = visibleKeyName();
        if (keyName == null || !names.get(names.size() - 1).value().equals(keyName)) {
            return false;
        }
        return switch (names.size()) {
            case 1 -> alone;
            case 2 -> names.get(0).value().equals(visibleName());
            case 3 ->
                item.alias() == null
                        && isSchema(names.get(0).value())
                        && names.get(1).value().equals(visibleName());
            default -> false;
        };
    }

    private boolean isSchema(String name) {
        return name.equals(table.schema());
    }

    private String visibleName() {
        FromItem.Alias alias = item.alias();
        return alias == null ? item.name().name() : alias.name().value();
    }

    /** The key column's name behind the alias's column list; null if two columns have it or the columns are not known. */
    private @Nullable String visibleKeyName() {
        FromItem.Alias alias = item.alias();
        if (alias == null || alias.columns().isEmpty()) {
            return table.keyColumn();
        }
        int index = table.columns().indexOf(table.keyColumn());
        if (index < 0) {
            return null;
        }
        List<String> names = new ArrayList<>(table.columns());
        for (int i = 0; i < alias.columns().size() && i < names.size(); i++) {
            names.set(i, alias.columns().get(i).value());
        }
        String name = names.get(index);
        return names.indexOf(name) == names.lastIndexOf(name) ? name : null;
    }
}

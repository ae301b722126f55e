package io.pgring.it.compare;

import io.pgring.it.compare.Fragment.Droppable;
import io.pgring.it.compare.Fragment.Listed;
import io.pgring.it.compare.Fragment.Simplifiable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes INSERT, UPDATE and DELETE up; at most one kind of error is possible in each. */
final class RandomModification {
    private static final int ROWS_MAX = 4;
    private static final int NEW_KEYS = 50;

    private final Dice dice;
    private final RandomExpression expressions;

    RandomModification(Dice dice) {
        this.dice = dice;
        this.expressions = new RandomExpression(dice);
    }

    /** A statement of any kind. */
    Fragment make() {
        RandomTable table = dice.pick(RandomTable.ALL.subList(0, dice.percent(70) ? 2 : RandomTable.ALL.size()));
        return switch (dice.below(10)) {
            case 0, 1, 2, 3 -> insert(table);
            case 4 -> insertFromQuery(table);
            case 5, 6 -> update(table);
            case 7 -> updateFrom();
            default -> delete(table);
        };
    }

    private Fragment insert(RandomTable table) {
        List<RandomColumn> columns = table.columns().stream()
                .filter(column -> table.isKey(column) || column.name().equals("name") || dice.percent(70))
                .toList();
        List<Fragment> rows = IntStream.rangeClosed(0, dice.below(ROWS_MAX))
                .mapToObj(i -> row(table, columns))
                .toList();
        return Fragment.of(
                "INSERT INTO ",
                table.name(),
                " (",
                names(columns),
                ") VALUES ",
                new Listed(", ", rows),
                conflict(table, columns),
                returning(table));
    }

    private Fragment row(RandomTable table, List<RandomColumn> columns) {
        List<Fragment> values =
                columns.stream().map(column -> value(table, column)).toList();
        return Fragment.of("(", separated(values), ")");
    }

    private Fragment value(RandomTable table, RandomColumn column) {
        if (table.isKey(column)) {
            return newKey(column);
        }
        boolean nullable = !column.name().equals("name") && column.type() != ParameterType.BOOL;
        if (nullable && dice.percent(15)) {
            return new Fragment.Words(dice.percent(50) ? "NULL" : "DEFAULT");
        }
        return dice.value(column);
    }

    /** Mostly one that isn't there yet. */
    private Fragment newKey(RandomColumn column) {
        if (dice.percent(25)) {
            return dice.value(column);
        }
        String number = String.valueOf(100 + dice.below(NEW_KEYS));
        String text = column.type() == ParameterType.TEXT ? "n" + number : number;
        String literal = column.type() == ParameterType.TEXT ? "'" + text + "'" : text;
        Fragment plain = new Fragment.Value(literal, new Parameter(column.type(), text));
        return dice.percent(5) && column.type() != ParameterType.TEXT
                ? new Simplifiable(Fragment.of(plain, " + 1"), plain)
                : plain;
    }

    private Fragment conflict(RandomTable table, List<RandomColumn> columns) {
        return dice.sometimes(35, () -> {
            List<RandomColumn> others =
                    columns.stream().filter(column -> !table.isKey(column)).toList();
            if (others.isEmpty() || dice.percent(40)) {
                return Fragment.of(" ON CONFLICT DO NOTHING");
            }
            String name = dice.pick(others).name();
            return Fragment.of(
                    " ON CONFLICT (",
                    String.join(", ", table.keys()),
                    ") DO UPDATE SET " + name + " = excluded." + name,
                    dice.sometimes(20, () -> Fragment.of(" WHERE " + table.name() + "." + name + " IS NOT NULL")));
        });
    }

    private Fragment returning(RandomTable table) {
        return dice.sometimes(
                40,
                () -> Fragment.of(
                        " RETURNING ",
                        dice.some(
                                3,
                                ", ",
                                () -> new Fragment.Words(
                                        dice.pick(table.columns()).name()))));
    }

    private Fragment insertFromQuery(RandomTable table) {
        RandomSource source = table.as("s");
        List<Fragment> values = table.columns().stream()
                .map(column -> shifted(table, column))
                .map(text -> (Fragment) new Fragment.Words(text))
                .toList();
        return Fragment.of(
                "INSERT INTO ",
                table.name(),
                " (",
                names(table.columns()),
                ") SELECT ",
                separated(values),
                " FROM ",
                table.name(),
                " AS s WHERE ",
                small(table, "s"),
                " AND ",
                expressions.condition(List.of(source), 1),
                dice.sometimes(30, () -> Fragment.of(" ON CONFLICT DO NOTHING")),
                returning(table));
    }

    /** The last column of the key with another value. */
    private static String shifted(RandomTable table, RandomColumn column) {
        boolean last = table.keys().get(table.keys().size() - 1).equals(column.name());
        if (!last) {
            return "s." + column.name();
        }
        return column.type() == ParameterType.TEXT ? "'z' || s." + column.name() : "s." + column.name() + " + 200";
    }

    /** Leaves the largest numbers out, to which nothing can be added. */
    private static String small(RandomTable table, String alias) {
        return table.columns().stream()
                .filter(table::isKey)
                .filter(column -> column.type() != ParameterType.TEXT)
                .map(column -> alias + "." + column.name() + " < 1000000")
                .reduce((one, other) -> one + " AND " + other)
                .orElse("true");
    }

    private Fragment update(RandomTable table) {
        RandomSource source = table.as("u");
        List<RandomColumn> settable =
                table.columns().stream().filter(column -> !table.isKey(column)).toList();
        boolean movesRows = dice.percent(8);
        String key = table.keys().get(dice.below(table.keys().size()));
        RandomColumn keyColumn = table.columns().stream()
                .filter(column -> column.name().equals(key))
                .findFirst()
                .orElseThrow();
        Fragment assignment = movesRows
                ? Fragment.of(
                        key, " = ", keyColumn.type() == ParameterType.TEXT ? "'y' || u." + key : "u." + key + " + 5000")
                : assignment(source, dice.pick(settable));
        return Fragment.of(
                "UPDATE ",
                table.name(),
                " AS u SET ",
                assignment,
                " WHERE ",
                movesRows ? small(table, "u") + " AND " : "",
                expressions.condition(List.of(source), 2),
                returning(table));
    }

    private Fragment assignment(RandomSource source, RandomColumn column) {
        return Fragment.of(column.name(), " = ", expressions.scalar(List.of(source), column, 1));
    }

    /** Each row of the one table meets one of the other at most. */
    private Fragment updateFrom() {
        RandomTable customers = RandomTable.ALL.get(0);
        RandomTable orders = RandomTable.ALL.get(1);
        RandomSource updated = orders.as("u");
        RandomSource other = customers.as("f");
        return Fragment.of(
                "UPDATE orders AS u SET note = ",
                dice.pick(List.of("f.name", "f.country", "f.name || u.id")),
                " FROM customers AS f WHERE f.id = u.customer",
                new Droppable(Fragment.of(" AND ", expressions.condition(List.of(updated, other), 1))),
                dice.sometimes(40, () -> Fragment.of(" RETURNING u.customer, u.id, f.name")));
    }

    private Fragment delete(RandomTable table) {
        RandomSource source = table.as("d");
        if (table.name().equals("orders") && dice.percent(30)) {
            RandomSource other = RandomTable.ALL.get(0).as("f");
            return Fragment.of(
                    "DELETE FROM orders AS d USING customers AS f WHERE f.id = d.customer AND ",
                    expressions.condition(List.of(source, other), 1),
                    dice.sometimes(40, () -> Fragment.of(" RETURNING d.id, f.name")));
        }
        Fragment delete = Fragment.of(
                "DELETE FROM ",
                table.name(),
                " AS d WHERE ",
                expressions.condition(List.of(source), 2),
                returning(table));
        return delete;
    }

    private static String names(List<RandomColumn> columns) {
        return columns.stream().map(RandomColumn::name).collect(Collectors.joining(", "));
    }

    private static Fragment separated(List<Fragment> items) {
        List<Object> parts = new ArrayList<>();
        for (Fragment item : items) {
            parts.add(parts.isEmpty() ? "" : ", ");
            parts.add(item);
        }
        return Fragment.of(parts.toArray());
    }
}

package io.pgring.it.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that scripts use.
 *
 * @param sql with $1, $2 for its parameters; {@code {p}} stands for the script's prefix and {@code {b}} for the first of its numbers
 * @param parameters what they are
 * @param place which servers it must reach
 * @param columns how many its rows have; 0 when there are none, or it doesn't matter
 */
record ScriptStatement(String sql, List<Parameter> parameters, Place place, int columns) {
    /** Which servers a statement must reach. */
    enum Place {
        /** That of its key. */
        KEY,
        /** The home shard. */
        HOME,
        /** Any. */
        ANY,
        /** Several. */
        SPREAD
    }

    /** What a parameter is. */
    enum Parameter {
        /** A key of {@code kv}. */
        KEY,
        /** A key of {@code events}. */
        ID,
        /** Some text. */
        TEXT,
        /** Some text against which no table has anything. */
        WORD,
        /** A small number, most of the time. */
        NUMBER;

        /** As a constant of SQL. */
        String literal(@Nullable String value) {
            if (value == null) {
                return "NULL";
            }
            return this == ID || (this == NUMBER && value.matches("-?\\d+")) ? value : quoted(value);
        }

        /** The type in PREPARE, and its oid in Parse. */
        String type() {
            return this == ID ? "bigint" : "text";
        }

        int typeOid() {
            return this == ID ? 20 : 25;
        }
    }

    ScriptStatement {
        parameters = List.copyOf(parameters);
    }

    static ScriptStatement keyed(String sql, int columns, Parameter... parameters) {
        return new ScriptStatement(sql, List.of(parameters), Place.KEY, columns);
    }

    static ScriptStatement home(String sql, int columns, Parameter... parameters) {
        return new ScriptStatement(sql, List.of(parameters), Place.HOME, columns);
    }

    static ScriptStatement anywhere(String sql, int columns, Parameter... parameters) {
        return new ScriptStatement(sql, List.of(parameters), Place.ANY, columns);
    }

    static ScriptStatement spread(String sql, int columns, Parameter... parameters) {
        return new ScriptStatement(sql, List.of(parameters), Place.SPREAD, columns);
    }

    /** For one script. */
    ScriptStatement of(String prefix, long firstNumber) {
        return new ScriptStatement(
                sql.replace("{p}", prefix).replace("{b}", Long.toString(firstNumber)), parameters, place, columns);
    }

    boolean isTooFarFor(boolean home) {
        return place == Place.HOME && !home;
    }

    /** With constants in place of the parameters. */
    String withLiterals(List<@Nullable String> values) {
        String text = sql;
        for (int i = 0; i < parameters.size(); i++) {
            text = text.replace("$" + (i + 1), parameters.get(i).literal(values.get(i)));
        }
        return text;
    }

    /** The words of PREPARE. */
    String prepare(String name) {
        List<String> types = new ArrayList<>();
        parameters.forEach(parameter -> types.add(parameter.type()));
        return "PREPARE " + name
                + (types.isEmpty() ? "" : types.toString().replace('[', '(').replace(']', ')')) + " AS " + sql;
    }

    /** The words of EXECUTE. */
    String execute(String name, List<@Nullable String> values) {
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            literals.add(parameters.get(i).literal(values.get(i)));
        }
        return "EXECUTE " + name + (literals.isEmpty() ? "" : "(" + String.join(", ", literals) + ")");
    }

    static String quoted(String value) {
        return (value.indexOf('\\') >= 0 ? "E'" : "'")
                + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}

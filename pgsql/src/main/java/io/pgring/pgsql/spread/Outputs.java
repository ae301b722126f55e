package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QueryBody;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns of a select list, as ORDER BY and GROUP BY may name them (parse_clause.c, findTargetlistEntrySQL92). */
final class Outputs {
    /** What a name in ORDER BY means. */
    enum Meaning {
        /** The output column that was found. */
        OUTPUT,
        /** No output column: it is to be looked for in FROM. */
        INPUT,
        /** That can't be told. */
        UNKNOWN
    }

    private final Relations relations;
    private final List<Output> columns = new ArrayList<>();
    /** Whether there is a star whose columns are not known. */
    private boolean unknownStar;

    private boolean star;

    Outputs(List<QueryBody.Target> targets, Relations relations) {
        this.relations = relations;
        for (QueryBody.Target target : targets) {
            if (target.expression() instanceof Expression.ColumnReference reference && reference.star()) {
                star(reference.names());
            } else {
                columns.add(output(target));
            }
        }
    }

    private void star(List<Name> names) {
        star = true;
        if (names.isEmpty() && relations.isStarKnown()) {
            relations.all().forEach(this::all);
            return;
        }
        Relation relation = names.size() == 1 ? relations.named(names.get(0).value()) : null;
        if (relation == null || !relation.isSharded()) {
            unknownStar = true;
        } else {
            all(relation);
        }
    }

    private void all(Relation relation) {
        for (int i = 0; i < relation.columns().size(); i++) {
            Column column = new Column(relation, i);
            columns.add(new Output(relation.columns().get(i), null, column, column.type(), -1));
        }
    }

    private Output output(QueryBody.Target target) {
        Expression expression = target.expression();
        Name label = target.label();
        Column column = relations.column(expression);
        ColumnType type = column != null ? column.type() : Aggregates.type(expression, relations);
        String name = label != null ? label.value() : nameOf(expression);
        return new Output(name, expression, column, type, star ? -1 : columns.size());
    }

    /** The name that PostgreSQL gives to a column (parse_target.c, FigureColname), where that is plain; else null. */
    private static @Nullable String nameOf(Expression expression) {
        if (expression instanceof Expression.ColumnReference column) {
            return column.names().get(column.names().size() - 1).value();
        }
        if (expression instanceof Expression.FunctionCall call) {
            return call.name().name();
        }
        boolean unnamed = expression instanceof Expression.Operation
                || expression instanceof Expression.Comparison
                || expression instanceof Expression.Literal
                || expression instanceof Expression.Parameter
                || expression instanceof Expression.And
                || expression instanceof Expression.Or;
        return unnamed ? "?column?" : null;
    }

    List<Output> columns() {
        return columns;
    }

    /** The column at a place counted from 0, stars counting as many as they stand for; null if that is not known, or there is none. */
    @Nullable
    Output placed(int place) {
        return unknownStar || place < 0 || place >= columns.size() ? null : columns.get(place);
    }

    /** Whether a star is among the targets. */
    boolean hasStar() {
        return star;
    }

    /** What a name without a table means in ORDER BY. */
    Meaning meaning(String name) {
        if (unknownStar) {
            return Meaning.UNKNOWN;
        }
        Output found = null;
        for (Output output : columns) {
            if (output.label() == null) {
                return Meaning.UNKNOWN;
            }
            if (output.label().equals(name)) {
                boolean same = found == null
                        || (found.column() != null && found.column().equals(output.column()));
                if (!same) {
                    return Meaning.UNKNOWN;
                }
                found = found == null ? output : found;
            }
        }
        return found == null ? Meaning.INPUT : Meaning.OUTPUT;
    }

    /** The first output column of a name. */
    @Nullable
    Output named(String name) {
        for (Output output : columns) {
            if (name.equals(output.label())) {
                return output;
            }
        }
        return null;
    }

    /** The output column at a place counted from 1, as {@code ORDER BY 1} means it; null behind a star, or if there is none. */
    @Nullable
    Output at(long place) {
        Output output = place < 1 || place > columns.size() ? null : columns.get((int) place - 1);
        return output == null || output.index() < 0 ? null : output;
    }

    /** The index of an output column that is a column of a table and whose place is sure; -1 if there is none. */
    int indexOf(Column column) {
        for (Output output : columns) {
            if (output.index() >= 0 && column.equals(output.column())) {
                return output.index();
            }
        }
        return -1;
    }
}

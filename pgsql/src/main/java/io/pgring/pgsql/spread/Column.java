package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.ColumnType;

/**
 * A column of a sharded table in FROM.
 *
 * @param index among the columns of the table
 */
record Column(Relation relation, int index) {
    ColumnType type() {
        return relation.sharded().types().get(index);
    }

    boolean isKey() {
        return relation.sharded().columns().get(index).equals(relation.sharded().keyColumn());
    }

    /** {@code "alias"."column"}, which means this column wherever the items of FROM are visible. */
    String source() {
        return Names.quoted(relation.name()) + "."
                + Names.quoted(relation.columns().get(index));
    }
}

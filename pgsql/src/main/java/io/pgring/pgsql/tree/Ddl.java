package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that defines, describes or maintains tables, as far as it must be known to see which tables these are.
 *
 * @param command in upper case: {@code CREATE TABLE}, {@code DROP INDEX}, {@code VACUUM}
 * @param tables every table and view that it names outside of expressions and queries
 * @param indexes every index that it names without its table
 * @param transactional whether it may run in a transaction block
 * @param query of CREATE VIEW and CREATE TABLE AS
 * @param words all of it, as of a statement that is known by its words alone
 */
public record Ddl(
        String command,
        List<QualifiedName> tables,
        List<QualifiedName> indexes,
        boolean transactional,
        Changes changes,
        @Nullable Select query,
        Other words,
        int start,
        int end)
        implements Statement {
    /**
     * What it does to columns and constraints of a table.
     *
     * @param uniqueColumns of each unique constraint or index that it makes; without those that are expressions
     * @param foreignKeys that it makes
     * @param columns that it drops, renames or alters
     * @param renames whether the table gets another name or schema
     * @param inherits whether the tables become parent and child
     * @param computesDefaults whether a column gets a default that is no constant, or a generated value
     */
    public record Changes(
            List<List<Name>> uniqueColumns,
            List<ForeignKey> foreignKeys,
            List<Name> columns,
            boolean renames,
            boolean inherits,
            boolean computesDefaults) {
        public Changes {
            uniqueColumns = List.copyOf(uniqueColumns);
            foreignKeys = List.copyOf(foreignKeys);
            columns = List.copyOf(columns);
        }
    }

    /**
     * A foreign key.
     *
     * @param columns of the table
     * @param referenced columns of the other table; empty for its primary key
     * @param sets whether it changes the columns when the other row is deleted or changed
     */
    public record ForeignKey(List<Name> columns, QualifiedName table, List<Name> referenced, boolean sets) {
        public ForeignKey {
            columns = List.copyOf(columns);
            referenced = List.copyOf(referenced);
        }
    }

    public Ddl {
        tables = List.copyOf(tables);
        indexes = List.copyOf(indexes);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(query);
    }
}

package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Ddl;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Where a statement that defines tables must run: everywhere if every shard has all the tables that it names; on the home shard if
 * none of them. What would break the spread of a table's rows is refused.
 */
final class DdlTables {
    /** Types and words that make a sequence. */
    private static final Set<String> SEQUENCES =
            Set.of("serial", "bigserial", "smallserial", "serial2", "serial4", "serial8", "identity");

    private final Findings findings;

    DdlTables(Findings findings) {
        this.findings = findings;
    }

    void find(Ddl ddl) {
        List<TableClass> known = new ArrayList<>();
        for (QualifiedName table : ddl.tables()) {
            known.add(findings.catalog().find(table.schema(), table.name()));
        }
        for (QualifiedName index : ddl.indexes()) {
            known.add(findings.catalog().findByIndex(index.schema(), index.name()));
        }
        if (ddl.command().equals("DROP VIEW") && known.stream().noneMatch(DdlTables::isOnEveryShard)) {
            // A view stands on the home shard alone, whatever it reads.
            new WordScan(findings).other(ddl.words(), ddl.tables());
            return;
        }
        boolean everywhere = known.stream().allMatch(DdlTables::isOnEveryShard);
        boolean namesSayAll = everywhere && ddl.query() == null;
        new WordScan(findings).other(ddl.words(), namesSayAll ? ddl.tables() : List.of());
        if (ddl.query() != null || known.stream().allMatch(Objects::isNull)) {
            return;
        }
        if (!everywhere) {
            findings.obstacle("The statement concerns tables that every shard has together with others.");
            return;
        }
        for (TableClass table : known) {
            check(ddl, table);
        }
        ddl.changes().foreignKeys().forEach(key -> foreignKey(known.get(0), key));
        boolean alike = known.stream().map(DdlTables::keyColumn).distinct().count() <= 1;
        if (ddl.changes().inherits() && !alike) {
            findings.refuse("A table and those that inherit from it must be sharded by the same column.");
        }
        findings.everywhere(
                ddl.command() + " of sharded and reference tables concerns every shard.", ddl.transactional());
    }

    private static boolean isOnEveryShard(TableClass table) {
        return table instanceof TableClass.Sharded || table instanceof TableClass.Reference;
    }

    private void check(Ddl ddl, TableClass table) {
        if (ddl.changes().renames()) {
            findings.refuse("The table \"" + table.schema() + "." + table.name()
                    + "\" is known by its name and schema, which can't be changed.");
        }
        if (usesSequence(ddl)) {
            findings.obstacle("A sequence on each shard would give a number more than once.");
        }
        boolean differs =
                ddl.command().equals("CREATE TRIGGER") || ddl.changes().computesDefaults();
        if (table instanceof TableClass.Reference && differs) {
            findings.obstacle("A trigger or a computed default could make the copies of a reference table differ.");
        }
        if (table instanceof TableClass.Sharded sharded) {
            key(ddl, sharded);
        }
    }

    private static boolean usesSequence(Ddl ddl) {
        return ddl.words().identifiers().stream()
                .anyMatch(name -> SEQUENCES.contains(name.value()) || FunctionFacts.usesSequence(name.value()));
    }

    private void key(Ddl ddl, TableClass.Sharded table) {
        String key = "the key column \"" + table.keyColumn() + "\" of table \"" + table.qualifiedName() + "\"";
        if (isIn(ddl.changes().columns(), table)) {
            findings.refuse("The statement changes " + key + ".");
        }
        for (List<Name> unique : ddl.changes().uniqueColumns()) {
            if (!isIn(unique, table)) {
                findings.refuse("A unique constraint must hold " + key + ": a shard can't see the rows of the others.");
            }
        }
    }

    /** Of a sharded table; empty for a reference table. */
    private static String keyColumn(TableClass table) {
        return table instanceof TableClass.Sharded sharded ? sharded.keyColumn() : "";
    }

    /** Each shard sees its own rows, so the row that is pointed to must be there: in a reference table, or of the same key. */
    private void foreignKey(TableClass from, Ddl.ForeignKey key) {
        TableClass to =
                findings.catalog().find(key.table().schema(), key.table().name());
        if (!(to instanceof TableClass.Sharded target)) {
            return;
        }
        boolean joined = false;
        int columns = Math.min(key.columns().size(), key.referenced().size());
        for (int i = 0; i < columns && from instanceof TableClass.Sharded; i++) {
            joined |= key.columns().get(i).value().equals(keyColumn(from))
                    && key.referenced().get(i).value().equals(target.keyColumn());
        }
        if (!joined || key.sets()) {
            findings.refuse(
                    "A foreign key to the sharded table \"" + target.qualifiedName()
                            + "\" must name both columns that it joins, among them the key columns of two sharded tables, and not set them.");
        }
    }

    private static boolean isIn(List<Name> names, TableClass.Sharded table) {
        return names.stream().anyMatch(name -> name.value().equals(table.keyColumn()));
    }
}

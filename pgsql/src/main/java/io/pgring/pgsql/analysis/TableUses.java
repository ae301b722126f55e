package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Update;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables that a statement reads and writes, at any depth; names of WITH are none. */
public final class TableUses {
    private final TableCatalog catalog;
    private final IdentityHashMap<FromItem.TableReference, Use> reads = new IdentityHashMap<>();
    private final List<Use> targets = new ArrayList<>();
    private final List<FromItem.TableReference> targetItems = new ArrayList<>();

    /**
     * A table by name.
     *
     * @param table null for one that is neither sharded nor a reference table and hides none: an unsharded table or a system catalog
     */
    public record Use(QualifiedName name, @Nullable TableClass table) {}

    /** A table and the item of FROM that reads it. */
    public record Read(FromItem.TableReference item, Use use) {}

    private TableUses(TableCatalog catalog) {
        this.catalog = catalog;
    }

    /** Those of a tree. */
    public static TableUses of(Node root, TableCatalog catalog) {
        TableUses uses = new TableUses(catalog);
        ScopedWalk.walk(root, uses::visit);
        uses.targetItems.forEach(uses.reads::remove);
        return uses;
    }

    private void visit(Node node, CommonTables visible) {
        if (node instanceof FromItem.TableReference item) {
            if (!visible.hides(item.name())) {
                reads.put(item, use(item.name()));
            }
        } else if (node instanceof Insert insert) {
            targets.add(use(insert.table()));
        } else if (node instanceof Update update) {
            target(update.table());
        } else if (node instanceof Delete delete) {
            target(delete.table());
        } else if (node instanceof Merge merge) {
            target(merge.table());
        } else if (node instanceof QueryBody.Simple simple && simple.into() != null) {
            targets.add(use(simple.into().table()));
        }
    }

    private void target(FromItem.TableReference item) {
        targets.add(use(item.name()));
        targetItems.add(item);
    }

    private Use use(QualifiedName name) {
        return new Use(name, catalog.find(name.schema(), name.name()));
    }

    /** What an item of FROM reads; null when it is a common table, or the target of UPDATE, DELETE or MERGE. */
    public @Nullable Use read(FromItem.TableReference item) {
        return reads.get(item);
    }

    /** All items that read tables, in no order. */
    public List<Read> reads() {
        return reads.entrySet().stream()
                .map(entry -> new Read(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The targets of INSERT, UPDATE, DELETE, MERGE and SELECT INTO. */
    public List<Use> targets() {
        return Collections.unmodifiableList(targets);
    }
}

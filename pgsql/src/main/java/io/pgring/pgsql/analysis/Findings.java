package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.QualifiedName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was found in one statement, and what follows from it. Lives for one analysis. */
final class Findings {
    /** A sharded table and the key values that the rows in question must have; none if they are not known. */
    private record Use(TableClass.Sharded table, List<KeyValue> keys) {}

    private final TableCatalog catalog;
    private final List<Use> uses = new ArrayList<>();
    /** Tables that are not sharded, reference tables among them. */
    private final List<QualifiedName> tables = new ArrayList<>();

    /** Those of them that the home shard alone has. */
    private final List<QualifiedName> homeTables = new ArrayList<>();

    private final Set<SessionState> states = EnumSet.noneOf(SessionState.class);
    private boolean readOnly = true;
    private boolean inserts;
    private @Nullable String refusal;
    /** Why nothing can be proved even without a sharded table by name. */
    private @Nullable String obstacle;
    /** A function that locks in the transaction, if there is one. */
    private @Nullable String lock;

    /** Why a sharded table can't be used in this statement, if there is one. */
    private @Nullable String hindrance;
    /** Why a view that it reads hides sharded tables, if there is one. */
    private @Nullable String hiding;
    /** The first reference table that it writes. */
    private @Nullable QualifiedName writtenReference;
    /** Why a write to a reference table could leave different rows on different shards. */
    private @Nullable String divergence;

    private Analysis.@Nullable Everywhere everywhere;

    Findings(TableCatalog catalog) {
        this.catalog = catalog;
    }

    TableCatalog catalog() {
        return catalog;
    }

    void writes() {
        readOnly = false;
    }

    void state(SessionState state) {
        states.add(state);
    }

    /** A reason against any run on one shard; the first one stays. */
    void obstacle(String reason) {
        if (obstacle == null) {
            obstacle = reason;
        }
    }

    /** A reason against a run on a shard, harmless when no sharded table is there. */
    void hindrance(String reason) {
        if (hindrance == null) {
            hindrance = reason;
        }
    }

    void refuse(String reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }

    void use(TableClass.Sharded table, List<KeyValue> keys) {
        uses.add(new Use(table, keys));
    }

    /** A sharded table that gets new rows with these keys. */
    void insert(TableClass.Sharded table, List<KeyValue> keys) {
        inserts = true;
        use(table, keys);
    }

    /** A sharded table, in a place where no key can bind it. */
    void mention(TableClass.Sharded table, String reason) {
        uses.add(new Use(table, List.of()));
        hindrance(reason);
    }

    /** The statement must run on every shard, unless something else says that it can't. */
    void everywhere(String reason, boolean transactional) {
        everywhere = new Analysis.Everywhere(reason, transactional, Set.of());
    }

    /** What a write to a reference table depends on that may differ between shards, if anything. */
    void divergence(@Nullable String reason) {
        divergence = reason;
    }

    boolean writesReference() {
        return writtenReference != null;
    }

    /**
     * Looks up a table that is read.
     *
     * @return the table if it is sharded; all else is noted here
     */
    TableClass.@Nullable Sharded table(QualifiedName name) {
        TableClass found = find(name);
        if (found instanceof TableClass.Hiding view && view.gatherable()) {
            hiding = view.reason();
        } else if (found instanceof TableClass.Hiding other) {
            obstacle(other.reason());
        }
        return found instanceof TableClass.Sharded sharded ? sharded : unsharded(name, found, false);
    }

    /**
     * Looks up a table that is written.
     *
     * @return the table if it is sharded; all else is noted here
     */
    TableClass.@Nullable Sharded target(QualifiedName name) {
        TableClass found = find(name);
        if (found instanceof TableClass.Hiding view) {
            obstacle(view.reason());
        } else if (found instanceof TableClass.Reference && writtenReference == null) {
            writtenReference = name;
        }
        return found instanceof TableClass.Sharded sharded ? sharded : unsharded(name, found, true);
    }

    private @Nullable TableClass find(QualifiedName name) {
        String schema = name.schema();
        if (schema != null && FunctionFacts.isTemporarySchema(schema)) {
            states.add(SessionState.TEMPORARY_TABLE);
            if (catalog.find(null, name.name()) != null) {
                obstacle("A temporary table named \"" + name.name() + "\" hides the one that is known by this name.");
            }
        }
        return catalog.find(schema, name.name());
    }

    private TableClass.@Nullable Sharded unsharded(QualifiedName name, @Nullable TableClass found, boolean writes) {
        tables.add(name);
        if (!(found instanceof TableClass.Reference)) {
            homeTables.add(name);
            if (catalog.mayChangeSession(name.schema(), name.name(), writes)) {
                states.add(SessionState.UNKNOWN_SETTINGS);
            }
        }
        return null;
    }

    /** A function, or a field that may be one: PostgreSQL reads {@code t.f} as {@code f(t)} too. */
    void function(String name) {
        if (catalog.mayChangeSession(name)) {
            states.add(SessionState.UNKNOWN_SETTINGS);
        }
        mention(name);
    }

    /** A word that may be the name of a function, in a statement that is not understood or that defines something. */
    void mention(String name) {
        String reason = catalog.hidingFunction(name);
        if (reason != null) {
            obstacle(reason);
        }
        if (FunctionFacts.runsSql(name)) {
            obstacle("The function \"" + name + "\" runs SQL from its arguments, which may read sharded tables.");
        }
        if (FunctionFacts.usesSequence(name)) {
            hindrance("The function \"" + name + "\" uses a sequence, and sequences live on the home shard.");
        }
        if (FunctionFacts.locksInTransaction(name)) {
            lock = name;
        }
        SessionState state = FunctionFacts.state(name);
        if (state != null) {
            states.add(state);
        }
    }

    Analysis analysis() {
        if (refusal != null) {
            return new Analysis.Refused(refusal, states);
        }
        if (obstacle != null) {
            return new Analysis.NotBound(obstacle, true, states);
        }
        if (lock != null && (hiding != null || !uses.isEmpty())) {
            String reason = "The function \"" + lock + "\" locks on the home shard, where all clients meet.";
            return new Analysis.NotBound(reason, true, states);
        }
        if (hiding != null) {
            return new Analysis.NotBound(hiding, false, states);
        }
        if (everywhere != null) {
            return new Analysis.Everywhere(everywhere.reason(), everywhere.transactional(), states);
        }
        QualifiedName reference = writtenReference;
        if (reference != null) {
            return referenceWrite(reference);
        }
        if (uses.isEmpty()) {
            return new Analysis.Unsharded(readOnly, tables, states);
        }
        String reason = reasonAgainstBound();
        if (reason != null) {
            return new Analysis.NotBound(reason, false, states);
        }
        List<KeyValue> keys = new ArrayList<>();
        for (Use use : uses) {
            keys.addAll(use.keys());
        }
        return new Analysis.Bound(keys, uses.get(0).table(), inserts, readOnly, states);
    }

    /** Every shard writes its own copy, and the copies must stay equal. */
    private Analysis referenceWrite(QualifiedName reference) {
        String written =
                "The statement writes the reference table \"" + reference + "\", of which every shard has a copy";
        if (!uses.isEmpty()) {
            return new Analysis.NotBound(written + ", and uses a sharded table.", true, states);
        }
        if (!homeTables.isEmpty()) {
            String other = ", and uses \"" + homeTables.get(0) + "\", which is not known to be on every shard.";
            return new Analysis.NotBound(written + other, true, states);
        }
        String reason = hindrance != null ? hindrance : divergence;
        if (reason != null) {
            return new Analysis.NotBound(written + ". " + reason, true, states);
        }
        return new Analysis.Everywhere(written + ".", true, states);
    }

    private @Nullable String reasonAgainstBound() {
        if (hindrance != null) {
            return hindrance;
        }
        TableClass.Sharded table = uses.get(0).table();
        if (!homeTables.isEmpty()) {
            return "The statement uses the sharded table \"" + table.qualifiedName() + "\" together with \""
                    + homeTables.get(0) + "\", which is not known to be on every shard.";
        }
        for (Use use : uses) {
            if (use.keys().isEmpty()) {
                return "The WHERE clause does not fix the key column \""
                        + use.table().keyColumn() + "\" of table \""
                        + use.table().qualifiedName() + "\" to one value.";
            }
            if (!use.table().isColocatedWith(table)) {
                return "The statement uses two sharded tables with keys of different types, \"" + table.qualifiedName()
                        + "\" and \"" + use.table().qualifiedName() + "\".";
            }
        }
        return null;
    }
}

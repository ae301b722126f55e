package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.TableClass;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables that need care: sharded and reference tables, and views and functions behind which those hide. Everything else lives on
 * the home shard. Immutable.
 */
public final class Catalog {
    /** Where a name without a schema is looked for. */
    static final String DEFAULT_SCHEMA = "public";

    private final List<ShardedTable> sharded;
    private final List<ReferenceTable> references;
    private final List<TableClass.Hiding> hiding;
    private final Map<String, String> hidingFunctions;
    private final UnsureObjects unsure;
    private final List<String> definitions;
    private final Map<String, String> indexes;
    private final Map<String, TableClass> byQualifiedName = new HashMap<>();
    private final Map<String, TableClass> byName = new HashMap<>();

    /**
     * @param sharded the sharded tables
     * @param references the reference tables
     * @param hiding views and tables that must not be read on one shard
     * @param hidingFunctions why, by function name
     * @param unsure what may change its session in a way that is not known
     * @param definitions of what hides, as text: a view is another when its text is
     * @param indexes the table of each index, both as {@code schema.name}
     */
    Catalog(
            List<ShardedTable> sharded,
            List<ReferenceTable> references,
            List<TableClass.Hiding> hiding,
            Map<String, String> hidingFunctions,
            UnsureObjects unsure,
            List<String> definitions,
            Map<String, String> indexes) {
        this.unsure = unsure;
        this.indexes = Map.copyOf(indexes);
        this.hiding = List.copyOf(hiding);
        this.definitions = List.copyOf(definitions);
        this.sharded = List.copyOf(sharded);
        this.references = List.copyOf(references);
        this.hidingFunctions = Map.copyOf(hidingFunctions);
        hiding.forEach(this::add);
        references.forEach(table -> add(table.definition()));
        sharded.forEach(table -> add(table.definition()));
    }

    /** A catalog without reference tables, whose views are known by name alone. */
    public Catalog(List<ShardedTable> sharded, List<TableClass.Hiding> hiding, Map<String, String> hidingFunctions) {
        this(sharded, List.of(), hiding, hidingFunctions, UnsureObjects.NONE, List.of(), Map.of());
    }

    private void add(TableClass table) {
        byQualifiedName.put(table.schema() + '.' + table.name(), table);
        boolean byDefault = table.schema().equals(DEFAULT_SCHEMA);
        if (byDefault || !byName.containsKey(table.name())) {
            byName.put(table.name(), byDefault ? table : outOfSight(table));
        }
    }

    /** By its name alone it can't be meant, unless another search path leads to it. */
    private static TableClass outOfSight(TableClass table) {
        return new TableClass.Hiding(
                table.schema(),
                table.name(),
                "A table of the name that needs care is in schema \"" + table.schema()
                        + "\", so the name must be qualified.");
    }

    /** The sharded tables. */
    public List<ShardedTable> sharded() {
        return sharded;
    }

    /** The reference tables. */
    public List<ReferenceTable> references() {
        return references;
    }

    /** Whether any of the tables may have a column of a type that a user has made. */
    public boolean hasTypesOfUsers() {
        return sharded.stream()
                        .flatMap(table -> table.storedColumns().stream())
                        .anyMatch(column -> ShardOids.isOfUser(column.type()))
                || references.stream()
                        .flatMap(table -> table.columnDefinitions().stream())
                        .anyMatch(ShardOids::isOfUser);
    }

    /** Views and tables that must not be read on one shard. */
    public List<TableClass.Hiding> hiding() {
        return hiding;
    }

    /** Why a function must not be called, by its name. */
    public Map<String, String> hidingFunctions() {
        return hidingFunctions;
    }

    /** Whether a function may change its session in a way that is not known. */
    boolean isUnsure(String function) {
        return unsure.functions().contains(function);
    }

    /** Whether a relation may do so when it is read, or when it is written. */
    boolean isUnsure(@Nullable String schema, String relation, boolean writes) {
        return unsure.concerns(schema == null ? relation : schema + '.' + relation, writes);
    }

    /** An unqualified name is taken for a table in schema public; those that need care elsewhere are not forgotten. */
    @Nullable
    TableClass find(@Nullable String schema, String name) {
        if (schema != null && GatherNames.isOwn(schema)) {
            return new TableClass.Hiding(
                    schema, name, "Schema \"" + schema + "\" is what the proxy itself reads sharded tables through.");
        }
        return schema == null ? byName.get(name) : byQualifiedName.get(schema + '.' + name);
    }

    /** The table of an index, if it needs care. */
    @Nullable
    TableClass findByIndex(@Nullable String schema, String index) {
        String table = indexes.get((schema == null ? DEFAULT_SCHEMA : schema) + '.' + index);
        return table == null ? null : byQualifiedName.get(table);
    }

    /** Whether a word is the name of a table that needs care, in any schema. */
    boolean mentions(String word) {
        return byName.containsKey(word);
    }

    /** In what the sharded and reference tables differ from another server's; empty when they don't. */
    public String differenceTo(Catalog other) {
        String difference = differenceIn(other);
        if (difference.isEmpty()) {
            difference = differenceOfDefaults(other);
        }
        return difference.isEmpty()
                        && distributed().size() != other.distributed().size()
                ? "it has not the same sharded and reference tables as the other shards"
                : difference;
    }

    /** A default that draws from a sequence here must do so there, where it is computed. */
    private String differenceOfDefaults(Catalog other) {
        for (ShardedTable table : sharded) {
            if (other.distributed().get(table.qualifiedName()) instanceof ShardedTable that) {
                for (String column : table.definition().drawnColumns()) {
                    if (!that.definition().drawnColumns().contains(column)) {
                        return "column " + column + " of table " + table.qualifiedName()
                                + " takes its default from a sequence or function, but not on the home shard";
                    }
                }
            }
        }
        return "";
    }

    /** In what the sharded and reference tables differ from those of the same names; empty when they don't, whatever else is there. */
    String differenceIn(Catalog other) {
        Map<String, DistributedTable> theirs = other.distributed();
        for (DistributedTable table : distributed().values()) {
            DistributedTable that = theirs.get(table.qualifiedName());
            if (that == null || !comparable(table).equals(comparable(that))) {
                return "table " + table.qualifiedName() + " is not defined as on the other shards: "
                        + difference(table.columnDefinitions(), that == null ? List.of() : that.columnDefinitions());
            }
        }
        return "";
    }

    /** Whether the same tables are sharded, by the same columns, and the same are reference tables. */
    public boolean hasTablesOf(Catalog other) {
        return keyColumns().equals(other.keyColumns());
    }

    /** By table; empty for a reference table. */
    private Map<String, String> keyColumns() {
        Map<String, String> columns = new HashMap<>();
        references.forEach(table -> columns.put(table.qualifiedName(), ""));
        sharded.forEach(
                table -> columns.put(table.qualifiedName(), table.definition().keyColumn()));
        return columns;
    }

    private static DistributedTable comparable(DistributedTable table) {
        return table instanceof ShardedTable sharded ? sharded.withoutDefaults() : table;
    }

    private Map<String, DistributedTable> distributed() {
        Map<String, DistributedTable> tables = new LinkedHashMap<>();
        sharded.forEach(table -> tables.put(table.qualifiedName(), table));
        references.forEach(table -> tables.put(table.qualifiedName(), table));
        return tables;
    }

    private static String difference(List<String> columns, List<String> others) {
        for (String column : columns) {
            if (!others.contains(column)) {
                return "its column " + column + " is missing or otherwise there";
            }
        }
        return "it has fewer columns, another order of them, or another key column";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Catalog that
                && sharded.equals(that.sharded)
                && references.equals(that.references)
                && hidingFunctions.equals(that.hidingFunctions)
                && unsure.equals(that.unsure)
                && definitions.equals(that.definitions)
                && indexes.equals(that.indexes)
                && byQualifiedName.equals(that.byQualifiedName);
    }

    @Override
    public int hashCode() {
        return byQualifiedName.hashCode();
    }

    /** The sharded table of a definition that this catalog gave out. */
    public ShardedTable table(TableClass.Sharded definition) {
        for (ShardedTable table : sharded) {
            if (table.definition().equals(definition)) {
                return table;
            }
        }
        throw new IllegalArgumentException("not of this catalog: " + definition.qualifiedName());
    }
}

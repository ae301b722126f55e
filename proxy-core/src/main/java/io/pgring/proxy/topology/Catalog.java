package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.TableClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables that need care: sharded ones, and views and functions behind which sharded ones hide. Everything else lives on
 * the home shard. Immutable.
 */
public final class Catalog {
    private final List<ShardedTable> sharded;
    private final List<TableClass.Hiding> hiding;
    private final Map<String, String> hidingFunctions;
    private final List<String> definitions;
    private final Map<String, TableClass> byQualifiedName = new HashMap<>();
    private final Map<String, TableClass> byName = new HashMap<>();

    /**
     * @param sharded the sharded tables
     * @param hiding views and tables that must not be read on one shard
     * @param hidingFunctions why, by function name
     * @param definitions of what hides, as text: a view is another when its text is
     */
    public Catalog(
            List<ShardedTable> sharded,
            List<TableClass.Hiding> hiding,
            Map<String, String> hidingFunctions,
            List<String> definitions) {
        this.hiding = List.copyOf(hiding);
        this.definitions = List.copyOf(definitions);
        this.sharded = List.copyOf(sharded);
        this.hidingFunctions = Map.copyOf(hidingFunctions);
        hiding.forEach(this::add);
        sharded.forEach(table -> add(table.definition()));
    }

    /** A catalog whose views are known by name alone. */
    public Catalog(List<ShardedTable> sharded, List<TableClass.Hiding> hiding, Map<String, String> hidingFunctions) {
        this(sharded, hiding, hidingFunctions, List.of());
    }

    private void add(TableClass table) {
        byQualifiedName.put(table.schema() + '.' + table.name(), table);
        byName.put(table.name(), table);
    }

    /** The sharded tables. */
    public List<ShardedTable> sharded() {
        return sharded;
    }

    /** Views and tables that must not be read on one shard. */
    public List<TableClass.Hiding> hiding() {
        return hiding;
    }

    /** Why a function must not be called, by its name. */
    public Map<String, String> hidingFunctions() {
        return hidingFunctions;
    }

    /** An unqualified name is taken for the table that needs care, wherever the search path may lead. */
    @Nullable
    TableClass find(@Nullable String schema, String name) {
        if (schema != null && GatherNames.isOwn(schema)) {
            return new TableClass.Hiding(
                    schema, name, "Schema \"" + schema + "\" is what the proxy itself reads sharded tables through.");
        }
        return schema == null ? byName.get(name) : byQualifiedName.get(schema + '.' + name);
    }

    /** Whether a word is the name of a table that needs care, in any schema. */
    boolean mentions(String word) {
        return byName.containsKey(word);
    }

    /** In what the sharded tables differ from another server's; empty when they don't. */
    public String differenceTo(Catalog other) {
        for (ShardedTable table : sharded) {
            String name = table.definition().qualifiedName();
            String difference = other.sharded.stream()
                    .filter(that -> that.definition().qualifiedName().equals(name))
                    .map(table::differenceTo)
                    .findFirst()
                    .orElse("the other shards don't have it");
            if (!difference.isEmpty()) {
                return "table " + name + " is not defined as on the other shards: " + difference;
            }
        }
        return sharded.size() == other.sharded.size() ? "" : "it has not the same sharded tables as the other shards";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Catalog that
                && sharded.equals(that.sharded)
                && hidingFunctions.equals(that.hidingFunctions)
                && definitions.equals(that.definitions)
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

package io.pgring.proxy.topology;

import io.pgring.hashring.Arc;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.pgsql.analysis.TableCatalog;
import io.pgring.pgsql.analysis.TableClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all decisions of one moment rest on: shards, ring and tables. Immutable, so that an exchange that has read it once
 * sees one truth.
 */
public final class Topology implements TableCatalog {
    private static final Gathering UNPREPARED = Gathering.unavailable("The shards have not been prepared for it yet.");

    private final long version;
    private final Placement placement;
    private final int[] shardOfMember;
    private final Catalog catalog;
    private final Gathering gathering;
    private final List<ShardOids> oids;

    /** A topology in which nothing can be gathered yet. */
    public Topology(long version, List<Shard> shards, Ring ring, Catalog catalog) {
        this(version, shards, ring, catalog, UNPREPARED);
    }

    /** A topology in which the object identifiers of other shards have not been read yet. */
    public Topology(long version, List<Shard> shards, Ring ring, Catalog catalog, Gathering gathering) {
        this(version, Placement.configured(shards, ring), catalog, gathering, List.of());
    }

    /**
     * @param version grows with every change that this proxy learns of, of any kind
     * @param placement which shards there are and what each of them owns
     * @param catalog the tables that need care
     * @param gathering which of them the home shard can gather
     * @param oids of all shards, by index; empty when they have not been read yet
     */
    public Topology(long version, Placement placement, Catalog catalog, Gathering gathering, List<ShardOids> oids) {
        this.oids = List.copyOf(oids);
        this.version = version;
        this.placement = placement;
        this.catalog = catalog;
        this.gathering = gathering;
        Map<String, Integer> indexOfName = new HashMap<>();
        placement.shards().forEach(shard -> indexOfName.put(shard.name(), shard.index()));
        this.shardOfMember = placement.ring().members().stream()
                .map(RingMember::name)
                .mapToInt(indexOfName::get)
                .toArray();
    }

    /** Grows with every change. */
    public long version() {
        return version;
    }

    /** The same with other tables, for which nothing is prepared yet. */
    Topology withTables(Catalog tables) {
        return new Topology(version + 1, placement, tables, UNPREPARED, List.of());
    }

    /** Which shards there are and what each of them owns. */
    public Placement placement() {
        return placement;
    }

    /** The shards that ever were, by index. */
    public List<Shard> shards() {
        return placement.shards();
    }

    /** The shards that statements are sent to: those that have not been taken away. */
    public List<Shard> members() {
        return placement.members();
    }

    /** The shard that holds unsharded tables. */
    public Shard home() {
        return shards().get(0);
    }

    /** The ring; its members are numbered otherwise than the shards. */
    public Ring ring() {
        return placement.ring();
    }

    /** The index of the shard that owns a token. */
    public int shardOf(int token) {
        return shardOfMember[ring().ownerOf(token)];
    }

    /** The share of the ring that a shard owns, 0 to 1. */
    public double shareOf(Shard shard) {
        return arcsOf(shard).stream().mapToDouble(Arc::share).sum();
    }

    /** The arcs of the ring that a shard owns. */
    public List<Arc> arcsOf(Shard shard) {
        int member = memberOf(shard);
        return member < 0 ? List.of() : ring().arcsOf(member);
    }

    /** Its number on the ring; negative when it is not there. */
    private int memberOf(Shard shard) {
        for (int member = 0; member < shardOfMember.length; member++) {
            if (shardOfMember[member] == shard.index()) {
                return member;
            }
        }
        return -1;
    }

    /** The object identifiers of a shard. */
    public ShardOids oidsOf(Shard shard) {
        if (shard.index() == 0) {
            return ShardOids.HOME;
        }
        return shard.index() < oids.size() ? oids.get(shard.index()) : ShardOids.UNREAD;
    }

    /** Whether values of any column of a table may name types by oid in binary format, which are others on each shard. */
    public boolean namesTypes(ShardedTable table) {
        return members().stream()
                .map(this::oidsOf)
                .skip(1)
                .anyMatch(shard -> table.storedColumns().stream().anyMatch(column -> shard.namesTypes(column.type())));
    }

    List<ShardOids> oids() {
        return oids;
    }

    /** The tables that need care. */
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public @Nullable TableClass find(@Nullable String schema, String name) {
        TableClass found = catalog.find(schema, name);
        boolean named = schema != null || (found != null && found.schema().equals(Catalog.DEFAULT_SCHEMA));
        return named && found instanceof TableClass.Hiding hiding && gatherProblem(hiding) == null
                ? new TableClass.Hiding(hiding.schema(), hiding.name(), hiding.reason(), true)
                : found;
    }

    @Override
    public @Nullable TableClass findByIndex(@Nullable String schema, String index) {
        return catalog.findByIndex(schema, index);
    }

    /** What the home shard can gather. */
    public Gathering gathering() {
        return gathering;
    }

    /** Why no statement can be gathered on the home shard, as a sentence for a DETAIL field; null when those can that need it. */
    public @Nullable String gatherUnavailable() {
        return gathering.unavailable();
    }

    /** Why a sharded table, or a view that hides one, can't be gathered, as a sentence for a DETAIL field; null when it can. */
    public @Nullable String gatherProblem(TableClass table) {
        String name = table.schema() + "." + table.name();
        if (gathering.unavailable() != null) {
            return gathering.unavailable();
        }
        if (table instanceof TableClass.Hiding hiding && !gathering.views().contains(name)) {
            return gathering.refused().getOrDefault(name, hiding.reason());
        }
        return gathering.refused().get(name);
    }

    /**
     * The relation that stands for a sharded table, or a view that hides one, in a gathered statement: schema and name in double quotes.
     * Its name is the table's own only in schema public, so that a reference without an alias needs {@code AS <table>} behind it.
     */
    public static String gatherName(TableClass table) {
        return GatherNames.quote(GatherNames.GATHER, GatherNames.relation(table.schema(), table.name()));
    }

    @Override
    public boolean hidesRows() {
        return placement.hidesRows();
    }

    @Override
    public String visibleName(TableClass.Sharded table) {
        return GatherNames.quote(GatherNames.VISIBLE, GatherNames.relation(table.schema(), table.name()));
    }

    /** The same as if no rows were moved. */
    public Topology withoutMoves() {
        Placement settled = placement.withoutMoves();
        return new Topology(version, settled, catalog, gathering, oids);
    }

    @Override
    public boolean mentions(String word) {
        return catalog.mentions(word);
    }

    @Override
    public @Nullable String hidingFunction(String name) {
        return catalog.hidingFunctions().get(name);
    }

    @Override
    public boolean mayChangeSession(String function) {
        return catalog.isUnsure(function);
    }

    @Override
    public boolean mayChangeSession(@Nullable String schema, String relation, boolean writes) {
        return catalog.isUnsure(schema, relation, writes);
    }
}

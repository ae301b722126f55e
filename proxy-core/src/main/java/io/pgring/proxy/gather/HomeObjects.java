package io.pgring.proxy.gather;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the home shard needs: the others as foreign servers, and a view over the rows of all for each table. */
final class HomeObjects {
    private static final String UNDEFINED_TABLE = "42P01";

    private final Ddl ddl;
    private final List<Shard> others;
    private final boolean writable;
    private final OwnSchema gather;

    /** @param writable whether visible views are to be written through, while rows are moved */
    HomeObjects(Ddl ddl, List<Shard> others, boolean writable) throws SQLException {
        this.ddl = ddl;
        this.others = others;
        this.writable = writable;
        new OwnSchema(ddl, GatherNames.REMOTE);
        this.gather = new OwnSchema(ddl, GatherNames.GATHER);
    }

    /**
     * Makes what is missing, drops what is for tables and views that are gone or refused.
     *
     * @param identities of the other servers, by index of the shard
     * @param refused is added which views can't be gathered
     * @return the users' views that can, as {@code schema.name}
     */
    Set<String> ensure(
            Catalog catalog,
            List<GatheredTable> tables,
            Map<Integer, String> identities,
            PoolConfiguration pool,
            Map<String, String> refused)
            throws SQLException, GatherException {
        new ForeignServers(ddl, pool).ensure(others);
        for (Shard shard : others) {
            checkIdentity(shard, identities.getOrDefault(shard.index(), ""));
        }
        KeptGrants grants = new KeptGrants(ddl, GatherNames.GATHER);
        // Before the visible views go, and take those over them along.
        Set<String> gone = new HashSet<>(gather.orphans());
        VisibleObjects.ensureViews(ddl, tables, writable);
        for (GatheredTable table : tables) {
            ensureTable(table);
        }
        ViewMirror mirror = new ViewMirror(ddl, gather, catalog, tables);
        Set<String> views = mirror.ensure(refused);
        gone.addAll(gather.orphans());
        catalog.hiding().forEach(view -> gone.add(GatherNames.relation(view.schema(), view.name())));
        catalog.sharded().forEach(table -> gone.add(relation(table)));
        tables.forEach(table -> gone.remove(table.relation()));
        gone.removeAll(mirror.relations());
        for (String relation : gone) {
            ddl.execute(GatheredTable.dropGather(relation, others));
            if (!writable) {
                ddl.execute(GatheredTable.dropVisible(relation));
            }
        }
        grants.restore();
        return views;
    }

    private static String relation(ShardedTable table) {
        return GatherNames.relation(
                table.definition().schema(), table.definition().name());
    }

    private void ensureTable(GatheredTable table) throws SQLException {
        List<String> statements = table.createGather(others);
        if (!gather.isCurrent(table.relation(), table.quotedName(), statements)) {
            ddl.execute(GatheredTable.dropGather(table.relation(), others));
            ddl.execute(statements);
            gather.note(table.relation(), table.quotedName(), statements);
        }
    }

    /** The address that the proxy knows a shard by might lead the home shard, on another host, to another server. */
    private void checkIdentity(Shard shard, String identity) throws SQLException, GatherException {
        String foreign =
                GatherNames.quote(GatherNames.REMOTE, GatherNames.foreign(shard.name(), VisibleObjects.IDENTITY));
        ddl.execute("CREATE FOREIGN TABLE IF NOT EXISTS " + foreign + " (identity pg_catalog.text) SERVER "
                + GatherNames.quote(GatherNames.server(shard.name()))
                + " OPTIONS (schema_name " + Ddl.literal(GatherNames.VISIBLE) + ", table_name "
                + Ddl.literal(VisibleObjects.IDENTITY) + ")");
        if (!identityBehind(foreign).equals(List.of(identity))) {
            throw new GatherException("At " + shard.configuration().host() + " port "
                    + shard.configuration().port()
                    + " the home shard finds another server than the proxy, to whom it is"
                    + " shard \"" + shard.name() + "\".");
        }
    }

    private List<String> identityBehind(String foreign) throws SQLException {
        try {
            return ddl.column("SELECT identity FROM " + foreign);
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return List.of();
            }
            throw e;
        }
    }
}

package io.pgring.proxy.distribution;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.gather.Ddl;
import io.pgring.proxy.reshard.Furnishing;
import io.pgring.proxy.reshard.RingChangeException;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.DeclaredTables;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.ReferenceTable;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.ShardInspection;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Copies to a server that joins what all shards have. Not copied, as with tables that are declared: comments, privileges, and whatever tables
 * need: types, functions, roles. A table that the server can't be given (of partitions, with triggers or row security) must be made there by
 * hand before, by {@code pg_dump --schema-only}.
 */
public final class ShardFurnishing implements Furnishing {
    private static final int ATTEMPTS = 20;
    private static final int LOCK_MILLIS = 1_000;
    private static final Set<String> CONFLICTS = Set.of("55P03", "40P01", "40001");

    private static final String CONTENT = "SELECT pg_catalog.count(*) || ' ' || coalesce("
            + "pg_catalog.sum(pg_catalog.hashtextextended((t.*)::pg_catalog.text, 0)::pg_catalog.numeric), 0) FROM %s AS t";

    private final ShardConfiguration home;
    private final PoolConfiguration pool;
    private final ShardAccess access;

    /** @param home of whose tables it makes copies */
    public ShardFurnishing(ShardConfiguration home, PoolConfiguration pool, ShardAccess access) {
        this.home = home;
        this.pool = pool;
        this.access = access;
    }

    private Ddl open(ShardConfiguration shard) throws SQLException {
        Connection connection = access.open(shard, pool);
        connection.setNetworkTimeout(Runnable::run, 0);
        // What is read after a table is locked must be what is there then.
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        Ddl ddl = Ddl.begin(connection);
        RowCopy.prepare(ddl);
        // One is idle while the other works, for as long as a large table takes.
        ddl.execute("SET LOCAL statement_timeout = 0");
        ddl.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
        return ddl;
    }

    @Override
    public void define(ShardConfiguration joining, Catalog catalog) throws SQLException, RingChangeException {
        try (Ddl from = open(home);
                Ddl to = open(joining)) {
            List<TableDefinition> references = new ArrayList<>();
            List<String> last = new ArrayList<>();
            for (ReferenceTable table : catalog.references()) {
                TableDefinition definition = make(
                        from,
                        to,
                        joining,
                        table.definition().schema(),
                        table.definition().name(),
                        last);
                references.add(definition);
            }
            for (ShardedTable table : catalog.sharded()) {
                TableDefinition definition = make(
                        from,
                        to,
                        joining,
                        table.definition().schema(),
                        table.definition().name(),
                        last);
                if (hasRows(to, definition)) {
                    throw refused(
                            joining,
                            definition,
                            "has rows",
                            "Empty it; if they are needed, insert them through the proxy.");
                }
            }
            ignoreForeignKeys(to);
            for (TableDefinition table : references) {
                if (!isSame(from, to, table) && hasRows(to, table)) {
                    throw refused(
                            joining, table, "has rows", "Empty it, after writing what is needed through the proxy.");
                }
                fill(from, to, table);
            }
            to.execute(last);
            to.commit();
        }
        compare(joining, catalog);
    }

    /** @param last is added what must wait for other tables */
    private TableDefinition make(
            Ddl from, Ddl to, ShardConfiguration joining, String schema, String name, List<String> last)
            throws SQLException, RingChangeException {
        TableDefinition definition = TableDefinition.read(from, schema, name);
        if (definition == null) {
            throw new RingChangeException(
                    "42P01", "relation \"" + schema + "." + name + "\" does not exist", null, null);
        }
        TableDefinition there = TableDefinition.read(to, schema, name);
        if (there == null) {
            String obstacle = TableDefinition.obstacle(from, schema, name);
            if (obstacle != null) {
                throw refused(
                        joining,
                        definition,
                        "can't be made: " + obstacle,
                        "Make it there as it is on the home shard, by pg_dump --schema-only.");
            }
            if (!to.exists("SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ?", schema)) {
                to.execute("CREATE SCHEMA " + GatherNames.quote(schema));
            }
            to.execute(definition.createAlone());
            last.addAll(definition.addForeignKeys());
        } else if (!there.equals(definition)) {
            throw refused(
                    joining,
                    definition,
                    "is defined otherwise than on the home shard",
                    "Drop it, and it will be made anew.");
        }
        return definition;
    }

    private static RingChangeException refused(
            ShardConfiguration joining, TableDefinition table, String reason, String hint) {
        return new RingChangeException(
                "55000",
                "table \"" + table.name() + "\" of the server of shard \"" + joining.name() + "\" " + reason,
                null,
                hint);
    }

    private static boolean hasRows(Ddl to, TableDefinition table) throws SQLException {
        return to.exists("SELECT 1 FROM " + table.quotedName() + " LIMIT 1");
    }

    /** All rows come, in an order that foreign keys may not like. */
    private static void ignoreForeignKeys(Ddl to) throws SQLException {
        if (to.exists("SELECT 1 FROM pg_catalog.pg_roles r WHERE r.rolname = current_user AND r.rolsuper")) {
            to.execute("SET LOCAL session_replication_role = replica");
        }
    }

    private static boolean isSame(Ddl from, Ddl to, TableDefinition table) throws SQLException {
        String content = CONTENT.formatted(table.quotedName());
        return from.column(content).equals(to.column(content));
    }

    private static void fill(Ddl from, Ddl to, TableDefinition table) throws SQLException {
        if (!isSame(from, to, table)) {
            to.execute("DELETE FROM " + table.quotedName());
            RowCopy.copy(from, to, table, "", rows -> {});
        }
    }

    @Override
    public void complete(ShardConfiguration joining, Catalog catalog)
            throws SQLException, RingChangeException, InterruptedException {
        for (ReferenceTable table : catalog.references()) {
            whileNobodyWrites(joining, table, (from, to, definition) -> {
                ignoreForeignKeys(to);
                fill(from, to, definition);
                to.commit();
                return true;
            });
        }
        compare(joining, catalog);
    }

    @Override
    public List<String> differing(ShardConfiguration shard, Catalog catalog) throws SQLException, InterruptedException {
        List<String> differing = new ArrayList<>();
        for (ReferenceTable table : catalog.references()) {
            if (!isSame(shard, table) && !whileNobodyWrites(shard, table, ShardFurnishing::isSame)) {
                differing.add(table.qualifiedName());
            }
        }
        return differing;
    }

    /** What was written in between may make it seem otherwise. */
    private boolean isSame(ShardConfiguration shard, ReferenceTable table) throws SQLException {
        try (Ddl from = open(home);
                Ddl to = open(shard)) {
            TableDefinition definition = definitionOf(from, table);
            return definition == null || isSame(from, to, definition);
        }
    }

    private static @Nullable TableDefinition definitionOf(Ddl from, ReferenceTable table) throws SQLException {
        return TableDefinition.read(
                from, table.definition().schema(), table.definition().name());
    }

    /** What is done with a table on the home shard and on another. */
    private interface Work {
        boolean run(Ddl from, Ddl to, TableDefinition table) throws SQLException;
    }

    /**
     * Writers that come from both servers at once may be in each other's way with this: it gives in, and tries again.
     *
     * @return what the work returns; true when the table is not there any more
     */
    private boolean whileNobodyWrites(ShardConfiguration other, ReferenceTable table, Work work)
            throws SQLException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Ddl from = open(home);
                    Ddl to = open(other)) {
                TableDefinition definition = definitionOf(from, table);
                if (definition == null) {
                    return true;
                }
                for (Ddl ddl : List.of(from, to)) {
                    ddl.execute("SET LOCAL lock_timeout = " + LOCK_MILLIS);
                    ddl.execute("LOCK TABLE " + definition.quotedName() + " IN SHARE ROW EXCLUSIVE MODE");
                }
                return work.run(from, to, definition);
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !CONFLICTS.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
            }
            Thread.sleep(ThreadLocalRandom.current().nextInt(LOCK_MILLIS));
        }
    }

    /** By the eyes of a proxy. */
    private void compare(ShardConfiguration joining, Catalog catalog) throws RingChangeException {
        ShardInspection found = ShardInspection.of(joining, DeclaredTables.of(catalog), pool, access);
        Catalog there = found.catalog();
        String difference = !found.problems().isEmpty() || there == null
                ? String.join("; ", found.problems())
                : there.differenceTo(catalog);
        if (!difference.isEmpty()) {
            throw new RingChangeException(
                    "55000",
                    "the tables of shard \"" + joining.name() + "\" are not those of the home shard",
                    difference.substring(0, 1).toUpperCase(Locale.ROOT) + difference.substring(1) + ".",
                    "Drop them there, and add the shard again.");
        }
    }
}

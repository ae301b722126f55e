package io.pgring.proxy.distribution;

import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.distribution.DistributionProgress.Step;
import io.pgring.proxy.gather.Ddl;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.DeclaredTables;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.ShardInspection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A sharded or reference table becomes a table of the home shard. */
final class Departure {
    private final Shards shards;
    private final Ddl home;
    private final Announcement announcement;
    private final DistributionProgress progress;

    Departure(Shards shards, Ddl home, Announcement announcement, DistributionProgress progress) {
        this.shards = shards;
        this.home = home;
        this.announcement = announcement;
        this.progress = progress;
    }

    void run(String schema, String name) throws SQLException, DistributionException {
        CatalogSchema.ensureHome(home.connection());
        Entry settled = settled(schema, name);
        checkOthers(settled.table());
        settled.changeState(home, Entry.LEAVING);
        home.commit();
        progress.onStep(Step.DECLARED);
        announcement.awaitKnown();
        home.beginAgain();
        Entry leaving = new Entry(settled.table(), Entry.LEAVING, settled.attempt());
        try (OpenShards others = new OpenShards(shards)) {
            TableDefinition table = lock(home, "home", schema, name);
            others.each((shard, other) -> {
                if (!lock(other, shard.name(), schema, name).equals(table)) {
                    throw new DistributionException(
                            "55000",
                            "table \"" + name + "\" of shard \"" + shard.name()
                                    + "\" is defined otherwise than that of the home shard",
                            null);
                }
                if (!leaving.table().isReference()) {
                    RowCopy.copy(other, home, table, "", rows -> progress.onRows(shard.name(), rows));
                }
            });
            progress.onStep(Step.COPIED);
            leaving.changeState(home, Entry.LEFT);
            home.commit();
            progress.onStep(Step.DECIDED);
            others.each((shard, other) -> other.execute("DROP TABLE " + table.quotedName()));
            others.commit();
        }
        home.beginAgain();
        leaving.delete(home);
        home.commit();
        progress.onStep(Step.CLEANED);
    }

    private Entry settled(String schema, String name) throws SQLException, DistributionException {
        for (TableConfiguration table : shards.configuration().tables()) {
            if (table.schema().equals(schema) && table.name().equals(name)) {
                throw new DistributionException(
                        "55000",
                        "table \"" + name + "\" is declared in the configuration file",
                        "Only tables that were distributed by SQL can be brought home by SQL.");
            }
        }
        Entry entry = Entry.of(home, schema, name);
        if (entry == null) {
            throw new DistributionException("42809", "table \"" + name + "\" is no sharded or reference table", null);
        }
        return entry;
    }

    /** The tables that stay must be able to do without it. */
    private void checkOthers(TableConfiguration table) throws SQLException, DistributionException {
        List<TableConfiguration> tables = new ArrayList<>(
                DeclaredTables.read(home.connection(), shards.configuration().tables())
                        .settled());
        tables.removeIf(other -> other.qualifiedName().equals(table.qualifiedName()));
        List<String> problems = new ArrayList<>();
        ShardInspection.catalog(home.connection(), new DeclaredTables(tables, List.of()), problems);
        if (!problems.isEmpty()) {
            throw new DistributionException("0A000", String.join("; ", problems), null);
        }
    }

    private static TableDefinition lock(Ddl ddl, String shard, String schema, String name)
            throws SQLException, DistributionException {
        ddl.execute("LOCK TABLE " + GatherNames.quote(schema, name) + " IN ACCESS EXCLUSIVE MODE");
        TableDefinition table = TableDefinition.read(ddl, schema, name);
        if (table == null) {
            throw new DistributionException("42P01", "shard \"" + shard + "\" has no table \"" + name + "\"", null);
        }
        return table;
    }
}

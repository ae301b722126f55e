package io.pgring.proxy.distribution;

import io.pgring.hashring.TokenRange;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.distribution.DistributionProgress.Step;
import io.pgring.proxy.gather.Ddl;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.DeclaredTables;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.KeyType;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardInspection;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table of the home shard becomes a sharded or reference table. */
final class Arrival {
    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);

    private static final String REFERRING = """
            SELECT c.conname FROM pg_catalog.pg_constraint c
            WHERE c.contype = 'f' AND c.confrelid = pg_catalog.to_regclass(?) AND c.conrelid <> c.confrelid
            ORDER BY 1
            """;

    private final Shards shards;
    private final Ddl home;
    private final TableConfiguration table;
    private final Announcement announcement;
    private final DistributionProgress progress;

    Arrival(
            Shards shards,
            Ddl home,
            TableConfiguration table,
            Announcement announcement,
            DistributionProgress progress) {
        this.shards = shards;
        this.home = home;
        this.table = table;
        this.announcement = announcement;
        this.progress = progress;
    }

    /** The table, and how its key is hashed unless it is a reference table. */
    private record Checked(
            TableDefinition definition, @Nullable KeyType keyType) {}

    void run() throws SQLException, DistributionException {
        CatalogSchema.ensureHome(home.connection());
        checkUndeclared();
        check();
        Entry entry = new Entry(table, Entry.ARRIVING, UUID.randomUUID().toString());
        entry.insert(home);
        home.commit();
        progress.onStep(Step.DECLARED);
        announcement.awaitKnown();
        home.beginAgain();
        home.execute("LOCK TABLE " + GatherNames.quote(table.schema(), table.name()) + " IN ACCESS EXCLUSIVE MODE");
        Checked checked = check();
        try (OpenShards others = new OpenShards(shards)) {
            long[] copied = {0};
            others.each((shard, other) -> {
                Arrivals.receive(other, shard.name(), checked.definition(), entry.attempt());
                copied[0] += RowCopy.copy(
                        home,
                        other,
                        checked.definition(),
                        condition(checked, shard),
                        rows -> progress.onRows(shard.name(), rows));
            });
            others.commit();
            progress.onStep(Step.COPIED);
            decide(entry, checked, copied[0]);
            progress.onStep(Step.DECIDED);
            forget(others, entry);
        }
        progress.onStep(Step.CLEANED);
    }

    private void checkUndeclared() throws SQLException, DistributionException {
        boolean configured = shards.configuration().tables().stream()
                .anyMatch(other -> other.qualifiedName().equals(table.qualifiedName()));
        if (configured || Entry.of(home, table.schema(), table.name()) != null) {
            throw new DistributionException(
                    "42P16", "table \"" + table.name() + "\" is a sharded or reference table already", null);
        }
    }

    private Checked check() throws SQLException, DistributionException {
        TableDefinition definition = TableDefinition.read(home, table.schema(), table.name());
        if (definition == null) {
            throw new DistributionException("42P01", "relation \"" + table.qualifiedName() + "\" does not exist", null);
        }
        String obstacle = TableDefinition.obstacle(home, table.schema(), table.name());
        if (obstacle != null) {
            throw new DistributionException(
                    "0A000", "table \"" + table.name() + "\" can't be on several shards: " + obstacle, null);
        }
        String key = table.keyColumn();
        if (key != null
                && definition.columns().stream()
                        .noneMatch(column -> column.name().equals(key))) {
            throw new DistributionException(
                    "42703", "column \"" + key + "\" of relation \"" + table.name() + "\" does not exist", null);
        }
        DeclaredTables declared =
                DeclaredTables.read(home.connection(), shards.configuration().tables());
        List<TableConfiguration> tables = new ArrayList<>(declared.settled());
        tables.add(table);
        List<String> problems = new ArrayList<>();
        Catalog catalog = ShardInspection.catalog(home.connection(), new DeclaredTables(tables, List.of()), problems);
        if (!problems.isEmpty()) {
            throw new DistributionException("0A000", String.join("; ", problems), null);
        }
        if (table.keyColumn() == null) {
            return new Checked(definition, null);
        }
        List<String> referring = home.column(REFERRING, definition.quotedName());
        if (!referring.isEmpty()) {
            throw new DistributionException(
                    "0A000",
                    "foreign key \"" + referring.get(0) + "\" of another table points to table \"" + table.name()
                            + "\"",
                    "Drop it; if it joins the key columns of two sharded tables it can be added again after both are sharded.");
        }
        if (home.exists("SELECT 1 FROM " + definition.quotedName() + " WHERE " + GatherNames.quote(table.keyColumn())
                + " IS NULL LIMIT 1")) {
            throw new DistributionException(
                    "23502",
                    "column \"" + table.keyColumn() + "\" of table \"" + table.name() + "\" contains null values",
                    "A row without key belongs to no shard: give it one, or delete it.");
        }
        ShardedTable sharded = catalog.sharded().stream()
                .filter(other -> other.qualifiedName().equals(table.qualifiedName()))
                .findFirst()
                .orElseThrow();
        return new Checked(definition, sharded.keyType());
    }

    /** Of the rows that belong to a shard. */
    private String condition(Checked checked, Shard shard) {
        KeyType keyType = checked.keyType();
        String key = table.keyColumn();
        if (keyType == null || key == null) {
            return "";
        }
        return keyType.tokenSql(GatherNames.quote(key)) + " OPERATOR(pg_catalog.<@) '"
                + TokenRange.toMultirange(shards.topology().arcsOf(shard)) + "'::pg_catalog.int8multirange";
    }

    private void decide(Entry entry, Checked checked, long copied) throws SQLException {
        if (checked.keyType() != null) {
            String sql = "WITH moved AS (DELETE FROM " + checked.definition().quotedName() + " WHERE NOT ("
                    + condition(checked, shards.topology().home()) + ") RETURNING 1) SELECT count(*) FROM moved";
            long deleted = Long.parseLong(home.column(sql).get(0));
            if (deleted != copied) {
                throw new SQLException("copied " + copied + " rows, but " + deleted + " belong to other shards");
            }
        }
        entry.changeState(home, Entry.SETTLED);
        home.commit();
    }

    /** A note that stays does no harm: no other attempt has its number. */
    private static void forget(OpenShards others, Entry entry) throws DistributionException {
        try {
            others.beginAgain();
            others.each((shard, other) -> Arrivals.forget(other, entry.attempt()));
            others.commit();
        } catch (SQLException e) {
            LOG.warn(
                    "a note of rows that came stays table={} reason=\"{}\"",
                    entry.table().qualifiedName(),
                    e.getMessage());
        }
    }
}

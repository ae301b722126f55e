package io.pgring.proxy.distribution;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.gather.Ddl;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.Topology;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes tables of the home shard sharded or reference tables, with their rows, and back.
 *
 * <p>The decision is one commit on the home shard. Until then nothing of the old state is touched; what is on other shards is known to be of
 * this attempt, and deleted when it fails. After it, nothing but what is useless remains to be deleted:
 *
 * <pre>
 *   to the shards                                          back home
 *   home    note "arriving"                    DECLARED    note "leaving"
 *   proxies refuse the table                               refuse the table
 *   home    lock the table                                 lock the table
 *   others  make the table, copy rows,                     lock the table;
 *           note the attempt             commit            home: insert the rows
 *                                              COPIED
 *   home    delete the moved rows,                         home: note "left"
 *           note "settled"               commit            commit
 *                                              DECIDED
 *   others  forget the attempt                             drop the table
 *                                              CLEANED     home: forget the table
 * </pre>
 *
 * <p>While its rows are on the way a table is refused by every proxy that knows of it, which is what the {@link Announcement} waits for: a
 * statement that was planned for the old state and runs after the decision would find a part of the rows. A failure undoes what it can at
 * once; after a crash, {@link #recover} does so, and the table is refused until then. One server session holds an advisory lock on the home
 * shard for the whole time, so that there is one attempt at a time and none is undone that is alive.
 *
 * <p>Not carried to other shards: comments, privileges, the owner, statistics targets, sequences and the defaults that draw from them. Refused:
 * triggers, rules, row security, inheritance and partitions. A foreign key between two tables that are both to be sharded must be dropped before and added
 * after. Blocks: for control threads.
 */
public final class TableAdministration {
    private static final Logger LOG = LoggerFactory.getLogger(TableAdministration.class);

    private final Configuration configuration;
    private final Supplier<Topology> topologies;
    private final ShardAccess access;
    private final Announcement announcement;

    /** @param topologies the current one: its shards and ring */
    public TableAdministration(
            Configuration configuration, Supplier<Topology> topologies, ShardAccess access, Announcement announcement) {
        this.configuration = configuration;
        this.topologies = topologies;
        this.access = access;
        this.announcement = announcement;
    }

    private interface Work {
        void run(Shards shards, Ddl home) throws SQLException, DistributionException;
    }

    /** Spreads the rows of a table by a column. Names are as in the catalog. */
    public void distribute(String schema, String table, String keyColumn, DistributionProgress progress)
            throws DistributionException {
        TableConfiguration sharded = new TableConfiguration(schema, table, keyColumn);
        run((shards, home) -> new Arrival(shards, home, sharded, announcement, progress).run());
    }

    /** Gives every shard all rows of a table. */
    public void makeReference(String schema, String table, DistributionProgress progress) throws DistributionException {
        TableConfiguration reference = new TableConfiguration(schema, table, null);
        run((shards, home) -> new Arrival(shards, home, reference, announcement, progress).run());
    }

    /** Brings all rows of a table home. */
    public void undistribute(String schema, String table, DistributionProgress progress) throws DistributionException {
        run((shards, home) -> new Departure(shards, home, announcement, progress).run(schema, table));
    }

    /** Ends what a crash has interrupted, if somebody is not at work just now. To be called when a proxy starts. */
    public void recover() throws DistributionException {
        Shards shards = new Shards(topologies.get(), configuration, access);
        try (Ddl home = shards.open(shards.topology().home())) {
            if (home.exists(
                    "SELECT 1 WHERE pg_catalog.pg_try_advisory_lock(" + CatalogSchema.ADMINISTRATION_LOCK + ")")) {
                new Recovery(shards, home).run();
            }
        } catch (SQLException e) {
            throw DistributionException.of(e);
        }
    }

    private void run(Work work) throws DistributionException {
        Shards shards = new Shards(topologies.get(), configuration, access);
        try {
            runLocked(shards, work);
        } catch (SQLException | DistributionException | RuntimeException e) {
            undo(shards);
            throw DistributionException.of(e);
        }
    }

    /** The session ends, and gives up its lock, before anybody acts on the failure. */
    private static void runLocked(Shards shards, Work work) throws SQLException, DistributionException {
        try (Ddl home = shards.open(shards.topology().home())) {
            home.execute("SELECT pg_catalog.pg_advisory_lock(" + CatalogSchema.ADMINISTRATION_LOCK + ")");
            new Recovery(shards, home).run();
            work.run(shards, home);
        }
    }

    private static void undo(Shards shards) {
        try {
            runLocked(shards, (same, home) -> {});
        } catch (SQLException | DistributionException e) {
            LOG.warn(
                    "an attempt is still to be undone, which the next one or the next start does reason=\"{}\"",
                    e.getMessage());
        }
    }
}

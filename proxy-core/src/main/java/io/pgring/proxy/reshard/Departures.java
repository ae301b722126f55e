package io.pgring.proxy.reshard;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.ReferenceTable;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes shards away that are to leave and own nothing any more. One that still has rows, which then belong to others, stays: nobody would find
 * them again.
 */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

    private static final Duration BARRIER = Duration.ofSeconds(60);

    private final MoverSurroundings surroundings;
    private final MoveJournal journal;

    Departures(MoverSurroundings surroundings, MoveJournal journal) {
        this.surroundings = surroundings;
        this.journal = journal;
    }

    void run(long token) throws SQLException, InterruptedException {
        for (String shard : journal.left()) {
            try (ShardSession session = MoveContext.open(surroundings, shard, token)) {
                session.takeOver();
                KnownTables.require(journal, surroundings.topology().get().catalog());
                String table = tableWithRows(session);
                if (table == null) {
                    detach(session);
                } else {
                    LOG.warn(
                            "shard can't leave shard={} reason=\"it still has rows of table {}\" hint=\"pgring verify --repair\"",
                            shard,
                            table);
                }
            } catch (StaleMoverException e) {
                throw e;
            } catch (SQLException e) {
                LOG.warn("shard can't leave yet shard={} reason=\"{}\"", shard, e.getMessage());
            }
        }
    }

    private void detach(ShardSession session) throws SQLException, InterruptedException {
        Shard shard = session.shard();
        long version = journal.detach(shard.name());
        if (version == 0) {
            LOG.debug("shard is no longer about to leave shard={}", shard.name());
            return;
        }
        LOG.info("shard is gone shard={} version={}", shard.name(), version);
        if (surroundings.barrier().await(version, List.of(shard), BARRIER)) {
            try (Connection home =
                    surroundings.access().open(surroundings.home().configuration(), surroundings.pool())) {
                ShardAdministration.lock(home);
                empty(session, version);
            } catch (StaleMoverException e) {
                throw e;
            } catch (SQLException e) {
                LOG.warn("rows of reference tables stay shard={} reason=\"{}\"", shard.name(), e.getMessage());
            }
        }
    }

    /**
     * Its copies of reference tables would only become old; so the server can become a shard once more. Nobody makes it one meanwhile: the caller
     * holds the lock for that. If somebody has before, under whatever name, the catalog or its fence says so, and the rows are those of a shard.
     */
    private void empty(ShardSession session, long version) throws SQLException, InterruptedException {
        session.transaction(() -> {
            boolean unused = session.exists("SELECT 1 FROM pgring.fence WHERE lowest <= " + version);
            if (!unused || !journal.isGone(session.shard().name())) {
                LOG.info(
                        "the server has become a shard again shard={}",
                        session.shard().name());
                return false;
            }
            for (ReferenceTable table : surroundings.topology().get().catalog().references()) {
                session.execute("DELETE FROM " + quoted(table.definition()));
            }
            return true;
        });
    }

    private static String quoted(TableClass table) {
        return GatherNames.quote(table.schema(), table.name());
    }

    private @Nullable String tableWithRows(ShardSession session) throws SQLException {
        for (ShardedTable table : surroundings.topology().get().catalog().sharded()) {
            if (session.exists("SELECT 1 FROM " + quoted(table.definition()) + " LIMIT 1")) {
                return table.qualifiedName();
            }
        }
        return null;
    }
}

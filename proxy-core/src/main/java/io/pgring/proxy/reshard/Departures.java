package io.pgring.proxy.reshard;

import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes shards away that are to leave and own nothing any more. One that still has rows, which then belong to others, stays: nobody would find
 * them again.
 */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

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
                String table = tableWithRows(session);
                if (table == null) {
                    long version = journal.detach(shard);
                    LOG.info("shard is gone shard={} version={}", shard, version);
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

    private @Nullable String tableWithRows(ShardSession session) throws SQLException {
        for (ShardedTable table : surroundings.topology().get().catalog().sharded()) {
            String name = GatherNames.quote(
                    table.definition().schema(), table.definition().name());
            if (session.exists("SELECT 1 FROM " + name + " LIMIT 1")) {
                return table.qualifiedName();
            }
        }
        return null;
    }
}

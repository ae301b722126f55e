package io.pgring.proxy.reshard;

import io.pgring.proxy.topology.Shard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mover that ended between the last word in the journal and the last change of a shard has left: hidden arcs and
 * triggers. A move that has been begun tidies up itself.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final Duration BARRIER = Duration.ofSeconds(60);

    private static final String FOUND = """
            SELECT 1 FROM pgring.hidden h WHERE NOT pg_catalog.isempty(h.arcs)
            UNION ALL
            SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'pgring' AND c.relname ~ '^(outbox|gate|cursors)_[0-9]'
            """;

    private final MoverSurroundings surroundings;
    private final MoveJournal journal;

    Leftovers(MoverSurroundings surroundings, MoveJournal journal) {
        this.surroundings = surroundings;
        this.journal = journal;
    }

    /** Looks at all shards but those that a move is in the midst of. */
    void sweep(long token) throws SQLException, InterruptedException {
        Set<String> busy = journal.open().stream()
                .filter(entry -> entry.state() != MoveState.PLANNED)
                .flatMap(entry ->
                        Stream.of(entry.planned().source(), entry.planned().target()))
                .collect(Collectors.toSet());
        for (Shard shard : surroundings.topology().get().placement().members()) {
            if (!busy.contains(shard.name())) {
                sweep(shard, token);
            }
        }
    }

    private void sweep(Shard shard, long token) throws SQLException, InterruptedException {
        try (ShardSession session = MoveContext.open(surroundings, shard.name(), token)) {
            session.takeOver();
            if (session.exists(FOUND)) {
                LOG.info("cleans up after a mover shard={}", shard.name());
                if (!surroundings.barrier().await(journal.version(), List.of(shard), BARRIER)) {
                    return;
                }
                Capture.removeAll(session);
                MoveContext.hide(session, "{}");
            }
        } catch (StaleMoverException e) {
            throw e;
        } catch (SQLException e) {
            LOG.warn(
                    "can't clean up shard={} sqlState={} reason=\"{}\"", shard.name(), e.getSQLState(), e.getMessage());
        }
    }
}

package io.pgring.proxy.reshard;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.reshard.JournalEntry.Progress;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A move in the hands of one mover: its entry in the journal, and its connections to both shards. */
final class MoveContext implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MoveContext.class);
    private static final Duration BARRIER = Duration.ofSeconds(5);

    private final MoverSurroundings surroundings;
    private final MoveJournal journal;
    private final MoverLock lock;
    private final ShardSession source;
    private final ShardSession target;
    private final Capture capture;
    private final RowMove rows;
    private JournalEntry entry;
    private Progress progress;
    private @Nullable List<MovedTable> tables;

    /** Takes the move over: connects to both shards, and makes sure that no mover before can do anything there. */
    MoveContext(MoverSurroundings surroundings, MoveJournal journal, MoverLock lock, JournalEntry entry)
            throws SQLException, InterruptedException {
        this.surroundings = surroundings;
        this.journal = journal;
        this.lock = lock;
        this.entry = entry;
        this.progress = entry.progress();
        this.source = open(surroundings, entry.planned().source(), entry.mover());
        try {
            this.target = open(surroundings, entry.planned().target(), entry.mover());
        } catch (SQLException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
        this.capture = new Capture(source, entry.id(), entry.arcs());
        this.rows = new RowMove(entry, source, target, capture, () -> reach(MovePoint.TARGET_DRAINED));
        try {
            source.takeOver();
            target.takeOver();
            reach(MovePoint.TAKEN);
        } catch (SQLException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    static ShardSession open(MoverSurroundings surroundings, String name, long token) throws SQLException {
        Shard shard = surroundings.shard(name);
        PoolConfiguration pool = surroundings.pool();
        return new ShardSession(shard, surroundings.access().open(shard.configuration(), pool), token);
    }

    ShardSession source() {
        return source;
    }

    ShardSession target() {
        return target;
    }

    Capture capture() {
        return capture;
    }

    RowMove rows() {
        return rows;
    }

    JournalEntry entry() {
        return entry;
    }

    MoverSurroundings surroundings() {
        return surroundings;
    }

    MoverSettings settings() {
        return surroundings.settings();
    }

    MoveJournal journal() {
        return journal;
    }

    /** The sharded tables, in an order that all movers have. */
    List<ShardedTable> sharded() throws SQLException {
        requireAgreement();
        return known();
    }

    /** The sharded tables for a move that must be brought to its end, with whatever tables it was begun. */
    List<ShardedTable> begun() throws SQLException {
        List<ShardedTable> known = known();
        capture.requireKnown(known);
        return known;
    }

    private List<ShardedTable> known() {
        return surroundings.topology().get().catalog().sharded().stream()
                .sorted(Comparator.comparing(ShardedTable::qualifiedName))
                .toList();
    }

    /** Why the arcs must not change hands now; null when they may. */
    @Nullable
    String disagreement() throws SQLException {
        return KnownTables.obstacle(journal, surroundings.topology().get().catalog());
    }

    /** That no table is left behind. */
    void requireAgreement() throws SQLException {
        KnownTables.require(journal, surroundings.topology().get().catalog());
    }

    /** The tables of the move, with all that is needed to move their rows. */
    List<MovedTable> tables() throws SQLException, MoveRefusedException {
        if (tables == null) {
            requireAgreement();
            use(TableInspection.read(source, begun()));
        }
        return tables == null ? List.of() : tables;
    }

    /** These are the tables of the move. */
    void use(List<MovedTable> found) throws SQLException {
        TableInspection.findOperators(source, found);
        TableInspection.findOperators(target, found);
        rows.createStages(found);
        tables = found;
    }

    /** A point where tests may stop the mover. */
    void reach(MovePoint point) throws SQLException, InterruptedException {
        surroundings.control().reach(point, entry);
    }

    /** The next state. @return the version of the topology, if the road must know */
    long advance(MoveState to, @Nullable String reason) throws SQLException, JournalConflictException {
        note();
        long version = journal.advance(entry, to, reason, () -> {});
        reload();
        return version;
    }

    /** As {@link #advance(MoveState, String)} without anything to say. */
    long advance(MoveState to) throws SQLException, JournalConflictException {
        return advance(to, null);
    }

    /** The target owns the arcs. */
    void flip() throws SQLException, JournalConflictException {
        journal.flip(entry);
        reload();
    }

    /** All is as it was before. */
    void giveUp() throws SQLException, JournalConflictException {
        note();
        journal.giveUp(entry);
        reload();
    }

    /** Reads the entry again: it may be another's, or have been told to abort. */
    void reload() throws SQLException {
        long token = entry.mover();
        entry = journal.read(entry.id());
        if (entry.mover() != token || lock.isLost()) {
            throw new StaleMoverException("move " + entry.id() + " is another mover's");
        }
        LOG.info("move advances {}", entry);
    }

    /** Notes how much is done; finds out whether to go on. */
    void note() throws SQLException, JournalConflictException {
        if (lock.isLost()) {
            throw new StaleMoverException("the mover has lost its lock");
        }
        journal.note(entry, progress);
    }

    /** How much is done. */
    Progress progress() {
        return progress;
    }

    /** More is done; to be noted. */
    void progress(Progress more) {
        progress = more;
    }

    /** Waits for all proxies, however long it takes. */
    void awaitProxies() throws SQLException, InterruptedException, JournalConflictException {
        long version = journal.version();
        while (!awaitProxies(version, BARRIER)) {
            if (entry.state().isOpen()) {
                note();
            }
        }
    }

    /** Waits for all proxies. */
    boolean awaitProxies(long version, Duration most) throws SQLException, InterruptedException {
        return surroundings.barrier().await(version, List.of(source.shard(), target.shard()), most);
    }

    /** The rows that the visible views of a shard leave out. */
    static void hide(ShardSession shard, String arcs) throws SQLException, InterruptedException {
        shard.transaction(() -> shard.update("UPDATE pgring.hidden SET arcs = '" + arcs + "'"));
    }

    @Override
    public void close() throws SQLException {
        try (source) {
            target.close();
        }
    }
}

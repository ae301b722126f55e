package io.pgring.proxy.distribution;

import io.pgring.proxy.gather.Ddl;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.Shard;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what was interrupted: back to the old state before the decision, on to the new one after it. */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Shards shards;
    private final Ddl home;

    /** @param home holds the lock of the administration, so that nobody is at work */
    Recovery(Shards shards, Ddl home) {
        this.shards = shards;
        this.home = home;
    }

    void run() throws SQLException {
        if (!home.exists("SELECT 1 FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('pgring.tables')")) {
            return;
        }
        for (Entry entry : Entry.all(home)) {
            switch (entry.state()) {
                case Entry.ARRIVING -> {
                    onOthers(other -> Arrivals.discard(other, entry.attempt()));
                    entry.delete(home);
                }
                case Entry.LEAVING -> entry.changeState(home, Entry.SETTLED);
                case Entry.LEFT -> {
                    String table = GatherNames.quote(
                            entry.table().schema(), entry.table().name());
                    onOthers(other -> other.execute("DROP TABLE IF EXISTS " + table));
                    entry.delete(home);
                }
                default -> {
                    continue;
                }
            }
            LOG.info(
                    "what was interrupted has been ended table={} state={}",
                    entry.table().qualifiedName(),
                    entry.state());
        }
        home.commit();
        home.beginAgain();
    }

    private interface Work {
        void on(Ddl other) throws SQLException;
    }

    private void onOthers(Work work) throws SQLException {
        for (Shard shard : shards.others()) {
            try (Ddl other = shards.open(shard)) {
                work.on(other);
                other.commit();
            }
        }
    }
}

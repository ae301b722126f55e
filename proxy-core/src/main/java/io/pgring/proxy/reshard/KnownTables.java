package io.pgring.proxy.reshard;

import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.DeclaredTables;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a mover knows all tables of which rows may have to go along. What SQL has declared all proxies know; but the tables of a configuration
 * file are each proxy's own, and while a new file is rolled out there are two kinds of proxies.
 */
final class KnownTables {
    private KnownTables() {}

    /** A mover whose tables are not those of others: it lets a mover work that knows more. */
    static final class DifferenceException extends SQLException {
        DifferenceException(String reason) {
            super(reason, "55000");
        }
    }

    /** Why no rows may change hands now, by a mover that knows these tables; null when they may. */
    static @Nullable String obstacle(MoveJournal journal, Catalog known) throws SQLException {
        List<TableConfiguration> here = DeclaredTables.of(known).settled();
        for (TableConfiguration table : journal.tables()) {
            if (!here.contains(table)) {
                return "this proxy does not know table " + table.qualifiedName()
                        + " as the catalog has it: the tables of its configuration file are not those of the proxy that was started last";
            }
        }
        return journal.areProxiesAlike()
                ? null
                : "the configuration files of the proxies that are alive don't have the same tables";
    }

    /** @throws DifferenceException if there is an obstacle */
    static void require(MoveJournal journal, Catalog known) throws SQLException {
        String obstacle = obstacle(journal, known);
        if (obstacle != null) {
            throw new DifferenceException(obstacle);
        }
    }
}

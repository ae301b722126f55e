package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.spread.KeyMove;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Update;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import org.jspecify.annotations.Nullable;

/** Plans of UPDATEs that may take rows to another shard. */
final class KeyMoves {
    private KeyMoves() {}

    /** How an UPDATE of the key of a sharded table is run when not by one shard, or why not; null for anything else. */
    static @Nullable PlannedStatement plan(Statement statement, Topology topology, byte[] text, int from, int to) {
        if (!(statement instanceof Update update) || update.where() instanceof Expression.CurrentOf) {
            return null;
        }
        QualifiedName name = update.table().name();
        if (!(topology.find(name.schema(), name.name()) instanceof TableClass.Sharded found)
                || !KeyMove.isIn(update, found)) {
            return null;
        }
        ShardedTable table = topology.catalog().table(found);
        KeyMove move = new KeyMove(update, found, table.storedColumns(), topology, text, from, to);
        String reason = table.pinned() == null ? move.reasonAgainst() : table.pinned();
        return reason == null
                ? new PlannedStatement.Relayed(table, move.relayed(), Refusals.severalShards())
                : new PlannedStatement.Refused(Refusals.noMove(reason));
    }

    /** The route of what {@link #plan} has made, or of an INSERT whose rows are read first. */
    static Route route(PlannedStatement planned, Topology topology) {
        return planned instanceof PlannedStatement.Relayed relayed
                ? new Route.Relayed(
                        relayed.relay(),
                        new CopyPlacement(
                                topology, relayed.table(), relayed.relay().command()))
                : new Route.Refuse(((PlannedStatement.Refused) planned).error());
    }
}

package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.SameEverywhere;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.tree.Copy;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans of COPY of a table from or to the client. */
final class CopyPlans {
    private CopyPlans() {}

    /** The plan of one that several shards run; null for any other, and for one that can't be run. */
    static @Nullable PlannedStatement plan(Copy copy, Analysis analysis, Topology topology) {
        QualifiedName name = copy.table();
        if (name == null || copy.endpoint() != Copy.Endpoint.CLIENT) {
            return null;
        }
        if (analysis instanceof Analysis.Everywhere) {
            return new PlannedStatement.CopyIn(null);
        }
        boolean whole = analysis instanceof Analysis.NotBound notBound && !notBound.opaque();
        if (!whole || !(topology.find(name.schema(), name.name()) instanceof TableClass.Sharded found)) {
            return null;
        }
        ShardedTable table = topology.catalog().table(found);
        return copy.from() ? in(copy, table) : new PlannedStatement.CopyOut(topology.namesTypes(table));
    }

    private static PlannedStatement in(Copy copy, ShardedTable table) {
        List<String> columns = copy.columns().stream().map(Name::value).toList();
        String key = table.definition().keyColumn();
        if (!columns.isEmpty() && !columns.contains(key)) {
            return new PlannedStatement.Refused(
                    Refusals.notRoutable("The columns of the COPY leave the key column \"" + key + "\" out."));
        }
        List<String> taken = columns.isEmpty() ? table.copiedColumns() : columns;
        for (String drawn : table.definition().drawnColumns()) {
            if (!taken.contains(drawn)) {
                return new PlannedStatement.Refused(Refusals.drawnDefault(drawn));
            }
        }
        return SameEverywhere.holds(copy, true)
                ? new PlannedStatement.CopyIn(table)
                : new PlannedStatement.Refused(
                        Refusals.notRoutable("WHERE of the COPY is not known to give the same result on every shard."));
    }
}

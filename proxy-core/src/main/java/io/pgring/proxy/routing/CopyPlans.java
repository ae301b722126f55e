package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.SameEverywhere;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.spread.Gather;
import io.pgring.pgsql.spread.Splice;
import io.pgring.pgsql.spread.Splicer;
import io.pgring.pgsql.tree.Copy;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plans and routes of COPY from or to the client. */
final class CopyPlans {
    private CopyPlans() {}

    /** The plan of one that several shards run; null for any other, and for one that can't be run. */
    static @Nullable PlannedStatement plan(
            Copy copy, Analysis analysis, Topology topology, byte[] text, int from, int to) {
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
        if (copy.from()) {
            return in(copy, table);
        }
        List<Splice> visible = topology.hidesRows() ? visible(copy, found, table, topology, text, from, to) : List.of();
        return visible == null
                ? new PlannedStatement.Refused(Refusals.needsTables())
                : new PlannedStatement.CopyOut(visible, topology.namesTypes(table));
    }

    /** A query of the same columns in the place of the table; null when these are not known yet. */
    private static @Nullable List<Splice> visible(
            Copy copy, TableClass.Sharded found, ShardedTable table, Topology topology, byte[] text, int from, int to) {
        List<String> columns = copy.columns().isEmpty()
                ? table.copiedColumns()
                : copy.columns().stream().map(Name::value).toList();
        QualifiedName name = Objects.requireNonNull(copy.table());
        int start = Splicer.tokenAt(text, from, to, name.start());
        int end = Splicer.tokenAt(text, from, to, name.end());
        if (!copy.columns().isEmpty()) {
            Name last = copy.columns().get(copy.columns().size() - 1);
            // Behind the parenthesis.
            end = Splicer.tokenAt(text, from, to, last.end()) + 1;
        }
        String list = columns.stream().map(GatherNames::quote).collect(Collectors.joining(", "));
        String query = "(SELECT " + list + " FROM " + topology.visibleName(found) + ")";
        return columns.isEmpty() ? null : List.of(new Splice(start, end, query));
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

    /** The route of what {@link #plan} has made; null for anything else. */
    static @Nullable Route route(@Nullable PlannedStatement statement, Topology topology) {
        if (statement instanceof PlannedStatement.CopyIn in) {
            ShardedTable table = in.table();
            return new Route.CopyIn(
                    topology.members(), table == null ? null : new CopyPlacement(topology, table, "COPY"));
        }
        return statement instanceof PlannedStatement.CopyOut out
                ? new Route.CopyOut(topology.members(), null, out.visible(), out.namesTypes())
                : null;
    }

    /** The route of a COPY of a query over the rows of several shards. */
    static Route route(PlannedStatement.Spreads spreads, Topology topology) {
        Gather gather = spreads.spread().gather();
        if (gather == null || topology.gatherUnavailable() != null) {
            return new Route.Refuse(gather == null ? spreads.reason() : Refusals.noGather(topology));
        }
        return new Route.CopyOut(List.of(topology.home()), gather, List.of(), false);
    }
}

package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.spread.SpreadAnalysis;
import io.pgring.pgsql.tree.Call;
import io.pgring.pgsql.tree.Ddl;
import io.pgring.pgsql.tree.Do;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Truncate;
import io.pgring.pgsql.tree.Unparsed;
import io.pgring.proxy.topology.Topology;
import java.util.Set;

/** What can't be done with tables while rows of them are moved from one shard to another. */
final class MovedTables {
    /** Commands that leave the definition and the rows of a table as they are. */
    private static final Set<String> HARMLESS = Set.of("VACUUM", "ANALYZE");

    private MovedTables() {}

    /** Whether a statement that every shard runs may change a definition, or all rows at once. */
    static boolean mustStay(Statement statement) {
        return statement instanceof Truncate
                || (statement instanceof Ddl ddl && !HARMLESS.contains(ddl.command()))
                || statement instanceof Other
                || statement instanceof Unparsed
                || statement instanceof Do
                || statement instanceof Call;
    }

    /** Whether a statement that has no way would have one if no rows were hidden. */
    static boolean hinder(Topology topology, Analysis analysis, Statement statement, byte[] text, int from, int to) {
        return topology.hidesRows()
                && SpreadAnalysis.spread(analysis, statement, topology.withoutMoves(), text, from, to) != null;
    }
}

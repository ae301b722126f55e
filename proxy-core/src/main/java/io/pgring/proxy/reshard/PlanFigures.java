package io.pgring.proxy.reshard;

import io.pgring.hashring.Arcs;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.TokenSql;
import io.pgring.proxy.topology.Topology;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What a plan would move, before anything is done.
 *
 * @param share part of the ring, 0 to 1
 * @param rows of all sharded tables
 * @param bytes of those, as the server keeps them, with their indexes: an estimate
 * @param counted whether they were counted; else an estimate, and the arcs' share taken of it
 */
public record PlanFigures(PlannedMove move, double share, long rows, long bytes, boolean counted) {
    /**
     * Asks the shards.
     *
     * @param count reads every row of the sources
     */
    public static List<PlanFigures> of(
            RingPlan plan, Topology topology, ShardAccess access, PoolConfiguration pool, boolean count)
            throws SQLException {
        List<PlanFigures> figures = new ArrayList<>();
        for (PlannedMove move : plan.moves()) {
            Shard source = topology.shards().stream()
                    .filter(shard -> shard.name().equals(move.source()))
                    .findFirst()
                    .orElseThrow();
            double share = move.arcs().share();
            double part = Math.min(1, share / topology.shareOf(source));
            double rows = 0;
            double bytes = 0;
            try (Connection connection = access.open(source.configuration(), pool)) {
                connection.setNetworkTimeout(Runnable::run, 0);
                for (ShardedTable table : topology.catalog().sharded()) {
                    RowEstimate estimate = RowEstimate.of(connection, name(table));
                    rows += count ? count(connection, table, move.arcs()) : part * estimate.rows();
                    bytes += part * estimate.bytes();
                }
            }
            figures.add(new PlanFigures(move, share, Math.round(rows), Math.round(bytes), count));
        }
        return figures;
    }

    private static String name(ShardedTable table) {
        return GatherNames.quote(table.definition().schema(), table.definition().name());
    }

    private static double count(Connection connection, ShardedTable table, Arcs arcs) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            String sql = "SELECT count(*) FROM " + name(table) + " AS t WHERE " + TokenSql.of(table, "t")
                    + " OPERATOR(pg_catalog.<@) " + MovedTable.literal(arcs);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}

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
import java.util.function.Supplier;

/**
 * Looks at every row of every sharded table: is it on the shard that owns it? Reads each table once; changes nothing. Rows that a move
 * hides are counted apart: they are copies.
 *
 * <p>Blocks, for as long as it takes: for control threads.
 */
public final class Verification {
    private static final int ATTEMPTS = 5;

    private static final String COUNT = """
            SELECT pg_catalog.count(*),
                   pg_catalog.count(*) FILTER (WHERE %1$s OPERATOR(pg_catalog.<@) %2$s),
                   pg_catalog.count(*) FILTER (WHERE (%1$s OPERATOR(pg_catalog.<@) %2$s OR %1$s OPERATOR(pg_catalog.<@) %3$s) IS NOT TRUE)
            FROM %4$s AS t
            """;

    private final Supplier<Topology> topology;
    private final ShardAccess access;
    private final PoolConfiguration pool;

    /** @param topology the one of the moment */
    public Verification(Supplier<Topology> topology, ShardAccess access, PoolConfiguration pool) {
        this.topology = topology;
        this.access = access;
        this.pool = pool;
    }

    /**
     * The rows of a table on a shard.
     *
     * @param rows all of them
     * @param hidden copies that a move has made, or not deleted yet
     * @param misplaced rows that belong to another shard, or have no key: no client finds them by their key
     */
    public record Finding(String table, String shard, long rows, long hidden, long misplaced) {}

    /**
     * Counts.
     *
     * @throws SQLException if a shard can't be reached, or rows change hands each time: to be tried again later
     */
    public List<Finding> run() throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Topology before = topology.get();
            List<Finding> findings = new ArrayList<>();
            for (Shard shard : before.placement().members()) {
                look(before, shard, findings);
            }
            if (topology.get().placement().version() == before.placement().version()) {
                return findings;
            }
        }
        throw new SQLException("rows change hands while they are counted", "55006");
    }

    private void look(Topology now, Shard shard, List<Finding> findings) throws SQLException {
        boolean onRing =
                now.ring().members().stream().anyMatch(member -> member.name().equals(shard.name()));
        String owned = MovedTable.literal(onRing ? Arcs.of(now.arcsOf(shard)) : Arcs.NONE);
        try (Connection connection = access.open(shard.configuration(), pool);
                Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 0);
            // JDBC would take a multirange for an escape.
            statement.setEscapeProcessing(false);
            statement.execute("SET statement_timeout = 0; SET row_security = off");
            String hidden = MovedTable.literal(hidden(statement));
            for (ShardedTable table : now.catalog().sharded()) {
                String name = GatherNames.quote(
                        table.definition().schema(), table.definition().name());
                String sql = COUNT.formatted(TokenSql.of(table, "t"), hidden, owned, name);
                try (ResultSet row = statement.executeQuery(sql)) {
                    row.next();
                    findings.add(new Finding(
                            table.qualifiedName(), shard.name(), row.getLong(1), row.getLong(2), row.getLong(3)));
                }
            }
        }
    }

    private static Arcs hidden(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT arcs::text FROM pgring.hidden")) {
            return row.next() ? Arcs.parse(row.getString(1)) : Arcs.NONE;
        }
    }
}

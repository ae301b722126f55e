package io.pgring.proxy.app;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.reshard.RingChangeException;
import io.pgring.proxy.reshard.ShardAdministration;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.TokenSql;
import io.pgring.proxy.topology.Topology;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of keys of a sharded table by what they begin with. On shards rows that a move hides are left out: they are copies.
 *
 * @param prefixes the order of the numbers
 */
record KeyCount(ShardedTable table, List<String> prefixes) {
    private static final int ATTEMPTS = 5;

    private static final String COUNT =
            "SELECT count(*) FROM %s AS t WHERE pg_catalog.starts_with(CAST(t.%s AS text), ?)";

    private static final String VISIBLE =
            " AND (%s OPERATOR(pg_catalog.<@) (SELECT h.arcs FROM pgring.hidden AS h)) IS NOT TRUE";

    KeyCount {
        prefixes = List.copyOf(prefixes);
    }

    /** @param name of the table, with or without its schema */
    static KeyCount of(String name, List<String> prefixes, Topology topology) throws CommandException {
        String qualified = name.indexOf('.') < 0 ? "public." + name : name;
        ShardedTable table = topology.catalog().sharded().stream()
                .filter(one -> one.qualifiedName().equals(qualified))
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitCode.USAGE, "there is no sharded table " + qualified, "pgring verify names them.", null));
        return new KeyCount(table, prefixes);
    }

    /**
     * What each shard has, in the order of the shards.
     *
     * @throws CommandException if rows change hands each time
     */
    Map<String, List<Long>> onShards(ShardAdministration administration, PoolConfiguration pool)
            throws SQLException, RingChangeException, CommandException {
        String sql = sql() + VISIBLE.formatted(TokenSql.of(table, "t"));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Placement before = administration.state().topology().placement();
            Map<String, List<Long>> counts = new LinkedHashMap<>();
            for (Shard shard : before.members()) {
                try (Connection connection = ShardLogin.open(shard.configuration(), pool);
                        Statement statement = connection.createStatement()) {
                    statement.execute("SET row_security = off");
                    counts.put(shard.name(), run(connection, sql));
                }
            }
            if (administration.state().topology().placement().version() == before.version()) {
                return counts;
            }
        }
        throw new CommandException(
                "rows change hands while they are counted", "pgring reshard status shows what is moved.");
    }

    /** What a client of the proxy sees. */
    List<Long> through(Connection proxy) throws SQLException {
        return run(proxy, sql());
    }

    private String sql() {
        TableClass.Sharded definition = table.definition();
        return COUNT.formatted(
                GatherNames.quote(definition.schema(), definition.name()), GatherNames.quote(definition.keyColumn()));
    }

    private List<Long> run(Connection connection, String sql) throws SQLException {
        List<Long> counts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (String prefix : prefixes) {
                statement.setString(1, prefix);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    counts.add(row.getLong(1));
                }
            }
        }
        return counts;
    }
}

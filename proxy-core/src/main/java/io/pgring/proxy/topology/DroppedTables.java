package io.pgring.proxy.topology;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ShardConfiguration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tables that were distributed by SQL and then dropped: they are forgotten, so that another table may have the name. Blocks. */
final class DroppedTables {
    private static final Logger LOG = LoggerFactory.getLogger(DroppedTables.class);

    /** Asks once more, since a table of the name may have been made in the meantime. */
    private static final String FORGET = """
            DELETE FROM pgring.tables
            WHERE attempt = ?::uuid AND state = 'settled'
              AND pg_catalog.to_regclass(pg_catalog.format('%I.%I', schema_name, table_name)) IS NULL
            """;

    private final Configuration configuration;
    private final List<Shard> members;
    private final ShardAccess access;

    DroppedTables(Configuration configuration, List<Shard> members, ShardAccess access) {
        this.configuration = configuration;
        this.members = members;
        this.access = access;
    }

    /** Forgets those that no shard has any more; tells whether there was one. */
    boolean forget(List<DeclaredTables.Dropped> dropped) {
        boolean forgotten = false;
        for (DeclaredTables.Dropped table : dropped) {
            try {
                forgotten |= forget(table);
            } catch (SQLException e) {
                LOG.warn(
                        "a table that was dropped is not forgotten table={} reason=\"{}\"",
                        table.name(),
                        e.getMessage());
            }
        }
        return forgotten;
    }

    private boolean forget(DeclaredTables.Dropped table) throws SQLException {
        List<ShardConfiguration> shards =
                members.stream().map(Shard::configuration).toList();
        for (ShardConfiguration shard : shards.subList(1, shards.size())) {
            try (Connection other = access.open(shard, configuration.pool())) {
                if (DeclaredTables.exists(other, table.quotedName())) {
                    LOG.warn(
                            "table is gone from the home shard but not from another table={} shard={}",
                            table.name(),
                            shard.name());
                    return false;
                }
            }
        }
        try (Connection home = access.open(shards.get(0), configuration.pool());
                PreparedStatement statement = home.prepareStatement(FORGET)) {
            statement.setString(1, table.attempt());
            boolean gone = statement.executeUpdate() > 0;
            if (gone) {
                LOG.info("table was dropped, so it is no longer declared table={}", table.name());
            }
            return gone;
        }
    }
}

package io.pgring.it.support;

import java.sql.SQLException;

/** What servers remember of the shards that proxies had before. */
public final class KnownTopology {
    private static final String FORGET = """
            DO $$ BEGIN
                IF pg_catalog.to_regclass('pgring.topology') IS NOT NULL THEN
                    DELETE FROM pgring.moves; DELETE FROM pgring.shards; DELETE FROM pgring.topology;
                END IF;
                IF pg_catalog.to_regclass('pgring.fence') IS NOT NULL THEN
                    UPDATE pgring.fence SET lowest = 0, mover = 0;
                    UPDATE pgring.hidden SET arcs = '{}';
                END IF;
            END $$
            """;

    private KnownTopology() {}

    /** A proxy that starts next makes the catalog anew, of its configuration. */
    public static void forget(Servers servers) throws SQLException {
        for (int shard = 0; shard < servers.shards().size(); shard++) {
            try {
                servers.execute(shard, FORGET);
            } catch (SQLException e) {
                // A server that is down is forgotten by nobody, and remembers nothing that counts.
                if (e.getSQLState() == null || !e.getSQLState().startsWith("08")) {
                    throw e;
                }
            }
        }
    }
}

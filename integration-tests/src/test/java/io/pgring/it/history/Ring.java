package io.pgring.it.history;

import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.distribution.ShardFurnishing;
import io.pgring.proxy.reshard.ShardAdministration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The servers as a whole: a shard is added or removed, and what is on the shards is looked at behind the proxies' backs. */
final class Ring {
    private static final String LEFT = """
            SELECT coalesce(string_agg(thing, ' '), '') FROM (
                SELECT tgname::text FROM pg_trigger WHERE tgname LIKE 'pgring%'
                UNION ALL SELECT relname::text FROM pg_class c WHERE relnamespace = to_regnamespace('pgring')
                    AND relname ~ '^(outbox|gate|cursors)_[0-9]'
                UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = to_regnamespace('pgring')
                    AND proname ~ '^(capture|truncated)_'
                UNION ALL SELECT arcs::text FROM pgring.hidden WHERE NOT isempty(arcs)
                UNION ALL SELECT gid FROM pg_prepared_xacts WHERE database = current_database()) AS x(thing)""";

    private static final String MISPLACED = """
            SELECT coalesce(string_agg(key, ' '), '') FROM kv
            WHERE NOT (hashtext(key)::bigint & 4294967295) <@ '%s'::int8multirange""";

    private static final String FORGOTTEN = """
            SELECT (SELECT count(*) FROM pg_prepared_xacts WHERE prepared < clock_timestamp() - interval '5 s')
                + (SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'
                    AND application_name NOT LIKE 'pgring mover%' AND state_change < clock_timestamp() - interval '5 s')""";

    private final Servers servers;
    private final ShardAdministration administration;
    /** The server that is no shard now; -1 if all are. */
    private int absent;

    /** @param configuration of a proxy, which has all servers but the last */
    Ring(Servers servers, Configuration configuration) {
        this.servers = servers;
        this.absent = servers.shards().size() - 1;
        ShardFurnishing furnishing =
                new ShardFurnishing(configuration.shards().get(0), configuration.pool(), Ring::open);
        this.administration = new ShardAdministration(configuration, Ring::open, furnishing);
    }

    private static Connection open(ShardConfiguration shard, PoolConfiguration pool) throws SQLException {
        String url = "jdbc:postgresql://" + shard.host() + ":" + shard.port() + "/" + shard.database();
        return DriverManager.getConnection(url, shard.user(), "");
    }

    Servers servers() {
        return servers;
    }

    /** Adds the server that is no shard, or removes one. The proxies move the rows. */
    void change(Random random) throws Exception {
        if (absent < 0) {
            absent = 1 + random.nextInt(servers.shards().size() - 1);
            administration.remove(servers.shards().get(absent).name());
        } else {
            administration.add(servers.shards().get(absent));
            absent = -1;
        }
    }

    /** Whether all moves are over, and shards that are to leave are gone. */
    boolean isCalm() throws SQLException {
        return servers.value(
                        0,
                        "SELECT (SELECT count(*) FROM pgring.moves WHERE state NOT IN ('DONE', 'ABORTED'))"
                                + " + (SELECT count(*) FROM pgring.shards WHERE state IN ('leaving', 'joining'))")
                .equals("0");
    }

    /** Whether some client's transaction on a shard has been idle or prepared for seconds: its proxy sleeps. */
    boolean hasForgottenTransaction() throws SQLException {
        for (int shard = 0; shard < servers.shards().size(); shard++) {
            if (!servers.value(shard, FORGOTTEN).equals("0")) {
                return true;
            }
        }
        return false;
    }

    /** What became of all moves so far, by state. */
    String moves() throws SQLException {
        return servers.value(
                0,
                "SELECT coalesce(string_agg(state || ' ' || n, ', '), '') FROM"
                        + " (SELECT state, count(*) AS n FROM pgring.moves GROUP BY state) AS s");
    }

    /** All rows of all shards. */
    List<Row> rows() throws SQLException {
        List<Row> rows = new ArrayList<>();
        for (int shard = 0; shard < servers.shards().size(); shard++) {
            try (Connection connection = servers.connect(shard);
                    PreparedStatement statement = connection.prepareStatement("SELECT key, value FROM kv");
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(row.getString(1), row.getString(2)));
                }
            }
        }
        return rows;
    }

    /** What moves and transactions have left on the shards, and keys of rows that are on another shard than the catalog says: nothing. */
    List<String> leftovers() throws SQLException {
        List<String> found = new ArrayList<>();
        for (int shard = 0; shard < servers.shards().size(); shard++) {
            String arcs;
            try (Connection home = servers.connect(0)) {
                List<String> column = Sql.column(
                        home,
                        "SELECT arcs::text FROM pgring.shards WHERE state <> 'gone' AND name = 'shard-" + shard + "'");
                arcs = column.isEmpty() ? "{}" : column.get(0);
            }
            String left = servers.value(shard, LEFT) + servers.value(shard, MISPLACED.formatted(arcs));
            if (!left.isEmpty()) {
                found.add("shard-" + shard + ": " + left);
            }
        }
        return found;
    }
}

package io.pgring.it.history;

import io.pgring.hashring.RingMember;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.reshard.MoveJournal;
import io.pgring.proxy.reshard.RingPlan;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.TopologyCatalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

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

    private final Servers servers;
    private boolean grown;

    Ring(Servers servers) {
        this.servers = servers;
    }

    Servers servers() {
        return servers;
    }

    /** Adds the last server to the ring, or takes it away again. The proxies move the rows. */
    void change() throws SQLException {
        List<RingMember> members = new ArrayList<>();
        for (int shard = 0; shard < (grown ? 3 : 4); shard++) {
            members.add(RingMember.of("shard-" + shard));
        }
        try (Connection home = servers.connect(0)) {
            Placement now = TopologyCatalog.read(home, servers.shards()).orElseThrow();
            new MoveJournal(home).add(RingPlan.of(now, members));
        }
        grown = !grown;
    }

    /** Whether all moves are over. */
    boolean isCalm() throws SQLException {
        return servers.value(0, "SELECT count(*) FROM pgring.moves WHERE state NOT IN ('DONE', 'ABORTED')")
                .equals("0");
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
                List<String> column =
                        Sql.column(home, "SELECT arcs::text FROM pgring.shards WHERE name = 'shard-" + shard + "'");
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

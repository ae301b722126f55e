package io.pgring.proxy.reshard;

import io.pgring.hashring.Arcs;
import io.pgring.hashring.Token;
import io.pgring.proxy.topology.ShardFence;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether rows can be moved from one shard to another so that nothing but their place changes. */
final class MoveCheck {
    private static final UUID PROBE = new UUID(0x0123_4567_89ab_cdefL, 0x0fed_cba9_8765_4321L);

    private static final String PROBES =
            "SELECT hashtext('pgring')::int8 & 4294967295, hashint8(-7)::int8 & 4294967295," + " uuid_hash('" + PROBE
                    + "')::int8 & 4294967295";

    /** Each line must be the same on both shards, in any order: the order of columns may differ. */
    private static final String DEFINITION = """
            SELECT pg_catalog.format('column %%I %%s %%s %%s %%s %%s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                   a.attnotnull, l.collname, a.attgenerated,
                   CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END)
            FROM pg_catalog.pg_attribute a
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
            WHERE a.attrelid = %1$s::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
            UNION ALL
            SELECT 'constraint ' || pg_catalog.pg_get_constraintdef(o.oid)
            FROM pg_catalog.pg_constraint o
            WHERE o.conrelid = %1$s::pg_catalog.regclass AND o.contype IN ('p', 'u', 'x', 'c', 'f')
            UNION ALL
            SELECT 'index ' || pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(x.indexrelid), ' INDEX .* ON (ONLY )?', ' ON ')
            FROM pg_catalog.pg_index x WHERE x.indrelid = %1$s::pg_catalog.regclass AND x.indisunique
            ORDER BY 1
            """;

    private static final String OBSTACLES = """
            WITH RECURSIVE family AS (
                SELECT %1$s::pg_catalog.regclass::oid AS oid
                UNION SELECT i.inhrelid FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid
            )
            SELECT pg_catalog.format('has the trigger %%I, which fires always', t.tgname)
            FROM family f JOIN pg_catalog.pg_trigger t ON t.tgrelid = f.oid
            JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND t.tgenabled IN ('A', 'R') AND p.pronamespace <> 'pgring'::pg_catalog.regnamespace
            UNION ALL
            SELECT pg_catalog.format('has the rule %%I, which fires always', r.rulename)
            FROM family f JOIN pg_catalog.pg_rewrite r ON r.ev_class = f.oid WHERE r.ev_enabled IN ('A', 'R')
            UNION ALL
            SELECT 'has row security, which holds for the role of the proxy too'
            FROM family f WHERE pg_catalog.row_security_active(f.oid)
            UNION ALL
            SELECT pg_catalog.format('has the deferrable constraint %%I', o.conname)
            FROM family f JOIN pg_catalog.pg_constraint o ON o.conrelid = f.oid
            WHERE o.condeferrable AND o.contype IN ('p', 'u', 'x')
            UNION ALL
            SELECT 'is inherited from'
            FROM family f JOIN pg_catalog.pg_class c ON c.oid = f.oid AND c.relkind <> 'p'
            JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid
            UNION ALL
            SELECT 'is foreign, or has a foreign partition'
            FROM family f JOIN pg_catalog.pg_class c ON c.oid = f.oid AND c.relkind NOT IN ('r', 'p')
            """;

    /** What fires unless session_replication_role is replica, which not every role may set. */
    private static final String FIRING = """
            WITH RECURSIVE family AS (
                SELECT %1$s::pg_catalog.regclass::oid AS oid
                UNION SELECT i.inhrelid FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid
            )
            SELECT pg_catalog.format('the trigger %%I', t.tgname)
            FROM family f JOIN pg_catalog.pg_trigger t ON t.tgrelid = f.oid JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND p.pronamespace <> 'pgring'::pg_catalog.regnamespace
            UNION ALL
            SELECT pg_catalog.format('the rule %%I', r.rulename)
            FROM family f JOIN pg_catalog.pg_rewrite r ON r.ev_class = f.oid WHERE r.ev_enabled <> 'D'
            UNION ALL
            SELECT pg_catalog.format('the foreign key %%I', o.conname)
            FROM family f JOIN pg_catalog.pg_constraint o ON f.oid IN (o.conrelid, o.confrelid) WHERE o.contype = 'f'
            """;

    private final ShardSession source;
    private final ShardSession target;
    private final Arcs arcs;

    MoveCheck(ShardSession source, ShardSession target, Arcs arcs) {
        this.source = source;
        this.target = target;
        this.arcs = arcs;
    }

    /** The tables, if all can be moved. */
    List<MovedTable> check(List<ShardedTable> sharded) throws SQLException, MoveRefusedException {
        for (ShardSession shard : List.of(source, target)) {
            probe(shard);
            String missing = shard.value(ShardFence.MISSING_RIGHT);
            if (missing != null) {
                throw new MoveRefusedException("on shard \"" + shard.shard().name() + "\" " + missing);
            }
        }
        List<MovedTable> tables = TableInspection.read(source, sharded);
        List<MovedTable> there = TableInspection.read(target, sharded);
        for (int i = 0; i < tables.size(); i++) {
            MovedTable table = tables.get(i);
            if (!table.key().equals(there.get(i).key())) {
                throw refused(table, "has another primary key on the target");
            }
            compare(table);
            for (ShardSession shard : List.of(source, target)) {
                refuseIf(table, shard, OBSTACLES, "");
                if (!shard.isReplica()) {
                    refuseIf(
                            table,
                            shard,
                            FIRING,
                            "would fire what a move must not, as the role of the proxy may not set session_replication_role: ");
                }
            }
        }
        return tables;
    }

    /** That the target has no row of the arcs: it would be taken for one that was moved. */
    void checkEmpty(List<MovedTable> tables) throws SQLException, MoveRefusedException {
        for (MovedTable table : tables) {
            if (target.exists("SELECT 1 FROM " + table.sql() + " AS t WHERE " + table.onArcs("t", arcs) + " LIMIT 1")) {
                throw refused(
                        table,
                        "has rows on shard \"" + target.shard().name() + "\" already that belong to another one");
            }
        }
    }

    /** About how many rows there are to move. */
    long estimate(List<MovedTable> tables, double share) throws SQLException {
        double rows = 0;
        for (MovedTable table : tables) {
            rows += RowEstimate.of(source.connection(), table.sql()).rows();
        }
        return Math.round(rows * share);
    }

    private static void probe(ShardSession shard) throws SQLException, MoveRefusedException {
        List<@Nullable String> expected = List.of(
                unsigned(Token.ofText("pgring")),
                unsigned(Token.ofLong(-7)),
                unsigned(Token.ofUuid(PROBE.getMostSignificantBits(), PROBE.getLeastSignificantBits())));
        if (!shard.rows(PROBES).get(0).equals(expected)) {
            throw new MoveRefusedException("shard \"" + shard.shard().name() + "\" has other tokens for keys");
        }
    }

    private static String unsigned(int token) {
        return Long.toString(Token.toUnsigned(token));
    }

    private void compare(MovedTable table) throws SQLException, MoveRefusedException {
        String sql = DEFINITION.formatted(TableInspection.regclass(table.table()));
        List<String> here = new ArrayList<>();
        List<String> there = new ArrayList<>();
        source.rows(sql).forEach(row -> here.add(Objects.requireNonNull(row.get(0))));
        target.rows(sql).forEach(row -> there.add(Objects.requireNonNull(row.get(0))));
        if (!here.equals(there)) {
            List<String> differing = new ArrayList<>(here);
            differing.removeAll(there);
            differing.addAll(there.stream().filter(line -> !here.contains(line)).toList());
            throw refused(
                    table,
                    "is defined otherwise on shard \"" + target.shard().name() + "\": " + String.join("; ", differing));
        }
    }

    private static void refuseIf(MovedTable table, ShardSession shard, String query, String prefix)
            throws SQLException, MoveRefusedException {
        String found = shard.value(query.formatted(TableInspection.regclass(table.table())));
        if (found != null) {
            throw refused(table, "on shard \"" + shard.shard().name() + "\" " + prefix + found);
        }
    }

    private static MoveRefusedException refused(MovedTable table, String reason) {
        return new MoveRefusedException("table " + table.qualifiedName() + " " + reason);
    }
}

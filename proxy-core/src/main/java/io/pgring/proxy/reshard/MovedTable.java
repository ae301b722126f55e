package io.pgring.proxy.reshard;

import io.pgring.hashring.Arcs;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.TokenSql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table, as far as its rows are moved; makes the SQL for it. The columns are those of the source, by name: their order on the target does
 * not matter.
 *
 * @param key columns of the primary key, in the order of its index; empty only for a table whose rows are deleted
 * @param written columns that an INSERT may write: all but generated ones
 * @param columns all of them
 * @param family the table and its partitions at any depth, quoted
 */
record MovedTable(
        ShardedTable table, List<KeyColumn> key, List<String> written, List<String> columns, List<String> family) {
    private static final int ID_LENGTH = 16;

    /**
     * A column of the primary key.
     *
     * @param name quoted
     * @param type without modifiers, as SQL
     */
    record KeyColumn(String name, String type) {}

    /** Schema and name, quoted. */
    String sql() {
        return GatherNames.quote(table.definition().schema(), table.definition().name());
    }

    String qualifiedName() {
        return table.qualifiedName();
    }

    /** What its outbox and staged rows are named by: the same for every mover. */
    String id() {
        return id(table);
    }

    static String id(ShardedTable table) {
        return GatherNames.sha256(table.qualifiedName()).substring(0, ID_LENGTH);
    }

    /** Where keys of rows are staged, on both shards: a temporary table. */
    String keys() {
        return "pg_temp.pgring_keys_" + id();
    }

    /** Where rows are staged, on the target: a temporary table. */
    String stage() {
        return "pg_temp.pgring_rows_" + id();
    }

    /** Makes both, empty again after each transaction. */
    List<String> createStages() {
        return List.of(
                "DROP TABLE IF EXISTS " + keys(),
                "DROP TABLE IF EXISTS " + stage(),
                "CREATE TEMPORARY TABLE pgring_keys_" + id() + " ON COMMIT DELETE ROWS AS SELECT " + keyList("t")
                        + " FROM " + sql() + " AS t WITH NO DATA",
                "CREATE TEMPORARY TABLE pgring_rows_" + id() + " ON COMMIT DELETE ROWS AS SELECT " + list(written, "t")
                        + " FROM " + sql() + " AS t WITH NO DATA");
    }

    /** Whether rows lie on arcs. */
    String onArcs(String alias, Arcs arcs) {
        return token(alias) + " OPERATOR(pg_catalog.<@) " + literal(arcs);
    }

    /** Token of rows. */
    String token(String alias) {
        return TokenSql.of(table, alias);
    }

    static String literal(Arcs arcs) {
        return "'" + arcs + "'::pg_catalog.int8multirange";
    }

    /** The key's columns of rows. */
    String keyList(String alias) {
        return list(key.stream().map(KeyColumn::name).toList(), alias);
    }

    /** The key's columns as names alone. */
    String keyNames() {
        return key.stream().map(KeyColumn::name).collect(Collectors.joining(", "));
    }

    /** The columns that are written, as names alone. */
    String writtenNames() {
        return String.join(", ", written);
    }

    /** The columns that are written, of rows. */
    String writtenList(String alias) {
        return list(written, alias);
    }

    /** Whether two rows have the same key. */
    String sameKey(String alias, String other) {
        return key.stream()
                .map(column -> alias + "." + column.name() + " = " + other + "." + column.name())
                .collect(Collectors.joining(" AND "));
    }

    /** A number for the whole row, the same on each shard. */
    String hash(String alias) {
        return "pg_catalog.hashtextextended(ROW(" + list(columns, alias)
                + ")::pg_catalog.text COLLATE pg_catalog.\"C\", 0)";
    }

    /** Rows above the lower key, up to the upper one. */
    String between(String alias, @Nullable List<String> lower, @Nullable List<String> upper) {
        List<String> conditions = new ArrayList<>();
        if (lower != null) {
            conditions.add("(" + keyList(alias) + ") > (" + values(lower) + ")");
        }
        if (upper != null) {
            conditions.add("(" + keyList(alias) + ") <= (" + values(upper) + ")");
        }
        return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
    }

    /** The key that has so many keys from the lower one, exclusive, to it, inclusive; no row when there are fewer. */
    String upperKey(@Nullable List<String> lower, int rows) {
        String formatted = key.stream()
                .map(column -> "pg_catalog.format('%s', u." + column.name() + ")")
                .collect(Collectors.joining(", "));
        return "SELECT " + formatted + " FROM (SELECT " + keyList("t") + " FROM " + sql() + " AS t WHERE "
                + between("t", lower, null) + " ORDER BY " + keyList("t") + " OFFSET " + (rows - 1) + " LIMIT 1) AS u";
    }

    private String values(List<String> values) {
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            literals.add(ShardSession.literal(values.get(i)) + "::" + key.get(i).type());
        }
        return String.join(", ", literals);
    }

    private static String list(List<String> columns, String alias) {
        return columns.stream().map(column -> alias + "." + column).collect(Collectors.joining(", "));
    }
}

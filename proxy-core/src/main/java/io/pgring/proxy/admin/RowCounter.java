package io.pgring.proxy.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows of one shard without ever being a burden to it: a small table is counted, within a time; for a large one the
 * planner's estimate is taken (manual, "Statistics Used by the Planner"), which scales {@code reltuples} of the last
 * ANALYZE to the table's present size, and guesses from that size when there was none. Blocks: for control threads.
 */
final class RowCounter {
    /** An estimate below that is worth counting. */
    private static final long COUNTED_ROWS_MAX = 100_000;
    /** A table on disk up to this size, without its large values, is read in some ten milliseconds. */
    private static final long COUNTED_BYTES_MAX = 64L << 20;

    private static final String SIZE = """
            WITH RECURSIVE part(oid) AS (
                SELECT c.oid
                FROM pg_catalog.pg_class c
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ?
                UNION ALL
                SELECT i.inhrelid FROM part p JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid
            )
            SELECT pg_catalog.sum(pg_catalog.pg_relation_size(oid))::bigint FROM part
            """;

    private final Connection connection;
    private final long endNanos;

    /** @param millisMax time for all tables together */
    RowCounter(Connection connection, long millisMax) {
        this.connection = connection;
        this.endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
    }

    /** The rows of each table; unknown for those that took too long or can't be read. */
    List<TableRows> count(List<ShardedTable> tables) {
        List<TableRows> rows = new ArrayList<>();
        for (ShardedTable table : tables) {
            TableRows counted = null;
            try {
                counted = count(table.definition());
            } catch (SQLException | JsonProcessingException e) {
                // A table that is locked, dropped, or not ours to read.
            }
            rows.add(counted == null ? TableRows.unknown(table.definition().qualifiedName()) : counted);
        }
        return rows;
    }

    private @Nullable TableRows count(TableClass.Sharded table) throws SQLException, JsonProcessingException {
        Long bytes = size(table);
        if (bytes == null) {
            return null;
        }
        String from = " FROM " + SqlName.ofTable(table.schema(), table.name());
        long estimate = Json.decode(ask("EXPLAIN (FORMAT JSON) SELECT" + from))
                .path(0)
                .path("Plan")
                .path("Plan Rows")
                .asLong();
        if (bytes > COUNTED_BYTES_MAX || estimate >= COUNTED_ROWS_MAX) {
            return new TableRows(table.qualifiedName(), estimate, false);
        }
        try {
            long rows = Long.parseLong(ask("SELECT pg_catalog.count(*)" + from));
            return new TableRows(table.qualifiedName(), rows, true);
        } catch (SQLException e) {
            return new TableRows(table.qualifiedName(), estimate, false);
        }
    }

    /** Bytes of the table with its partitions; null when there is no such table. */
    private @Nullable Long size(TableClass.Sharded table) throws SQLException {
        limitTime();
        try (PreparedStatement statement = connection.prepareStatement(SIZE)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long bytes = row.getLong(1);
                return row.wasNull() ? null : bytes;
            }
        }
    }

    private String ask(String sql) throws SQLException {
        limitTime();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** The next statement gets the time that is left: it may wait for a lock. */
    private void limitTime() throws SQLException {
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = " + millis);
        }
    }
}

package io.pgring.proxy.reshard;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * How much a table has, with its partitions, without reading it all. As the planner does it: the rows on a page that the last ANALYZE or VACUUM has
 * found, times the pages of now. A table that was never analysed is read at its beginning instead.
 *
 * @param rows of its leaves
 * @param bytes of those, with their indexes
 */
record RowEstimate(double rows, double bytes) {
    private static final int SAMPLED_PAGES = 100;

    private static final String LEAVES = """
            WITH RECURSIVE family AS (
                SELECT pg_catalog.to_regclass(?)::oid AS oid
                UNION SELECT i.inhrelid FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid
            )
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), c.reltuples::pg_catalog.float8, c.relpages,
                   pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::pg_catalog.int8,
                   pg_catalog.pg_total_relation_size(c.oid)::pg_catalog.float8
            FROM family f JOIN pg_catalog.pg_class c ON c.oid = f.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r'
            """;

    /** @param rows -1 or 0 when nobody knows */
    private record Leaf(String name, double rows, long pagesThen, long pages, double bytes) {}

    /** @param table quoted */
    static RowEstimate of(Connection connection, String table) throws SQLException {
        List<Leaf> leaves = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(LEAVES)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    leaves.add(new Leaf(
                            row.getString(1), row.getDouble(2), row.getLong(3), row.getLong(4), row.getDouble(5)));
                }
            }
        }
        double rows = 0;
        double bytes = 0;
        for (Leaf leaf : leaves) {
            rows += rows(connection, leaf);
            bytes += leaf.bytes();
        }
        return new RowEstimate(rows, bytes);
    }

    private static double rows(Connection connection, Leaf leaf) throws SQLException {
        if (leaf.pages() == 0) {
            return 0;
        }
        if (leaf.rows() > 0 && leaf.pagesThen() > 0) {
            return leaf.rows() / leaf.pagesThen() * leaf.pages();
        }
        String sample = "SELECT count(*) FROM ONLY " + leaf.name() + " WHERE ctid < '(" + SAMPLED_PAGES
                + ",0)'::pg_catalog.tid";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sample)) {
            row.next();
            return row.getLong(1) * Math.max(1.0, (double) leaf.pages() / SAMPLED_PAGES);
        }
    }
}

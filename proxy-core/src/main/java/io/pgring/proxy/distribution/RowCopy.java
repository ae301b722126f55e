package io.pgring.proxy.distribution;

import io.pgring.proxy.gather.Ddl;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * Copies rows from server to server while they stream. As text, since the binary form of arrays and composites names types by numbers that
 * differ between servers; with settings on both sides under which each type reads back what it has written.
 */
final class RowCopy {
    private static final long PROGRESS_ROWS = 10_000;

    private static final List<String> SETTINGS = List.of(
            "SET LOCAL client_encoding = 'UTF8'",
            "SET LOCAL bytea_output = 'hex'",
            "SET LOCAL datestyle = 'ISO, YMD'",
            "SET LOCAL intervalstyle = 'postgres'",
            "SET LOCAL timezone = 'UTC'",
            "SET LOCAL extra_float_digits = 3",
            "SET LOCAL lc_monetary = 'C'",
            "SET LOCAL xmloption = 'content'");

    private RowCopy() {}

    /** Values have the same text on all servers, for the rest of the transaction. */
    static void prepare(Ddl ddl) throws SQLException {
        ddl.execute(SETTINGS);
    }

    /**
     * Copies.
     *
     * @param condition of the rows; empty for all
     * @return how many rows
     */
    static long copy(Ddl from, Ddl to, TableDefinition table, String condition, LongConsumer progress)
            throws SQLException {
        prepare(from);
        prepare(to);
        String columns = table.valueColumns();
        String query = "COPY (SELECT " + columns + " FROM " + table.quotedName()
                + (condition.isEmpty() ? "" : " WHERE " + condition) + ") TO STDOUT";
        PGCopyInputStream out = new PGCopyInputStream(from.connection().unwrap(PGConnection.class), query);
        PGCopyOutputStream in = new PGCopyOutputStream(
                to.connection().unwrap(PGConnection.class),
                "COPY " + table.quotedName() + " (" + columns + ") FROM STDIN");
        try {
            long rows = 0;
            byte[] row = out.readFromCopy();
            while (row != null) {
                in.writeToCopy(row, 0, row.length);
                rows++;
                if (rows % PROGRESS_ROWS == 0) {
                    progress.accept(rows);
                }
                row = out.readFromCopy();
            }
            long written = in.endCopy();
            if (written != rows) {
                throw new SQLException("copied " + rows + " rows, of which " + written + " were written");
            }
            progress.accept(rows);
            return rows;
        } finally {
            // A connection in the midst of a COPY can do nothing else, not even roll back.
            if (out.isActive()) {
                out.cancelCopy();
            }
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }
}

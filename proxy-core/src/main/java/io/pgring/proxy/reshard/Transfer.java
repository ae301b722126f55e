package io.pgring.proxy.reshard;

import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;
import org.postgresql.copy.PGCopyOutputStream;

/** Rows that go from one connection to another while they stream. */
record Transfer(long rows, long bytes) {

    /**
     * Copies.
     *
     * @param query whose rows are read
     * @param into the table with its columns, as of a COPY
     */
    static Transfer copy(ShardSession from, String query, ShardSession to, String into) throws SQLException {
        PGCopyInputStream out =
                new PGCopyInputStream(from.connection().unwrap(PGConnection.class), "COPY (" + query + ") TO STDOUT");
        PGCopyOutputStream in = null;
        try {
            byte[] row = out.readFromCopy();
            if (row == null) {
                return new Transfer(0, 0);
            }
            in = new PGCopyOutputStream(to.connection().unwrap(PGConnection.class), "COPY " + into + " FROM STDIN");
            long rows = 0;
            long bytes = 0;
            while (row != null) {
                in.writeToCopy(row, 0, row.length);
                rows++;
                bytes += row.length;
                row = out.readFromCopy();
            }
            long written = in.endCopy();
            if (written != rows) {
                throw new SQLException("copied " + rows + " rows, of which " + written + " were written");
            }
            return new Transfer(rows, bytes);
        } finally {
            // A connection in the midst of a COPY can do nothing else, not even roll back.
            if (out.isActive()) {
                out.cancelCopy();
            }
            if (in != null && in.isActive()) {
                in.cancelCopy();
            }
        }
    }
}

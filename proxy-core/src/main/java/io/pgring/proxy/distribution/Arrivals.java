package io.pgring.proxy.distribution;

import io.pgring.proxy.gather.Ddl;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.GatherNames;
import java.sql.SQLException;
import java.util.List;

/**
 * The notes of a shard, in {@code pgring.arrivals}, about the rows that it was given by attempts of which it does not know the outcome. A note
 * is written in the transaction that brings the rows, so that there are no rows of an attempt without a note of it.
 */
final class Arrivals {
    private Arrivals() {}

    /** A table that came with an attempt. */
    private record Arrival(String table, boolean created) {}

    /** Makes the table, or makes sure that it is the same and empty, and notes it. */
    static void receive(Ddl other, String shard, TableDefinition table, String attempt)
            throws SQLException, DistributionException {
        TableDefinition here = TableDefinition.read(other, table.schema(), table.name());
        String schema = GatherNames.quote(table.schema());
        if (here == null) {
            if (!other.exists("SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ?", table.schema())) {
                other.execute("CREATE SCHEMA " + schema);
            }
            other.execute(table.create());
        } else if (!here.equals(table)) {
            throw new DistributionException(
                    "55000",
                    "table \"" + table.name() + "\" of shard \"" + shard
                            + "\" is defined otherwise than that of the home shard",
                    "Drop it, and it will be made anew.");
        } else if (other.exists("SELECT 1 FROM " + table.quotedName() + " LIMIT 1")) {
            throw new DistributionException(
                    "55000",
                    "table \"" + table.name() + "\" of shard \"" + shard + "\" has rows",
                    "Empty it, after moving to the home shard what is needed.");
        }
        CatalogSchema.ensureOther(other.connection());
        other.execute("INSERT INTO pgring.arrivals (attempt, schema_name, table_name, created) VALUES ("
                + Ddl.literal(attempt) + ", " + Ddl.literal(table.schema()) + ", " + Ddl.literal(table.name()) + ", "
                + (here == null) + ")");
    }

    /** Takes back what an attempt that has failed brought. */
    static void discard(Ddl other, String attempt) throws SQLException {
        if (!other.exists("SELECT 1 FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('pgring.arrivals')")) {
            return;
        }
        List<Arrival> arrivals = other.rows(
                row -> new Arrival(GatherNames.quote(row.getString(1), row.getString(2)), row.getBoolean(3)),
                "SELECT schema_name, table_name, created FROM pgring.arrivals WHERE attempt = ?::uuid",
                attempt);
        for (Arrival arrival : arrivals) {
            other.execute(
                    arrival.created() ? "DROP TABLE IF EXISTS " + arrival.table() : "DELETE FROM " + arrival.table());
        }
        forget(other, attempt);
    }

    /** Forgets an attempt that has succeeded. */
    static void forget(Ddl other, String attempt) throws SQLException {
        other.execute("DELETE FROM pgring.arrivals WHERE attempt = " + Ddl.literal(attempt));
    }
}

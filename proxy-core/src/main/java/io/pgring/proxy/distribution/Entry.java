package io.pgring.proxy.distribution;

import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.gather.Ddl;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code pgring.tables}, see {@link io.pgring.proxy.topology.CatalogSchema}.
 *
 * @param attempt a UUID, new for each table that arrives
 */
record Entry(TableConfiguration table, String state, String attempt) {
    static final String ARRIVING = "arriving";
    static final String SETTLED = "settled";
    static final String LEAVING = "leaving";
    static final String LEFT = "left";

    private static final String ALL = "SELECT schema_name, table_name, key_column, state, attempt FROM pgring.tables";

    /** All of the home shard. */
    static List<Entry> all(Ddl home) throws SQLException {
        return home.rows(
                row -> new Entry(
                        new TableConfiguration(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4),
                        row.getString(5)),
                ALL);
    }

    /** That of one table. */
    static @Nullable Entry of(Ddl home, String schema, String name) throws SQLException {
        for (Entry entry : all(home)) {
            if (entry.table().schema().equals(schema) && entry.table().name().equals(name)) {
                return entry;
            }
        }
        return null;
    }

    void insert(Ddl home) throws SQLException {
        String key = table.keyColumn();
        home.execute("INSERT INTO pgring.tables (schema_name, table_name, class, key_column, state, attempt) VALUES ("
                + Ddl.literal(table.schema()) + ", " + Ddl.literal(table.name())
                + (key == null ? ", 'r', NULL, " : ", 's', " + Ddl.literal(key) + ", ") + Ddl.literal(state) + ", "
                + Ddl.literal(attempt) + ")");
    }

    void changeState(Ddl home, String next) throws SQLException {
        home.execute("UPDATE pgring.tables SET state = " + Ddl.literal(next) + " WHERE attempt = "
                + Ddl.literal(attempt) + " AND state = " + Ddl.literal(state));
    }

    void delete(Ddl home) throws SQLException {
        home.execute("DELETE FROM pgring.tables WHERE attempt = " + Ddl.literal(attempt));
    }
}

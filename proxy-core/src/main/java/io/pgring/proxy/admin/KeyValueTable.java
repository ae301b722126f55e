package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.ShardedTable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table behind the key-value API, and the two statements on it.
 *
 * @param name as in SQL, quoted
 */
record KeyValueTable(String name) {

    private static final Set<String> COLUMNS = Set.of("key", "value");

    /** A prepared statement of the API's sessions. */
    record Statement(String name, String sql) {}

    /**
     * The first sharded table with the columns {@code key}, by which it is sharded, and {@code value}, and with no other column whose
     * default the home shard must compute; null without one.
     */
    static @Nullable KeyValueTable of(Catalog catalog) {
        for (ShardedTable table : catalog.sharded()) {
            TableClass.Sharded definition = table.definition();
            boolean fits = definition.keyColumn().equals("key")
                    && definition.columns().contains("value")
                    && COLUMNS.containsAll(definition.drawnColumns());
            if (fits) {
                return new KeyValueTable(SqlName.ofTable(definition.schema(), definition.name()));
            }
        }
        return null;
    }

    /**
     * The same, which must be there.
     *
     * @throws RequestRefused (501) when it is not
     */
    static KeyValueTable required(Catalog catalog) {
        KeyValueTable table = of(catalog);
        if (table == null) {
            throw new RequestRefused(Answer.problem(
                    HttpResponseStatus.NOT_IMPLEMENTED,
                    "there is no sharded table with the columns key and value",
                    "Create it on every shard: CREATE TABLE kv (key text PRIMARY KEY, value text); and list it under"
                            + " tables in the configuration: - name: public.kv, keyColumn: key."));
        }
        return table;
    }

    /** Parameters: key, value. */
    Statement write() {
        return new Statement(
                "write",
                "INSERT INTO " + name
                        + " (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    }

    /** Parameter: key. Result: value. */
    Statement read() {
        return new Statement("read", "SELECT value FROM " + name + " WHERE key = $1");
    }
}

package io.pgring.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.KeyType;
import io.pgring.proxy.topology.ShardedTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyValueTableTest {

    private static Catalog catalog(TableClass.Sharded... tables) {
        List<ShardedTable> sharded = List.of(tables).stream()
                .map(table -> new ShardedTable(table, KeyType.TEXT, Integer.MAX_VALUE))
                .toList();
        return new Catalog(sharded, List.of(), Map.of());
    }

    private static TableClass.Sharded table(String name, String keyColumn, String... columns) {
        return new TableClass.Sharded("public", name, keyColumn, List.of(columns));
    }

    @Test
    void isTheFirstTableThatFits() {
        assertThat(KeyValueTable.of(catalog(
                        table("events", "id", "id", "value"),
                        table("odd", "id", "id", "key", "value"),
                        table("kv", "key", "key", "value"),
                        table("kv2", "key", "key", "value"))))
                .isEqualTo(new KeyValueTable("\"public\".\"kv\""));
        assertThat(KeyValueTable.of(catalog(table("kv", "key", "key", "text")))).isNull();
    }

    @Test
    void hasParametersForAllThatComesFromOutside() {
        KeyValueTable table = new KeyValueTable(SqlName.ofTable("public", "a\"b"));

        assertThat(table.read().sql()).isEqualTo("SELECT value FROM \"public\".\"a\"\"b\" WHERE key = $1");
        assertThat(table.write().sql())
                .isEqualTo("INSERT INTO \"public\".\"a\"\"b\" (key, value) VALUES ($1, $2)"
                        + " ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    }
}

package io.pgring.pgsql.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code public.kv} and {@code app.orders} are sharded; the view {@code kv_view} and the function {@code count_kv} hide kv. */
final class FakeCatalog implements TableCatalog {
    static final TableClass.Sharded KV = new TableClass.Sharded("public", "kv", "key", List.of("key", "value"));
    static final TableClass.Sharded ORDERS =
            new TableClass.Sharded("app", "orders", "customer", List.of("id", "customer", "total"));

    @Override
    public @Nullable TableClass find(@Nullable String schema, String name) {
        if (schema == null || schema.equals("public")) {
            if (name.equals("kv")) {
                return KV;
            }
            if (name.equals("kv_view")) {
                return new TableClass.Hiding("public", name, "The view reads the sharded table \"public.kv\".");
            }
        }
        return "app".equals(schema) && name.equals("orders") ? ORDERS : null;
    }

    @Override
    public @Nullable TableClass findByIndex(@Nullable String schema, String index) {
        return index.equals("kv_value_idx") ? KV : null;
    }

    @Override
    public @Nullable String hidingFunction(String name) {
        return name.equals("count_kv") ? "The function reads the sharded table \"public.kv\"." : null;
    }
}

package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.analysis.TableCatalog;
import io.pgring.pgsql.analysis.TableClass;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sharded, reference, hiding and unsharded tables; {@code other} and everything else is unsharded. */
final class SpreadCatalog implements TableCatalog {
    static final TableClass.Sharded KV = new TableClass.Sharded(
            "public",
            "kv",
            "key",
            List.of("key", "value", "note", "n", "big", "price", "ratio", "at", "ok"),
            List.of(
                    ColumnType.TEXT_BY_BYTES,
                    ColumnType.TEXT_BY_BYTES,
                    ColumnType.TEXT,
                    ColumnType.INTEGER,
                    ColumnType.BIGINT,
                    ColumnType.NUMERIC,
                    ColumnType.DOUBLE_PRECISION,
                    ColumnType.TIMESTAMPTZ,
                    ColumnType.BOOLEAN));
    static final TableClass.Sharded CUSTOMERS = new TableClass.Sharded(
            "public",
            "customers",
            "id",
            List.of("id", "name", "country"),
            List.of(ColumnType.BIGINT, ColumnType.TEXT, ColumnType.TEXT_BY_BYTES),
            Set.of(),
            false,
            Set.of("id"));
    static final TableClass.Sharded ORDERS = new TableClass.Sharded(
            "app",
            "orders",
            "customer",
            List.of("id", "customer", "total", "status"),
            List.of(ColumnType.BIGINT, ColumnType.INTEGER, ColumnType.NUMERIC, ColumnType.TEXT_BY_BYTES));
    static final TableClass.Sharded ODD = new TableClass.Sharded(
            "public", "Odd \"Name\"", "Key", List.of("Key", "select"), List.of(ColumnType.UUID, ColumnType.INTEGER));

    private static final List<TableClass> IN_PUBLIC = List.of(
            KV,
            CUSTOMERS,
            ODD,
            new TableClass.Reference("public", "countries"),
            new TableClass.Reference("public", "rates"),
            new TableClass.Hiding("public", "kv_view", "The view reads the sharded table \"public.kv\".", true),
            new TableClass.Hiding("public", "kv_rule", "The view has a rule.", false));

    @Override
    public @Nullable TableClass find(@Nullable String schema, String name) {
        if (schema == null || schema.equals("public")) {
            for (TableClass table : IN_PUBLIC) {
                if (table.name().equals(name)) {
                    return table;
                }
            }
        }
        return "app".equals(schema) && name.equals("orders") ? ORDERS : null;
    }

    @Override
    public @Nullable String hidingFunction(String name) {
        return name.equals("count_kv") ? "The function reads the sharded table \"public.kv\"." : null;
    }
}

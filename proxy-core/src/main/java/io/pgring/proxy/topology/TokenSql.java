package io.pgring.proxy.topology;

/** The token of a table's rows in SQL, as every shard computes it: an unsigned 32-bit number in a bigint. */
public final class TokenSql {
    private TokenSql() {}

    /** Of rows that no alias stands for. */
    public static String of(ShardedTable table) {
        return table.keyType().tokenSql(GatherNames.quote(table.definition().keyColumn()));
    }

    /**
     * Of rows that an alias stands for.
     *
     * @param alias as SQL: {@code "t"}, {@code NEW}
     */
    public static String of(ShardedTable table, String alias) {
        return table.keyType()
                .tokenSql(alias + "." + GatherNames.quote(table.definition().keyColumn()));
    }
}

package io.pgring.it.compare;

import java.util.List;

/**
 * A table as the generator knows it.
 *
 * @param keys the columns of its primary key
 */
record RandomTable(String name, List<String> keys, List<RandomColumn> columns) {
    private static final List<String> CUSTOMERS =
            List.of("-1", "0", "1", "2", "3", "4", "5", "6", "7", "9", "10", "14", "20", "77", "9223372036854775807");
    private static final List<String> CODES = List.of("DE", "IT", "FR", "AT", "XX", "");

    /** The tables of {@link ComparedTable} that statements are made up about. */
    static final List<RandomTable> ALL = List.of(
            new RandomTable(
                    "customers",
                    List.of("id"),
                    List.of(
                            new RandomColumn("id", ParameterType.INT8, CUSTOMERS),
                            new RandomColumn("name", ParameterType.TEXT, List.of("Ann", "Bob B.", "Zero", "o'", "")),
                            new RandomColumn("country", ParameterType.TEXT, CODES),
                            new RandomColumn("vip", ParameterType.BOOL, List.of("true", "false")),
                            new RandomColumn(
                                    "born", ParameterType.DATE, List.of("1970-01-31", "1976-07-12", "2000-02-29")))),
            new RandomTable(
                    "orders",
                    List.of("customer", "id"),
                    List.of(
                            new RandomColumn("customer", ParameterType.INT8, CUSTOMERS),
                            new RandomColumn("id", ParameterType.INT4, List.of("1", "2", "3", "4", "5", "2147483647")),
                            new RandomColumn(
                                    "amount",
                                    ParameterType.NUMERIC,
                                    List.of("0.00", "11.25", "50.50", "-12.50", "99.99")),
                            new RandomColumn("note", ParameterType.TEXT, List.of("red", "green", "Blue", "öre", "")),
                            new RandomColumn(
                                    "placed",
                                    ParameterType.TIMESTAMPTZ,
                                    List.of("2026-01-01 07:00+00", "2026-01-05 12:00+00", "2026-03-29 01:30+00")))),
            new RandomTable(
                    "countries",
                    List.of("code"),
                    List.of(
                            new RandomColumn("code", ParameterType.TEXT, CODES),
                            new RandomColumn("name", ParameterType.TEXT, List.of("Germany", "Italy", "Nowhere")))),
            new RandomTable(
                    "settings",
                    List.of("name"),
                    List.of(
                            new RandomColumn(
                                    "name", ParameterType.TEXT, List.of("colour", "size", "limit", "DE", "new")),
                            new RandomColumn("value", ParameterType.TEXT, List.of("red", "10", "x")),
                            new RandomColumn("n", ParameterType.INT4, List.of("1", "2", "3", "4")))),
            new RandomTable(
                    "kv",
                    List.of("key"),
                    List.of(
                            new RandomColumn(
                                    "key", ParameterType.TEXT, List.of("k1", "k2", "k5", "k10", "1", "o'k", "", "k77")),
                            new RandomColumn("value", ParameterType.TEXT, List.of("v1", "v10", "v", "red")))));

    /** Its rows under another name. */
    RandomSource as(String alias) {
        return new RandomSource(alias, columns, keys);
    }

    boolean isKey(RandomColumn column) {
        return keys.contains(column.name());
    }
}

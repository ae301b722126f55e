package io.pgring.proxy.admin;

/** Names in SQL. */
final class SqlName {
    private SqlName() {}

    /** A table's name, quoted so that it means this table whatever it is called and whatever the search path is. */
    static String ofTable(String schema, String name) {
        return quoted(schema) + "." + quoted(name);
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}

package io.pgring.pgsql.spread;

/** Identifiers as SQL. */
final class Names {
    private Names() {}

    /** In double quotes. */
    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}

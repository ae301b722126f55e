package io.pgring.it.wire;

import java.util.List;

/**
 * A statement that scripts use.
 *
 * @param sql with $1, $2 for its parameters
 * @param parameters how many there are; the first of a keyed one is the key
 * @param place which server it must reach
 */
record ScriptStatement(String sql, int parameters, Place place) {
    /** Which server a statement must reach. */
    enum Place {
        /** That of its key. */
        KEY,
        /** The home shard. */
        HOME,
        /** Any. */
        ANY
    }

    /** On rows with one key. */
    static final List<ScriptStatement> KEYED = List.of(
            keyed("INSERT INTO kv VALUES ($1, $2)", 2),
            keyed("INSERT INTO kv VALUES ($1, $2)", 2),
            keyed(
                    "INSERT INTO kv (value, key) VALUES ($2, $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
                            + " RETURNING value",
                    2),
            keyed("SELECT value FROM kv WHERE key = $1", 1),
            keyed("SELECT value FROM kv WHERE key = $1", 1),
            keyed("UPDATE kv SET value = $2 WHERE key = $1", 2),
            keyed("DELETE FROM kv WHERE key = $1 RETURNING key, value", 1),
            keyed("SELECT key, 1 / (length(value) - length(value)) FROM kv WHERE key = $1", 1),
            keyed("SELECT nosuch FROM kv WHERE key = $1", 1),
            keyed("SELECT key, generate_series(1, 5) FROM kv WHERE key = $1", 1),
            keyed("SELECT key, $2::integer FROM kv WHERE key = $1", 2));

    /** On no table, or on one that is not there. */
    static final List<ScriptStatement> ANYWHERE = List.of(
            new ScriptStatement("SELECT 1", 0, Place.ANY),
            new ScriptStatement("SELECT 1 / 0", 0, Place.ANY),
            new ScriptStatement("SELECT $1::text || $2::text", 2, Place.ANY),
            new ScriptStatement("SELECT generate_series(1, 5)", 0, Place.ANY),
            new ScriptStatement("SELECT repeat($1::text, 3000)", 1, Place.ANY),
            new ScriptStatement("SHOW work_mem", 0, Place.ANY),
            new ScriptStatement("SHOW application_name", 0, Place.ANY),
            new ScriptStatement("SHOW statement_timeout", 0, Place.ANY));

    /** On unsharded tables, or not understood by anybody. */
    static final List<ScriptStatement> HOME = List.of(
            new ScriptStatement("INSERT INTO home (owner, note) VALUES ($1, $2)", 2, Place.HOME),
            new ScriptStatement("SELECT owner, note FROM home WHERE owner = $1 ORDER BY note", 1, Place.HOME),
            new ScriptStatement("COPY (SELECT generate_series(1, 3)) TO STDOUT", 0, Place.HOME),
            new ScriptStatement("SELECT * FROM nosuch", 0, Place.HOME),
            new ScriptStatement("SELEC 1", 0, Place.HOME),
            new ScriptStatement("SELECT 'open", 0, Place.HOME),
            new ScriptStatement("", 0, Place.HOME),
            new ScriptStatement(" ; ", 0, Place.HOME));

    /** Of the transaction. */
    static final List<ScriptStatement> CONTROL = List.of(
            control("BEGIN"),
            control("BEGIN"),
            control("COMMIT"),
            control("COMMIT"),
            control("ROLLBACK"),
            control("ROLLBACK AND CHAIN"),
            control("COMMIT AND CHAIN"),
            control("SAVEPOINT a"),
            control("SAVEPOINT b"),
            control("ROLLBACK TO SAVEPOINT a"),
            control("RELEASE SAVEPOINT a"),
            control("RELEASE b"));

    /** Of the session. */
    static final List<ScriptStatement> SESSION = List.of(
            control("SET work_mem = '5MB'"),
            control("SET SESSION work_mem TO '6MB'"),
            control("SET LOCAL work_mem = '7MB'"),
            control("RESET work_mem"),
            control("SET application_name = 'other'"),
            control("RESET application_name"),
            control("SET statement_timeout = 54321"),
            control("RESET ALL"));

    private static ScriptStatement keyed(String sql, int parameters) {
        return new ScriptStatement(sql, parameters, Place.KEY);
    }

    private static ScriptStatement control(String sql) {
        return new ScriptStatement(sql, 0, Place.ANY);
    }

    /** Whether it is about the transaction or the session. */
    boolean isVirtual() {
        return CONTROL.contains(this) || SESSION.contains(this);
    }

    /** With constants in place of the parameters. */
    String withLiterals(List<String> values) {
        String text = sql;
        for (int i = 0; i < parameters; i++) {
            text = text.replace("$" + (i + 1), "'" + values.get(i).replace("'", "''") + "'");
        }
        return text;
    }
}

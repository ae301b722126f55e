package io.pgring.it.wire;

import static io.pgring.it.wire.ScriptStatement.Parameter.ID;
import static io.pgring.it.wire.ScriptStatement.Parameter.KEY;
import static io.pgring.it.wire.ScriptStatement.Parameter.NUMBER;
import static io.pgring.it.wire.ScriptStatement.Parameter.TEXT;
import static io.pgring.it.wire.ScriptStatement.Parameter.WORD;
import static io.pgring.it.wire.ScriptStatement.anywhere;
import static io.pgring.it.wire.ScriptStatement.home;
import static io.pgring.it.wire.ScriptStatement.keyed;
import static io.pgring.it.wire.ScriptStatement.spread;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The statements that scripts are made of. */
final class StatementChoice {
    /** The tables that they use. */
    static final String KV = "CREATE TABLE IF NOT EXISTS kv (key text PRIMARY KEY, value text)";

    static final String EVENTS =
            "CREATE TABLE IF NOT EXISTS events (id bigint PRIMARY KEY, note text CHECK (note <> 'forbidden'))";
    static final String REFERENCE = "CREATE TABLE IF NOT EXISTS ref (name text PRIMARY KEY, note text)";
    static final String HOME_TABLE = "CREATE TABLE IF NOT EXISTS home (owner text, note text NOT NULL)";

    private StatementChoice() {}

    /** On rows with one key. */
    static final List<ScriptStatement> KEYED = List.of(
            keyed("INSERT INTO kv VALUES ($1, $2)", 0, KEY, TEXT),
            keyed("INSERT INTO kv VALUES ($1, $2)", 0, KEY, TEXT),
            keyed("INSERT INTO events VALUES ($1, $2)", 0, ID, TEXT),
            keyed("INSERT INTO events (note, id) VALUES ($2, $1) RETURNING id, note", 2, ID, TEXT),
            keyed(
                    "INSERT INTO kv (value, key) VALUES ($2, $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
                            + " RETURNING value",
                    1,
                    KEY,
                    TEXT),
            keyed("INSERT INTO kv VALUES ($1, $2) ON CONFLICT DO NOTHING", 0, KEY, TEXT),
            keyed("SELECT value FROM kv WHERE key = $1", 1, KEY),
            keyed("SELECT value FROM kv WHERE key = $1", 1, KEY),
            keyed("SELECT id, note FROM events WHERE id = $1", 2, ID),
            keyed("SELECT k.key, r.note FROM kv k LEFT JOIN ref r ON r.name = k.value WHERE k.key = $1", 2, KEY),
            keyed("SELECT value FROM kv WHERE key = $1 FOR UPDATE", 1, KEY),
            keyed("UPDATE kv SET value = $2 WHERE key = $1", 0, KEY, TEXT),
            keyed("UPDATE events SET note = $2 WHERE id = $1 RETURNING *", 2, ID, TEXT),
            keyed("UPDATE events SET note = 'forbidden' WHERE id = $1", 0, ID),
            keyed("DELETE FROM kv WHERE key = $1 RETURNING key, value", 2, KEY),
            keyed("DELETE FROM events WHERE id = $1", 0, ID),
            keyed("SELECT key, 1 / (length(value) - length(value)) FROM kv WHERE key = $1", 2, KEY),
            keyed("SELECT nosuch FROM kv WHERE key = $1", 1, KEY),
            keyed("SELECT key, generate_series(1, 5) FROM kv WHERE key = $1", 2, KEY),
            keyed("SELECT 6 / (3 - i) FROM kv, generate_series(1, 5) i WHERE key = $1", 1, KEY),
            keyed("SELECT key, $2::integer FROM kv WHERE key = $1", 2, KEY, NUMBER),
            keyed("WITH k AS (SELECT * FROM kv WHERE key = $1) SELECT count(*), max(value) FROM k", 2, KEY));

    private static final String WIDE =
            IntStream.range(0, 150).mapToObj(i -> i + " AS c" + i).collect(Collectors.joining(", ", "SELECT ", ""));

    /** On no table, or on reference tables. */
    static final List<ScriptStatement> ANYWHERE = List.of(
            anywhere("SELECT 1", 1),
            anywhere("SELECT 1 / 0", 1),
            anywhere("VALUES (1, 'a'), (2, 'b'), (3, NULL)", 2),
            anywhere("SELECT", 0),
            anywhere("SELECT $1::text || $2::text", 1, TEXT, TEXT),
            anywhere("SELECT $1::integer + 1", 1, NUMBER),
            anywhere("SELECT generate_series(1, 5)", 1),
            anywhere("SELECT 6 / (4 - i) FROM generate_series(1, 9) i", 1),
            anywhere("SELECT repeat($1::text, 3000), i FROM generate_series(1, 3) i", 2, TEXT),
            anywhere(
                    "SELECT 1::int2, 2::int8, 1.5::numeric, true, '\\x00ff'::bytea, date '2020-01-31', ARRAY[1, NULL, 3],"
                            + " NULL::text, interval '1 day 2 hours', '{\"a\": 1}'::jsonb, 0.1::float8",
                    11),
            anywhere(WIDE, 150),
            anywhere("SELECT note FROM ref WHERE name = $1", 1, TEXT),
            anywhere("SHOW work_mem", 1),
            anywhere("SHOW application_name", 1),
            anywhere("SHOW statement_timeout", 1),
            anywhere("SHOW TimeZone", 1),
            anywhere("SHOW transaction_read_only", 1),
            anywhere("SHOW transaction_isolation", 1),
            anywhere("SELECT current_setting('DateStyle'), timestamp '2020-01-31 10:00'", 2),
            anywhere("SELECT current_user, session_user", 2));

    /** On unsharded tables, or not understood by anybody. */
    static final List<ScriptStatement> HOME = List.of(
            home("INSERT INTO home (owner, note) VALUES ('{p}' || $1, $2)", 0, TEXT, TEXT),
            home("INSERT INTO home (owner, note) VALUES ('{p}' || $1, $2) RETURNING note", 1, TEXT, TEXT),
            home("INSERT INTO home (owner) VALUES ('{p}')", 0),
            home("INSERT INTO home SELECT '{p}' || i, 'note' || i FROM generate_series(1, 40) i", 0),
            home("SELECT owner, note FROM home WHERE owner LIKE '{p}%' ORDER BY owner, note", 2),
            home("SELECT note FROM home WHERE owner = '{p}' || $1 ORDER BY note LIMIT 7", 1, TEXT),
            home("UPDATE home SET note = $1 WHERE owner LIKE '{p}%'", 0, TEXT),
            home("DELETE FROM home WHERE owner LIKE '{p}%'", 0),
            home("COPY (SELECT generate_series(1, 3)) TO STDOUT", 0),
            home("COPY (SELECT 6 / (3 - i) FROM generate_series(1, 5) i) TO STDOUT", 0),
            home("COPY (SELECT i, 'x' || i FROM generate_series(1, 3) i) TO STDOUT (FORMAT binary)", 0),
            home("DO $do$ BEGIN RAISE NOTICE 'so it is: %', 1; END $do$", 0),
            home(
                    "DO $do$ BEGIN RAISE EXCEPTION 'no' USING DETAIL = 'a detail', HINT = 'a hint', ERRCODE = 'P0042'; END"
                            + " $do$",
                    0),
            home("DROP TABLE IF EXISTS nosuch", 0),
            home("SELECT * FROM nosuch", 1),
            home("SELECT length(nosuch(1))", 1),
            home("SELEC 1", 0),
            home("SELECT 'open", 0),
            home("SELECT 1 +", 0),
            home("", 0),
            home(" ; ", 0),
            home("-- only words", 0));

    /** On rows of several shards. */
    static final List<ScriptStatement> SPREAD = List.of(
            spread("SELECT key, value FROM kv WHERE key LIKE '{p}%' ORDER BY key COLLATE \"C\"", 2),
            spread("SELECT count(*), count(value) FROM kv WHERE key LIKE '{p}%'", 2),
            spread("SELECT id, note FROM events WHERE id BETWEEN {b} AND {b} + 999 ORDER BY id", 2),
            spread("SELECT id, note FROM events WHERE id BETWEEN {b} AND {b} + 999 ORDER BY id DESC LIMIT 3", 2),
            spread("SELECT note, count(*) FROM events WHERE id BETWEEN {b} AND {b} + 999 GROUP BY note ORDER BY 1", 2),
            spread("SELECT id, $1::text FROM events WHERE id BETWEEN {b} AND {b} + 999 ORDER BY id", 2, TEXT),
            spread(
                    "SELECT k.key, e.id FROM kv k JOIN events e ON e.note = k.value WHERE k.key LIKE '{p}%' AND e.id BETWEEN"
                            + " {b} AND {b} + 999 ORDER BY k.key, e.id",
                    2),
            spread("SELECT key, rank() OVER (ORDER BY key) FROM kv WHERE key LIKE '{p}%' ORDER BY key", 2),
            spread("UPDATE kv SET value = $1 WHERE key LIKE '{p}%'", 0, TEXT),
            spread("UPDATE events SET note = $1 WHERE id BETWEEN {b} AND {b} + 999", 0, WORD),
            spread("DELETE FROM events WHERE id BETWEEN {b} AND {b} + 999", 0),
            spread("INSERT INTO events VALUES ($1, $3), ($2, $3)", 0, ID, ID, WORD),
            spread("INSERT INTO kv VALUES ($1, $3), ($2, $3) ON CONFLICT DO NOTHING", 0, KEY, KEY, WORD),
            spread(
                    "INSERT INTO kv SELECT '{p}' || id, note FROM events WHERE id BETWEEN {b} AND {b} + 999 ON CONFLICT DO NOTHING",
                    0),
            spread("INSERT INTO ref VALUES ('{p}' || $1, $2)", 0, TEXT, TEXT),
            spread("DELETE FROM ref WHERE name LIKE '{p}%'", 0),
            spread("SELECT nosuch FROM kv", 1),
            spread("SELECT 1 / (length(key) - length(key)) FROM kv WHERE key LIKE '{p}%' ORDER BY 1", 1));

    /** Of the transaction. */
    static final List<ScriptStatement> CONTROL = controls(
            "BEGIN",
            "BEGIN",
            "BEGIN",
            "START TRANSACTION",
            "BEGIN ISOLATION LEVEL REPEATABLE READ",
            "BEGIN READ ONLY",
            "COMMIT",
            "COMMIT",
            "END",
            "ROLLBACK",
            "ABORT",
            "ROLLBACK AND CHAIN",
            "COMMIT AND CHAIN",
            "SAVEPOINT a",
            "SAVEPOINT a",
            "SAVEPOINT b",
            "ROLLBACK TO SAVEPOINT a",
            "ROLLBACK TO a",
            "ROLLBACK TO b",
            "RELEASE SAVEPOINT a",
            "RELEASE b");

    /** Of the session. */
    static final List<ScriptStatement> SESSION = controls(
            "SET work_mem = '5MB'",
            "SET SESSION work_mem TO '6MB'",
            "SET LOCAL work_mem = '7MB'",
            "RESET work_mem",
            "SET application_name = 'other'",
            "SET LOCAL application_name = 'local'",
            "RESET application_name",
            "SET statement_timeout = 54321",
            "SET DateStyle TO 'German'",
            "SET LOCAL DateStyle TO 'SQL, DMY'",
            "SET TimeZone TO 'Asia/Tokyo'",
            "SET TIME ZONE 'UTC'",
            "SET TIME ZONE LOCAL",
            "SET work_mem TO DEFAULT",
            "SET work_mem = 'a lot'",
            "SET nosuch = 1",
            "SET custom.word = 'x'",
            "SET TRANSACTION READ ONLY",
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "RESET ALL",
            "RESET nosuch",
            "CREATE TEMP TABLE IF NOT EXISTS mine (a integer)",
            "INSERT INTO mine VALUES (1)",
            "SELECT count(*) FROM mine",
            "DROP TABLE mine",
            "SELECT pg_try_advisory_lock({b})",
            "SELECT pg_advisory_lock({b})",
            "SELECT pg_advisory_unlock({b})",
            "SELECT pg_advisory_unlock_all()");

    private static List<ScriptStatement> controls(String... texts) {
        return IntStream.range(0, texts.length)
                .mapToObj(i -> anywhere(texts[i], 0))
                .toList();
    }

    /** Whether it is about the transaction or the session. */
    static boolean isControl(ScriptStatement statement) {
        return CONTROL.contains(statement) || SESSION.contains(statement);
    }
}

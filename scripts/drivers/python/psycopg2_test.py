"""psycopg2: https://www.psycopg.org/docs. It binds values by itself and uses the simple protocol alone."""

import io
import select
import threading

import psycopg2
from psycopg2 import errors, extras
from psycopg2.pool import ThreadedConnectionPool

from checks import CAN_RESTART, CROWD, TABLES, Checks, keys, of_all, restart, same

checks = Checks("psycopg2", psycopg2.__version__.split()[0])
INSERT = "INSERT INTO kv (key, value) VALUES (%s, %s)"
SELECT = "SELECT value FROM kv WHERE key = %s"


def check(feature, name, autocommit=True, **options):
    """Runs a function with a connection of its own."""

    def decorate(function):
        def run():
            connection = psycopg2.connect("", **options)
            try:
                connection.autocommit = autocommit
                function(connection)
            finally:
                connection.close()

        checks.check(feature, name, run)

    return decorate


def execute(connection, text, parameters=None):
    cursor = connection.cursor()
    cursor.execute(text, parameters)
    return cursor


def put(connection, all_keys):
    for key in all_keys:
        execute(connection, INSERT, (key, f"of {key}"))


def values(connection, all_keys):
    return [execute(connection, SELECT, (key,)).fetchone()[0] for key in all_keys]


def count(connection, prefix):
    return execute(connection, "SELECT count(*) FROM kv WHERE key LIKE %s", (prefix + "%",)).fetchone()[0]


def fails(error, run):
    try:
        run()
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


@check("simple", "rows written are read back")
def _(connection):
    for table in TABLES:
        execute(connection, f"TRUNCATE {table}")
    all_keys = keys("simple", 20) + ["it's \\ here"]
    put(connection, all_keys)
    same(values(connection, all_keys), of_all(all_keys))
    same(execute(connection, "UPDATE kv SET value = 'x' WHERE key LIKE 'simple-%%' AND key <> %s", ("simple-0",)).rowcount, 19)


@check("prepared", "PREPARE and EXECUTE by SQL")
def _(connection):
    all_keys = keys("prepared", 10)
    execute(connection, "PREPARE put (text, text) AS INSERT INTO kv VALUES ($1, $2)")
    execute(connection, "PREPARE get AS SELECT value FROM kv WHERE key = $1")
    for key in all_keys:
        execute(connection, "EXECUTE put (%s, %s)", (key, f"of {key}"))
    same([execute(connection, "EXECUTE get (%s)", (key,)).fetchone()[0] for key in all_keys], of_all(all_keys))
    execute(connection, "DEALLOCATE get")
    fails(errors.InvalidSqlStatementName, lambda: execute(connection, "EXECUTE get ('a')"))


@check("pipeline", "execute_values and execute_batch")
def _(connection):
    all_keys = keys("batch", 300)
    cursor = connection.cursor()
    text = "INSERT INTO kv VALUES %s RETURNING key"
    returned = extras.execute_values(cursor, text, [(key, f"of {key}") for key in all_keys], page_size=100, fetch=True)
    same([row[0] for row in returned], all_keys)
    connection.autocommit = False
    extras.execute_batch(cursor, "UPDATE kv SET value = %s WHERE key = %s", [(f"new {key}", key) for key in all_keys])
    connection.commit()
    same(values(connection, all_keys[:20]), [f"new {key}" for key in all_keys[:20]])


@check("transaction", "commit, rollback and savepoints over several shards", autocommit=False)
def _(connection):
    all_keys = keys("tx", 9)
    put(connection, all_keys)
    connection.rollback()
    same(count(connection, "tx-"), 0)
    put(connection, all_keys[:3])
    execute(connection, "SAVEPOINT s")
    put(connection, all_keys[3:])
    fails(errors.UniqueViolation, lambda: put(connection, all_keys[:1]))
    execute(connection, "ROLLBACK TO SAVEPOINT s")
    connection.commit()
    same(count(connection, "tx-"), 3)


@check("transaction", "isolation level and read only for the session", autocommit=False)
def _(connection):
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    same(execute(connection, "SHOW transaction_isolation").fetchone()[0], "repeatable read")
    fails(errors.ReadOnlySqlTransaction, lambda: put(connection, ["readonly"]))
    connection.rollback()


@check("error", "fields of an error, and the session goes on")
def _(connection):
    put(connection, ["error-1"])
    try:
        put(connection, ["error-1"])
    except errors.UniqueViolation as error:
        same((error.diag.table_name, error.diag.constraint_name), ("kv", "kv_pkey"))
    fails(errors.UndefinedColumn, lambda: execute(connection, "SELECT nothing FROM kv"))
    fails(errors.SyntaxError, lambda: execute(connection, "SELEC 1"))
    same(values(connection, ["error-1"]), ["of error-1"])


@check("copy", "rows in and out")
def _(connection):
    all_keys = keys("copy", 1000)
    cursor = connection.cursor()
    cursor.copy_from(io.StringIO("".join(f"{key}\tof {key}\n" for key in all_keys)), "kv")
    same(cursor.rowcount, 1000)
    out = io.StringIO()
    cursor.copy_expert("COPY (SELECT * FROM kv WHERE key LIKE 'copy-%') TO STDOUT WITH CSV", out)
    same(sorted(out.getvalue().splitlines()), sorted(f"{key},of {key}" for key in all_keys))
    same(values(connection, all_keys[:10]), of_all(all_keys[:10]))


@check("cursor", "named cursors in small portions", autocommit=False)
def _(connection):
    all_keys = sorted(keys("cursor", 50))
    put(connection, all_keys)
    connection.commit()
    with connection.cursor("portions") as cursor:
        cursor.itersize = 7
        cursor.execute("SELECT key FROM kv WHERE key LIKE 'cursor-%' ORDER BY key")
        same([row[0] for row in cursor], all_keys)
    with connection.cursor("pieces", scrollable=True) as cursor:
        cursor.execute("SELECT key, row_number() OVER (ORDER BY key) FROM kv WHERE key LIKE 'cursor-%' ORDER BY key")
        same([row[0] for row in cursor.fetchmany(5)], all_keys[:5])
        cursor.scroll(0, mode="absolute")
        same(cursor.fetchone()[0], all_keys[0])
    connection.commit()


@check("cancel", "statements on one shard and on every shard")
def _(connection):
    put(connection, keys("cancel", 6))
    for text in (
        "SELECT pg_sleep(30)",
        "SELECT pg_sleep(30) FROM kv WHERE key = 'cancel-1'",
        "SELECT key, pg_sleep(30) FROM kv WHERE key LIKE 'cancel-%'",
    ):
        ended = threading.Event()

        def cancel_until_it_ends():
            while not ended.wait(0.5):
                connection.cancel()

        thread = threading.Thread(target=cancel_until_it_ends)
        thread.start()
        try:
            fails(errors.QueryCanceled, lambda: execute(connection, text))
        finally:
            ended.set()
            thread.join()
        same(values(connection, ["cancel-2"]), ["of cancel-2"])


@check("settings", "start-up parameters, SET and reset", application_name="psycopg2 app", options="-c work_mem=7MB")
def _(connection):
    connection.set_client_encoding("LATIN1")
    same(execute(connection, "SELECT %s", ("é",)).fetchone()[0], "é")
    connection.set_client_encoding("UTF8")
    put(connection, ["settings-é"])
    execute(connection, "SET work_mem = '9MB'")
    same(execute(connection, "SELECT current_setting('work_mem') FROM kv WHERE key = 'settings-é'").fetchone()[0], "9MB")
    connection.reset()
    same(execute(connection, "SHOW work_mem").fetchone()[0], "7MB")
    same(connection.get_parameter_status("application_name"), "psycopg2 app")


@check("types", "adapters that the driver looks up")
def _(connection):
    extras.register_uuid()
    composite = extras.register_composite("spot", connection)
    for i in range(6):
        execute(connection, "INSERT INTO typed (id, place, doc, tags) VALUES (%s, %s, %s, %s)", (700 + i, (i, -i), extras.Json([i]), ["a", "b"]))
    rows = execute(connection, "SELECT place, doc, tags FROM typed WHERE id BETWEEN 700 AND 710 ORDER BY id").fetchall()
    same(rows, [(composite.type(i, -i), [i], ["a", "b"]) for i in range(6)])
    for i in range(6):
        same(execute(connection, "SELECT place FROM typed WHERE id = %s", (700 + i,)).fetchone(), (composite.type(i, -i),))


@lambda run: checks.check("crowd", f"{CROWD} connections at once", run)
def _():
    connections = [psycopg2.connect("") for _ in range(CROWD)]
    for connection, key in zip(connections, keys("crowd", CROWD)):
        connection.autocommit = True
        put(connection, [key])
    for connection, key in zip(connections, keys("crowd", CROWD)):
        same(values(connection, [key]), [f"of {key}"])
    for connection in connections:
        connection.close()


if CAN_RESTART:

    @lambda run: checks.check("reconnect", "a new connection after a restart of the proxy", run)
    def _():
        all_keys = keys("restart", 5)
        pool = ThreadedConnectionPool(1, 2, "")
        connection = pool.getconn()
        put(connection, all_keys)
        connection.commit()
        restart()
        fails((psycopg2.OperationalError, psycopg2.InterfaceError), lambda: values(connection, all_keys))
        pool.putconn(connection)
        connection = pool.getconn()
        same(values(connection, all_keys), of_all(all_keys))
        pool.closeall()

else:
    checks.skip("reconnect", "a new connection after a restart", "the server is not restarted")


def listen():
    connection = psycopg2.connect("")
    connection.autocommit = True
    try:
        execute(connection, "LISTEN news")
    except errors.FeatureNotSupported as error:
        return checks.skip("listen", "notifications", error.diag.message_primary)

    def run():
        other = psycopg2.connect("")
        other.autocommit = True
        execute(other, "NOTIFY news, 'hello'")
        select.select([connection], [], [], 20)
        connection.poll()
        same([(n.channel, n.payload) for n in connection.notifies], [("news", "hello")])

    return checks.check("listen", "notifications", run)


listen()
checks.finish()

"""psycopg 3: https://www.psycopg.org/psycopg3/docs."""

import datetime
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import psycopg
from psycopg import errors, sql
from psycopg.types.composite import CompositeInfo, register_composite
from psycopg.types.enum import EnumInfo, register_enum
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from checks import CAN_RESTART, CROWD, TABLES, Checks, keys, of_all, restart, same

checks = Checks("psycopg", psycopg.__version__)
INSERT = "INSERT INTO kv (key, value) VALUES (%s, %s)"
SELECT = "SELECT value FROM kv WHERE key = %s"


def check(feature, name, **options):
    """Runs a function with a connection of its own."""

    def decorate(function):
        def run():
            with psycopg.connect(autocommit=options.pop("autocommit", True), **options) as connection:
                function(connection)

        checks.check(feature, name, run)

    return decorate


def put(connection, all_keys):
    for key in all_keys:
        connection.execute(INSERT, (key, f"of {key}"))


def values(connection, all_keys, **options):
    return [connection.execute(SELECT, (key,), **options).fetchone()[0] for key in all_keys]


def count(connection, prefix):
    return connection.execute("SELECT count(*) FROM kv WHERE key LIKE %s", (prefix + "%",)).fetchone()[0]


def fails(error, run):
    try:
        run()
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


with psycopg.connect(autocommit=True) as first:
    for table in TABLES:
        first.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))


@check("simple", "rows written by text are read back")
def _(connection):
    for key in keys("simple", 20):
        same(connection.execute(f"INSERT INTO kv VALUES ('{key}', 'of {key}')").rowcount, 1)
        same(connection.execute(f"SELECT value FROM kv WHERE key = '{key}'").fetchall(), [(f"of {key}",)])
    found = connection.execute("SELECT key FROM kv WHERE key LIKE 'simple-%' ORDER BY key").fetchall()
    same([row[0] for row in found], sorted(keys("simple", 20)))


@check("simple", "several statements in one text")
def _(connection):
    cursor = connection.execute("SELECT 1; SELECT 'two', 2; SELECT 3 WHERE false")
    results = [cursor.fetchall()]
    while cursor.nextset():
        results.append(cursor.fetchall())
    same(results, [[(1,)], [("two", 2)], []])


@check("simple", "values bound by the client")
def _(connection):
    cursor = psycopg.ClientCursor(connection)
    cursor.execute(INSERT, ("it's \\ here", "of it's \\ here"))
    same(cursor.execute(SELECT, ("it's \\ here",)).fetchall(), [("of it's \\ here",)])


@check("prepared", "statements become prepared by themselves")
def _(connection):
    all_keys = keys("auto", 30)
    put(connection, all_keys)
    for _round in range(3):
        same(values(connection, all_keys), of_all(all_keys))
    same(len(connection.execute("SELECT key FROM kv WHERE key = ANY(%s)", (all_keys,)).fetchall()), 30)
    same(connection.execute("UPDATE kv SET value = value || '!' WHERE key LIKE %s", ("auto-%",)).rowcount, 30)


@check("prepared", "every statement prepared, and more than the driver keeps", prepare_threshold=0)
def _(connection):
    connection.prepared_max = 5
    all_keys = keys("many", 12)
    put(connection, all_keys)
    for _round in range(3):
        for i, key in enumerate(all_keys):
            text = f"SELECT value, {i} FROM kv WHERE key = %s"
            same(connection.execute(text, (key,)).fetchall(), [(f"of {key}", i)])


@check("prepared", "and after an error, a rollback and DEALLOCATE ALL", prepare_threshold=0, autocommit=False)
def _(connection):
    put(connection, ["alive-1"])
    connection.commit()
    same(values(connection, ["alive-1"]), ["of alive-1"])
    fails(errors.DivisionByZero, lambda: connection.execute("SELECT 1/0"))
    fails(errors.InFailedSqlTransaction, lambda: values(connection, ["alive-1"]))
    connection.rollback()
    same(values(connection, ["alive-1"]), ["of alive-1"])
    connection.execute("DEALLOCATE ALL")
    same(values(connection, ["alive-1"]), ["of alive-1"])


TYPED = {
    "small": -5,
    "whole": 123456,
    "ratio": 0.1,
    "amount": Decimal("12345.6789"),
    "flag": True,
    "word": 'it\'s \\ "quoted" é',
    "body": b"bytes\0\xff",
    "day": datetime.date(2026, 1, 2),
    "moment": datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc),
    "span": datetime.timedelta(days=3, seconds=4),
    "uid": uuid.UUID("ffffffff-0000-1111-2222-333333333333"),
    "doc": {"a": [1, {"b": None}]},
    "tags": ["a", "b,c", 'd"e', ""],
    "numbers": [1, None, -3],
    "count": 5,
}


def round_trip(connection, first_id, binary):
    names = list(TYPED)
    row = tuple(TYPED.values())
    columns = ", ".join(names)
    place = "%b" if binary else "%s"
    bound = [Jsonb(value) if isinstance(value, dict) else value for value in row]
    places = ", ".join("%s" if name in ("tags", "numbers") else place for name in names)
    for i in range(8):
        connection.execute(f"INSERT INTO typed (id, {columns}) VALUES ({place}, {places})", [first_id + i, *bound])
    for i in range(8):
        text = f"SELECT {columns} FROM typed WHERE id = {place}"
        same(connection.execute(text, (first_id + i,), binary=binary).fetchone(), row)
    text = f"SELECT {columns} FROM typed WHERE id >= {place} ORDER BY id, amount, moment, word"
    same(connection.execute(text, (first_id,), binary=binary).fetchall()[:8], [row] * 8)
    sums = connection.execute("SELECT sum(amount), max(moment), avg(ratio), count(*) FROM typed", binary=binary).fetchone()
    same(sums[1], TYPED["moment"])


@check("types", "values of many types as text")
def _(connection):
    round_trip(connection, 100, False)


@check("binary", "values of many types in binary format")
def _(connection):
    round_trip(connection, 200, True)


@check("types", "enums and composite types of the user")
def _(connection):
    import enum

    Mood = enum.Enum("Mood", {name: name for name in ("sad", "ok", "happy")})
    register_enum(EnumInfo.fetch(connection, "mood"), connection, Mood)
    info = CompositeInfo.fetch(connection, "spot")
    register_composite(info, connection)
    for i in range(12):
        place = info.python_type(i, -i)
        connection.execute("INSERT INTO typed (id, feeling, place) VALUES (%s, %s, %s)", (300 + i, Mood.happy, place))
    for binary in (False, True):
        for i in range(12):
            row = connection.execute("SELECT feeling, place FROM typed WHERE id = %s", (300 + i,), binary=binary).fetchone()
            same(row, (Mood.happy, info.python_type(i, -i)))
        found = connection.execute("SELECT place, feeling FROM typed WHERE id >= 300 ORDER BY id", binary=binary).fetchall()
        same(found, [(info.python_type(i, -i), Mood.happy) for i in range(12)])


@check("pipeline", "statements that are sent together")
def _(connection):
    all_keys = keys("piped", 60)
    with connection.pipeline():
        put(connection, all_keys)
    with connection.pipeline() as pipeline:
        cursors = [connection.cursor().execute(SELECT, (key,)) for key in all_keys]
        pipeline.sync()
        same([cursor.fetchone()[0] for cursor in cursors], of_all(all_keys))


@check("pipeline", "in a transaction, with rollback", autocommit=False)
def _(connection):
    all_keys = keys("pipetx", 20)
    with connection.pipeline():
        put(connection, all_keys)
        same(count(connection, "pipetx-"), 20)
        connection.rollback()
        put(connection, all_keys[:5])
        connection.commit()
    same(values(connection, all_keys[:5]), of_all(all_keys[:5]))
    same(count(connection, "pipetx-"), 5)


@check("pipeline", "an error ends the statements up to the next sync")
def _(connection):
    put(connection, ["pipefail-0"])

    def run():
        with connection.pipeline():
            put(connection, ["pipefail-0", "pipefail-1", "pipefail-2"])

    fails(errors.UniqueViolation, run)
    same(count(connection, "pipefail-"), 1)


@check("pipeline", "executemany, with rows returned")
def _(connection):
    all_keys = keys("executemany", 100)
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, [(key, f"of {key}") for key in all_keys])
        same(cursor.rowcount, 100)
        cursor.executemany("UPDATE kv SET value = 'new ' || key WHERE key = %s RETURNING value", [(key,) for key in all_keys], returning=True)
        found = []
        while True:
            found += cursor.fetchall()
            if not cursor.nextset():
                break
    same([row[0] for row in found], [f"new {key}" for key in all_keys])


@check("transaction", "commit and rollback over several shards", autocommit=False)
def _(connection):
    all_keys = keys("tx", 10)
    put(connection, all_keys)
    same(values(connection, all_keys), of_all(all_keys))
    connection.rollback()
    same(count(connection, "tx-"), 0)
    put(connection, all_keys)
    connection.commit()
    same(values(connection, all_keys), of_all(all_keys))


@check("transaction", "nested transaction blocks over several shards")
def _(connection):
    all_keys = keys("nested", 9)
    with connection.transaction():
        put(connection, all_keys[:3])

        def inner():
            with connection.transaction():
                put(connection, all_keys[3:6])
                put(connection, all_keys[:1])

        fails(errors.UniqueViolation, inner)
        with connection.transaction("named"):
            put(connection, all_keys[6:])
        same(count(connection, "nested-"), 6)
    same(count(connection, "nested-"), 6)


@check("transaction", "isolation levels and read only")
def _(connection):
    connection.autocommit = False
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    same(connection.execute("SHOW transaction_isolation").fetchone()[0], "repeatable read")
    fails(errors.ReadOnlySqlTransaction, lambda: put(connection, ["readonly"]))
    connection.rollback()
    connection.read_only = False
    put(connection, ["readonly"])
    connection.commit()
    same(values(connection, ["readonly"]), ["of readonly"])


@check("error", "fields of an error, and the session goes on")
def _(connection):
    put(connection, ["error-1"])
    try:
        put(connection, ["error-1"])
    except errors.UniqueViolation as error:
        diag = error.diag
        same((diag.table_name, diag.constraint_name, diag.message_detail), ("kv", "kv_pkey", "Key (key)=(error-1) already exists."))
    fails(errors.UndefinedColumn, lambda: connection.execute("SELECT nothing FROM kv WHERE key = %s", ("error-1",)))
    fails(errors.SyntaxError, lambda: connection.execute("SELEC 1"))
    fails(errors.CheckViolation, lambda: connection.execute("INSERT INTO typed (id, count) VALUES (1, -1)"))
    same(values(connection, ["error-1"]), ["of error-1"])


@check("copy", "rows in and out, as text and in binary format")
def _(connection):
    for form in ("text", "binary"):
        all_keys = keys("copy " + form, 1000)
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY kv (key, value) FROM STDIN (FORMAT {form})") as copy:
                copy.set_types(["text", "text"])
                for key in all_keys:
                    copy.write_row((key, f"of {key}"))
            same(cursor.rowcount, 1000)
            with cursor.copy(f"COPY (SELECT key, value FROM kv WHERE key LIKE 'copy {form}-%') TO STDOUT (FORMAT {form})") as copy:
                copy.set_types(["text", "text"])
                same(sorted(copy.rows()), sorted((key, f"of {key}") for key in all_keys))
        same(values(connection, all_keys[:20]), of_all(all_keys[:20]))


@check("copy", "an input that fails leaves nothing")
def _(connection):
    def run():
        with connection.cursor().copy("COPY kv FROM STDIN") as copy:
            copy.write_row(("copyfail-1", "a"))
            raise ZeroDivisionError

    fails(ZeroDivisionError, run)
    same(count(connection, "copyfail-"), 0)


@check("cursor", "server-side cursors in small portions", autocommit=False)
def _(connection):
    all_keys = sorted(keys("cursor", 50))
    put(connection, all_keys)
    connection.commit()
    for text in (
        "SELECT key FROM kv WHERE key LIKE %s ORDER BY key",
        "SELECT key, row_number() OVER (ORDER BY key) FROM kv WHERE key LIKE %s ORDER BY key",
    ):
        with connection.cursor("portions") as cursor:
            cursor.itersize = 7
            cursor.execute(text, ("cursor-%",))
            same([row[0] for row in cursor], all_keys)
        with connection.cursor("pieces", binary=True) as cursor:
            cursor.execute(text, ("cursor-%",))
            same([row[0] for row in cursor.fetchmany(5)], all_keys[:5])
            same(cursor.fetchone()[0], all_keys[5])
            same(len(cursor.fetchall()), 44)
        connection.commit()
    with connection.cursor("one", scrollable=True) as cursor:
        cursor.execute("SELECT n FROM kv, generate_series(1, 20) AS n WHERE key = %s ORDER BY n", ("cursor-7",))
        cursor.scroll(10)
        same(cursor.fetchone()[0], 11)
        cursor.scroll(0, mode="absolute")
        same(cursor.fetchone()[0], 1)
    connection.commit()


@check("cursor", "rows one by one (stream)")
def _(connection):
    all_keys = sorted(keys("stream", 300))
    put(connection, all_keys)
    for size in (1, 25):
        with connection.cursor() as cursor:
            options = {"size": size} if psycopg.capabilities.has_stream_chunked() else {}
            text = "SELECT key FROM kv WHERE key LIKE %s ORDER BY key"
            same([row[0] for row in cursor.stream(text, ("stream-%",), **options)], all_keys)


@check("cancel", "statements on one shard and on every shard")
def _(connection):
    put(connection, keys("cancel", 6))
    for text in (
        "SELECT pg_sleep(30)",
        "SELECT pg_sleep(30) FROM kv WHERE key = 'cancel-1'",
        "SELECT key, pg_sleep(30) FROM kv WHERE key LIKE 'cancel-%'",
    ):
        for cancel in (connection.cancel, connection.cancel_safe):
            ended = threading.Event()

            def cancel_until_it_ends():
                while not ended.wait(0.5):
                    cancel()

            thread = threading.Thread(target=cancel_until_it_ends)
            thread.start()
            try:
                fails(errors.QueryCanceled, lambda: connection.execute(text))
            finally:
                ended.set()
                thread.join()
            same(values(connection, ["cancel-2"]), ["of cancel-2"])


@check(
    "settings",
    "start-up parameters, SET and RESET",
    application_name="psycopg app",
    options="-c work_mem=7MB -c statement_timeout=45s -c search_path=pg_catalog,public",
)
def _(connection):
    def show(name):
        return connection.execute(f"SHOW {name}").fetchone()[0]

    same([show(name) for name in ("application_name", "work_mem", "statement_timeout")], ["psycopg app", "7MB", "45s"])
    put(connection, ["settings-1"])
    connection.execute("SET work_mem = '9MB'; SET TIME ZONE 'Asia/Tokyo'")
    text = "SELECT current_setting('work_mem'), current_setting('timezone'), current_setting('search_path') FROM kv WHERE key = %s"
    same(connection.execute(text, ("settings-1",)).fetchone(), ("9MB", "Asia/Tokyo", "pg_catalog,public"))
    same(connection.info.parameter_status("TimeZone"), "Asia/Tokyo")
    connection.execute("RESET ALL")
    same([show(name) for name in ("work_mem", "statement_timeout")], ["7MB", "45s"])
    connection.execute("SET search_path = pg_catalog")
    fails(errors.UndefinedTable, lambda: connection.execute("SELECT note FROM notes"))


@lambda run: checks.check("crowd", f"{CROWD} connections of a pool at once", run)
def _():
    all_keys = keys("crowd", CROWD)
    with ConnectionPool(min_size=20, max_size=CROWD, open=True) as pool, ThreadPoolExecutor(CROWD) as threads:

        def run(key):
            with pool.connection() as connection:
                put(connection, [key])
                time.sleep(0.2)
                return values(connection, [key])[0]

        same(list(threads.map(run, all_keys)), of_all(all_keys))


if CAN_RESTART:

    @lambda run: checks.check("reconnect", "a pool gets over a restart of the proxy", run)
    def _():
        all_keys = keys("restart", 10)
        with ConnectionPool(min_size=3, max_size=3, open=True, check=ConnectionPool.check_connection) as pool:
            with pool.connection() as connection:
                put(connection, all_keys)
            restart()
            for _round in range(6):
                with pool.connection() as connection:
                    same(values(connection, all_keys), of_all(all_keys))

else:
    checks.skip("reconnect", "a pool gets over a restart", "the server is not restarted")


@check("transaction", "PREPARE TRANSACTION by the client is done, or refused and leaves nothing")
def _(connection):
    committed = 0
    with psycopg.connect(autocommit=False) as other:
        other.tpc_begin(other.xid(1, "gtrid", "bqual"))
        put(other, ["tpc-1"])
        try:
            other.tpc_prepare()
        except (errors.FeatureNotSupported, errors.ObjectNotInPrerequisiteState):
            other.close()
        else:
            other.tpc_commit()
            committed = 1
    same(count(connection, "tpc-"), committed)


@check("error", "a table's serial column and RETURNING")
def _(connection):
    first_id = connection.execute("INSERT INTO notes (note) VALUES ('a') RETURNING id").fetchone()[0]
    same(connection.execute("SELECT note FROM notes WHERE id = %s", (first_id,)).fetchone(), ("a",))
    connection.execute("INSERT INTO countries VALUES ('is', 'Iceland') ON CONFLICT DO NOTHING")
    same(connection.execute("SELECT name FROM countries WHERE code = %s", ("is",)).fetchone(), ("Iceland",))


with psycopg.connect(autocommit=True) as probe:
    try:
        probe.execute("LISTEN probe")
        refused = None
    except errors.FeatureNotSupported as error:
        refused = error.diag.message_primary

if refused:
    checks.skip("listen", "notifications", refused)
else:

    @check("listen", "notifications")
    def _(connection):
        connection.execute("LISTEN news")
        with psycopg.connect(autocommit=True) as other:
            other.execute("NOTIFY news, 'hello'")
        heard = [(n.channel, n.payload) for n in connection.notifies(timeout=20, stop_after=1)]
        same(heard, [("news", "hello")])
        connection.execute("UNLISTEN *")


checks.finish()

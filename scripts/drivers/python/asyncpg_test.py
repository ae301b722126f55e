"""asyncpg: https://magicstack.github.io/asyncpg."""

import asyncio
import datetime
import uuid
from decimal import Decimal

import asyncpg

from checks import CAN_RESTART, CROWD, TABLES, Checks, keys, of_all, restart, same

checks = Checks("asyncpg", asyncpg.__version__)
INSERT = "INSERT INTO kv (key, value) VALUES ($1, $2)"
SELECT = "SELECT value FROM kv WHERE key = $1"
TESTS = []


def check(feature, name, **options):
    """Notes a function that gets a connection of its own."""

    def decorate(function):
        async def run():
            connection = await asyncpg.connect(**options)
            try:
                await function(connection)
            finally:
                await connection.close(timeout=5)

        TESTS.append((feature, name, run))

    return decorate


def check_alone(feature, name):
    return lambda function: TESTS.append((feature, name, function))


async def put(connection, all_keys):
    for key in all_keys:
        await connection.execute(INSERT, key, f"of {key}")


async def values(connection, all_keys):
    return [await connection.fetchval(SELECT, key) for key in all_keys]


async def count(connection, prefix):
    return await connection.fetchval("SELECT count(*) FROM kv WHERE key LIKE $1", prefix + "%")


async def fails(error, awaitable):
    try:
        await awaitable
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


@check("simple", "several statements in one text")
async def _(connection):
    same(await connection.execute("SELECT 1; INSERT INTO kv VALUES ('simple-1', 'of simple-1')"), "INSERT 0 1")
    same(await connection.execute("UPDATE kv SET value = 'new' WHERE key = 'simple-1'"), "UPDATE 1")
    same(await values(connection, ["simple-1"]), ["new"])


@check("prepared", "statements that the driver prepares and keeps by itself")
async def _(connection):
    all_keys = keys("prepared", 30)
    await put(connection, all_keys)
    for _round in range(3):
        same(await values(connection, all_keys), of_all(all_keys))
    same(len(await connection.fetch("SELECT key FROM kv WHERE key = ANY($1)", all_keys)), 30)
    statement = await connection.prepare(SELECT)
    same([await statement.fetchval(key) for key in all_keys], of_all(all_keys))
    same([column.name for column in statement.get_attributes()], ["value"])


@check("prepared", "more statements than the driver keeps", statement_cache_size=5)
async def _(connection):
    all_keys = keys("many", 12)
    await put(connection, all_keys)
    for _round in range(3):
        for i, key in enumerate(all_keys):
            same(tuple(await connection.fetchrow(f"SELECT value, {i} AS i FROM kv WHERE key = $1", key)), (f"of {key}", i))


@check("prepared", "without named statements", statement_cache_size=0)
async def _(connection):
    all_keys = keys("unnamed", 12)
    await put(connection, all_keys)
    same(await values(connection, all_keys), of_all(all_keys))


ROW = {
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
    "doc": '{"a": [1, {"b": null}]}',
    "tags": ["a", "b,c", 'd"e', ""],
    "numbers": [1, None, -3],
    "feeling": "happy",
    "place": (3, -4),
    "count": 5,
}


@check("binary", "values of many types, with types of the user, in binary format")
async def _(connection):
    columns = ", ".join(ROW)
    places = ", ".join(f"${i + 2}" for i in range(len(ROW)))
    for i in range(8):
        await connection.execute(f"INSERT INTO typed (id, {columns}) VALUES ($1, {places})", 500 + i, *ROW.values())
    for i in range(8):
        row = await connection.fetchrow(f"SELECT {columns} FROM typed WHERE id = $1", 500 + i)
        same({**dict(row), "place": tuple(row["place"])}, ROW)
    rows = await connection.fetch(f"SELECT {columns} FROM typed WHERE id >= $1 ORDER BY id, amount", 500)
    same([{**dict(row), "place": tuple(row["place"])} for row in rows], [ROW] * 8)


@check("types", "types of the user are looked up by what the driver reads about them")
async def _(connection):
    same(await connection.fetchval("SELECT array_agg(feeling) FROM typed WHERE id = 501"), ["happy"])
    same([r["feeling"] for r in await connection.fetch("SELECT DISTINCT feeling FROM typed WHERE feeling = $1", "happy")], ["happy"])
    same(await connection.fetchval("SELECT $1::mood[]", ["sad", "ok"]), ["sad", "ok"])


@check("pipeline", "executemany")
async def _(connection):
    all_keys = keys("executemany", 200)
    await connection.executemany(INSERT, [(key, f"of {key}") for key in all_keys])
    same(await values(connection, all_keys[:20]), of_all(all_keys[:20]))
    same(await count(connection, "executemany-"), 200)
    more = keys("emfail", 50) + ["emfail-0"]
    await fails(asyncpg.UniqueViolationError, connection.executemany(INSERT, [(key, f"of {key}") for key in more]))
    same(await count(connection, "emfail-"), 0)
    rows = await connection.fetchmany("UPDATE kv SET value = 'new ' || key WHERE key = $1 RETURNING value", [(key,) for key in all_keys])
    same([row["value"] for row in rows], [f"new {key}" for key in all_keys])


@check("transaction", "rollback and nested transactions over several shards")
async def _(connection):
    all_keys = keys("tx", 9)
    transaction = connection.transaction()
    await transaction.start()
    await put(connection, all_keys)
    same(await values(connection, all_keys), of_all(all_keys))
    await transaction.rollback()
    same(await count(connection, "tx-"), 0)
    async with connection.transaction(isolation="read_committed"):
        await put(connection, all_keys[:3])

        async def inner():
            async with connection.transaction():
                await put(connection, all_keys[3:6])
                await put(connection, all_keys[:1])

        await fails(asyncpg.UniqueViolationError, inner())
        async with connection.transaction():
            await put(connection, all_keys[6:])
    same(await count(connection, "tx-"), 6)


@check("transaction", "repeatable read, read only")
async def _(connection):
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        same(await connection.fetchval("SHOW transaction_isolation"), "repeatable read")
        same(await count(connection, "tx-"), 6)

    async def write():
        async with connection.transaction(readonly=True):
            await put(connection, ["readonly"])

    await fails(asyncpg.ReadOnlySQLTransactionError, write())


@check("error", "fields of an error, and the session goes on")
async def _(connection):
    await put(connection, ["error-1"])
    try:
        await put(connection, ["error-1"])
    except asyncpg.UniqueViolationError as error:
        same((error.table_name, error.constraint_name, error.detail), ("kv", "kv_pkey", "Key (key)=(error-1) already exists."))
    await fails(asyncpg.UndefinedColumnError, connection.fetch("SELECT nothing FROM kv WHERE key = $1", "error-1"))
    await fails(asyncpg.PostgresSyntaxError, connection.fetch("SELEC 1"))
    same(await values(connection, ["error-1"]), ["of error-1"])


@check("copy", "records in, in binary format, and rows out")
async def _(connection):
    all_keys = keys("copy", 1000)
    same(await connection.copy_records_to_table("kv", records=[(key, f"of {key}") for key in all_keys]), "COPY 1000")
    lines = []

    async def take(data):
        lines.append(data)

    same(await connection.copy_from_query("SELECT key, value FROM kv WHERE key LIKE $1", "copy-%", output=take), "COPY 1000")
    same(sorted(b"".join(lines).decode().splitlines()), sorted(f"{key}\tof {key}" for key in all_keys))
    await connection.copy_from_table("kv", output=take, format="binary")
    same(await values(connection, all_keys[:20]), of_all(all_keys[:20]))
    await fails(asyncpg.UniqueViolationError, connection.copy_records_to_table("kv", records=[("copyfail", "a"), ("copyfail", "b")]))
    same(await count(connection, "copyfail"), 0)


@check("cursor", "rows in small portions")
async def _(connection):
    all_keys = sorted(keys("cursor", 50))
    await put(connection, all_keys)
    async with connection.transaction():
        for text in (
            "SELECT key FROM kv WHERE key LIKE $1 ORDER BY key",
            "SELECT key, row_number() OVER (ORDER BY key) FROM kv WHERE key LIKE $1 ORDER BY key",
        ):
            same([row["key"] async for row in connection.cursor(text, "cursor-%", prefetch=7)], all_keys)
            cursor = await connection.cursor(text, "cursor-%")
            same([row["key"] for row in await cursor.fetch(5)], all_keys[:5])
            same((await cursor.fetchrow())["key"], all_keys[5])
            same(await cursor.forward(3), 3)
            same((await cursor.fetchrow())["key"], all_keys[9])
        one = await connection.cursor("SELECT n FROM kv, generate_series(1, 20) AS n WHERE key = $1 ORDER BY n", "cursor-7")
        same(await one.forward(10), 10)
        same((await one.fetchrow())["n"], 11)


@check("cancel", "statements on one shard and on every shard, by time and by task")
async def _(connection):
    await put(connection, keys("cancel", 6))
    for text in (
        "SELECT pg_sleep(30)",
        "SELECT pg_sleep(30) FROM kv WHERE key = 'cancel-1'",
        "SELECT key, pg_sleep(30) FROM kv WHERE key LIKE 'cancel-%'",
    ):
        await fails(asyncio.TimeoutError, connection.fetch(text, timeout=0.5))
        same(await values(connection, ["cancel-2"]), ["of cancel-2"])
        task = asyncio.ensure_future(connection.fetch(text))
        await asyncio.sleep(0.5)
        task.cancel()
        await fails(asyncio.CancelledError, task)
        same(await values(connection, ["cancel-3"]), ["of cancel-3"])


@check("settings", "start-up parameters, SET and reset", server_settings={"application_name": "asyncpg app", "work_mem": "7MB"})
async def _(connection):
    same([await connection.fetchval(f"SHOW {name}") for name in ("application_name", "work_mem")], ["asyncpg app", "7MB"])
    await put(connection, ["settings-1"])
    await connection.execute("SET work_mem = '9MB'; SET TIME ZONE 'Asia/Tokyo'")
    row = await connection.fetchrow("SELECT current_setting('work_mem'), current_setting('timezone') FROM kv WHERE key = $1", "settings-1")
    same(tuple(row), ("9MB", "Asia/Tokyo"))
    await connection.reset()
    same(await connection.fetchval("SHOW work_mem"), "7MB")


@check_alone("crowd", f"{CROWD} connections of a pool at once")
async def _():
    all_keys = keys("crowd", CROWD)
    async with asyncpg.create_pool(min_size=20, max_size=CROWD) as pool:

        async def run(key):
            async with pool.acquire() as connection:
                await put(connection, [key])
                await asyncio.sleep(0.2)
                return (await values(connection, [key]))[0]

        for _round in range(1):
            same(await asyncio.gather(*(run(key) for key in all_keys)), of_all(all_keys))
        same([await pool.fetchval(SELECT, key) for key in all_keys], of_all(all_keys))


if CAN_RESTART:

    @check_alone("reconnect", "a pool gets over a restart of the proxy")
    async def _():
        all_keys = keys("restart", 10)
        async with asyncpg.create_pool(min_size=3, max_size=3) as pool:
            async with pool.acquire() as connection:
                await put(connection, all_keys)
            restart()
            await asyncio.sleep(0.1)
            for _round in range(6):
                async with pool.acquire() as connection:
                    same(await values(connection, all_keys), of_all(all_keys))

else:
    checks.skip("reconnect", "a pool gets over a restart", "the server is not restarted")


async def listens():
    connection = await asyncpg.connect()
    try:
        await connection.execute("LISTEN probe")
    except asyncpg.FeatureNotSupportedError as error:
        return checks.skip("listen", "notifications", error.args[0])
    finally:
        await connection.close()

    @check("listen", "notifications")
    async def _(connection):
        heard = asyncio.Queue()
        await connection.add_listener("news", lambda _c, _pid, channel, payload: heard.put_nowait((channel, payload)))
        other = await asyncpg.connect()
        await other.execute("NOTIFY news, 'hello'")
        await other.close()
        same(await asyncio.wait_for(heard.get(), 20), ("news", "hello"))


async def main():
    first = await asyncpg.connect()
    for table in TABLES:
        await first.execute(f"TRUNCATE {table}")
    await first.close()
    await listens()
    for feature, name, run in TESTS:
        await checks.check_async(feature, name, run)


asyncio.run(main())
checks.finish()

// postgres.js (postgres).
import postgres from 'postgres'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Checks, same, sqlState, keys, canRestart, crowd, restart, pause } from './checks.mjs'

const checks = new Checks('postgres.js', 'postgres')

async function withSql(run, options = {}) {
  const sql = postgres({ max: 1, onnotice: () => {}, ...options })
  try {
    return await run(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const check = (feature, name, run, options) => checks.check(feature, name, () => withSql(run, options))
const ofAll = (all) => all.map((key) => `of ${key}`)
const put = async (sql, all) => {
  for (const key of all) await sql`INSERT INTO kv (key, value) VALUES (${key}, ${`of ${key}`})`
}
const values = async (sql, all) => {
  const found = []
  for (const key of all) found.push((await sql`SELECT value FROM kv WHERE key = ${key}`).map((row) => row.value).join())
  return found
}
const count = async (sql, prefix) => (await sql`SELECT count(*)::int AS n FROM kv WHERE key LIKE ${`${prefix}%`}`)[0].n

await withSql(async (sql) => {
  for (const table of ['kv', 'typed', 'devices', 'countries', 'notes']) await sql`TRUNCATE ${sql(table)}`
})

await check('simple', 'the simple protocol, several statements in one text', async (sql) => {
  const results = await sql.unsafe("SELECT 1 AS a; SELECT 'two' AS b; SELECT 3 AS c WHERE false")
  same(results.map((rows) => [...rows]), [[{ a: 1 }], [{ b: 'two' }], []])
  same([...(await sql`INSERT INTO kv VALUES ('simple-1', 'of simple-1')`.simple())], [])
  same([...(await sql`SELECT value FROM kv WHERE key = 'simple-1'`.simple())], [{ value: 'of simple-1' }])
})

await check('prepared', 'statements that the driver prepares by itself', async (sql) => {
  const all = keys('prepared', 30)
  await put(sql, all)
  for (let round = 0; round < 3; round++) same(await values(sql, all), ofAll(all))
  same((await sql`SELECT key FROM kv WHERE key = ANY(${all})`).length, 30)
  same((await sql`SELECT key FROM kv WHERE key IN ${sql(all)}`).length, 30)
  same((await sql`UPDATE kv SET value = value || '!' WHERE key LIKE 'prepared-%'`).count, 30)
})

await check('prepared', 'without named statements', async (sql) => {
  const all = keys('unnamed', 30)
  await put(sql, all)
  same(await values(sql, all), ofAll(all))
}, { prepare: false })

await check('prepared', 'rows in bulk, and what they return', async (sql) => {
  const rows = keys('bulk', 100).map((key) => ({ key, value: `of ${key}` }))
  same([...(await sql`INSERT INTO kv ${sql(rows, 'key', 'value')} RETURNING key, value`)], rows)
  same([...(await sql`UPDATE kv SET ${sql({ value: 'new' })} WHERE key = ${'bulk-1'} RETURNING *`)], [{ key: 'bulk-1', value: 'new' }])
})

await check('prepared', 'describe', async (sql) => {
  const described = await sql`SELECT key, value FROM kv WHERE key = ${''}`.describe()
  same([described.types, described.columns.map((column) => column.name)], [[25], ['key', 'value']])
})

await check('types', 'arrays are known from what the driver reads at connect', async (sql) => {
  const row = {
    id: '8', small: -5, whole: 123456, ratio: 0.1, amount: '12345.6789', flag: false, word: 'wörd', body: Buffer.from('bytes\0'),
    uid: 'ffffffff-0000-1111-2222-333333333333', doc: { a: [1, { b: null }] }, tags: ['a', 'b,c', 'd"e', ''], numbers: [1, -3],
    moment: new Date('2026-01-02T03:04:05.678Z'), feeling: 'happy', place: '(1,2)', count: 5,
  }
  await sql`INSERT INTO typed ${sql(row)}`
  same([...(await sql`SELECT ${sql(Object.keys(row))} FROM typed WHERE id = 8`)], [row])
  same([...(await sql`SELECT ${sql(Object.keys(row))} FROM typed WHERE tags @> ${['a']}`)], [row])
  same((await sql`SELECT array_agg(feeling) AS all FROM typed WHERE id = 8`)[0].all, ['happy'])
})

await check('pipeline', 'queries that are sent together', async (sql) => {
  const all = keys('piped', 100)
  await Promise.all(all.map((key) => sql`INSERT INTO kv VALUES (${key}, ${`of ${key}`})`))
  const found = await Promise.all(all.map((key) => sql`SELECT value FROM kv WHERE key = ${key}`))
  same(found.map((rows) => rows[0].value), ofAll(all))
})

await check('pipeline', 'an error among them is its own', async (sql) => {
  const all = keys('pipefail', 20)
  await put(sql, [all[10]])
  const done = await Promise.allSettled(all.map((key) => sql`INSERT INTO kv VALUES (${key}, ${`of ${key}`})`))
  same(done.map((one) => one.status === 'fulfilled'), all.map((_, i) => i !== 10))
  same(done[10].reason.code, '23505')
  same(await count(sql, 'pipefail-'), 20)
})

await check('transaction', 'begin, rollback and savepoints over several shards', async (sql) => {
  const all = keys('tx', 9)
  await sqlState('P0', sql.begin(async (tx) => {
    await put(tx, all)
    same(await values(tx, all), ofAll(all))
    throw Object.assign(new Error('rolled back'), { code: 'P0' })
  }))
  same(await count(sql, 'tx-'), 0)
  await sql.begin('isolation level read committed', async (tx) => {
    await put(tx, all.slice(0, 3))
    await sqlState('23505', tx.savepoint(async (inner) => {
      await put(inner, all.slice(3))
      await put(inner, [all[0]])
    }))
    await tx.savepoint(async (inner) => put(inner, all.slice(6)))
  })
  same(await count(sql, 'tx-'), 6)
})

await check('transaction', 'statements of a transaction that are sent together', async (sql) => {
  const all = keys('txpiped', 12)
  const done = await sql.begin((tx) => [
    ...all.map((key) => tx`INSERT INTO kv VALUES (${key}, ${`of ${key}`})`),
    tx`SELECT count(*)::int AS n FROM kv WHERE key LIKE 'txpiped-%'`,
  ])
  same([...done.at(-1)], [{ n: 12 }])
  same(await values(sql, all), ofAll(all))
})

await check('error', 'fields of an error, and the session goes on', async (sql) => {
  await put(sql, ['error-1'])
  const error = await sql`INSERT INTO kv VALUES ('error-1', 'again')`.catch((e) => e)
  same([error.code, error.detail, error.table_name, error.constraint_name], ['23505', 'Key (key)=(error-1) already exists.', 'kv', 'kv_pkey'])
  await sqlState('42703', sql`SELECT nothing FROM kv WHERE key = ${'error-1'}`)
  await sqlState('42601', sql`SELEC 1`)
  same(await values(sql, ['error-1']), ['of error-1'])
})

await check('copy', 'rows in and out', async (sql) => {
  const all = keys('copy', 1000)
  await pipeline(Readable.from(all.map((key) => `${key}\tof ${key}\n`)), await sql`COPY kv (key, value) FROM STDIN`.writable())
  let text = ''
  for await (const chunk of await sql`COPY kv TO STDOUT`.readable()) text += chunk
  same(text.split('\n').filter((line) => line.startsWith('copy-')).sort(), all.map((key) => `${key}\tof ${key}`).sort())
})

await check('cursor', 'rows in small portions', async (sql) => {
  const all = keys('cursor', 50).sort()
  await put(sql, all)
  for (const query of [
    () => sql`SELECT key FROM kv WHERE key LIKE 'cursor-%' ORDER BY key`,
    () => sql`SELECT key, row_number() OVER (ORDER BY key) FROM kv WHERE key LIKE ${'cursor-%'} ORDER BY key`,
  ]) {
    const found = []
    for await (const rows of query().cursor(7)) found.push(...rows.map((row) => row.key))
    same(found, all)
    await query().cursor(7, (rows) => (rows.length === 7 ? sql.CLOSE : undefined))
  }
  const one = []
  for await (const [row] of sql`SELECT n FROM kv, generate_series(1, 20) AS n WHERE key = ${'cursor-3'} ORDER BY n`.cursor()) one.push(row.n)
  same(one, Array.from({ length: 20 }, (_, i) => i + 1))
  const each = []
  await sql`SELECT key FROM kv WHERE key LIKE 'cursor-%' ORDER BY key`.forEach((row) => each.push(row.key))
  same(each, all)
})

await check('cancel', 'statements on one shard and on every shard', async (sql) => {
  await put(sql, keys('cancel', 6))
  for (const query of [
    () => sql`SELECT pg_sleep(30)`,
    () => sql`SELECT pg_sleep(30) FROM kv WHERE key = ${'cancel-1'}`,
    () => sql`SELECT key, pg_sleep(30) FROM kv WHERE key LIKE 'cancel-%'`,
  ]) {
    const running = query()
    const ended = sqlState('57014', running.execute())
    const timer = setInterval(() => running.cancel(), 500)
    await ended.finally(() => clearInterval(timer))
    same(await values(sql, ['cancel-2']), ['of cancel-2'])
  }
})

await check('settings', 'start-up parameters and SET', async (sql) => {
  same([...(await sql`SHOW application_name`)], [{ application_name: 'postgres.js app' }])
  same([...(await sql`SHOW statement_timeout`)], [{ statement_timeout: '45s' }])
  await put(sql, ['settings-1'])
  await sql`SET TIME ZONE 'Asia/Tokyo'`
  const zone = await sql`SELECT current_setting('timezone') AS z, current_setting('search_path') AS p FROM kv WHERE key = 'settings-1'`
  same([...zone], [{ z: 'Asia/Tokyo', p: 'pg_catalog, public' }])
}, { connection: { application_name: 'postgres.js app', statement_timeout: 45000, search_path: 'pg_catalog, public' } })

await check('crowd', `${crowd} connections at once`, async (sql) => {
  const all = keys('crowd', crowd * 2)
  await Promise.all(all.map((key) => sql`INSERT INTO kv VALUES (${key}, ${`of ${key}`})`))
  const found = await Promise.all(all.map((key) => sql`SELECT value, pg_sleep(0.01) FROM kv WHERE key = ${key}`))
  same(found.map((rows) => rows[0].value), ofAll(all))
}, { max: crowd })

if (canRestart) {
  await check('reconnect', 'the driver connects again after a restart of the proxy', async (sql) => {
    const all = keys('restart', 10)
    await put(sql, all)
    restart()
    await pause(100)
    same(await values(sql, all), ofAll(all))
  }, { max: 3 })
} else {
  checks.skip('reconnect', 'the driver connects again after a restart', 'the server is not restarted')
}

const listens = await withSql((sql) => sql`LISTEN probe`.then(() => null, (error) => error))
if (listens?.code === '0A000') {
  checks.skip('listen', 'notifications', listens.message)
} else {
  await check('listen', 'notifications', async (sql) => {
    let hear
    const heard = new Promise((resolve) => (hear = resolve))
    const { unlisten } = await sql.listen('news', hear)
    await sql.notify('news', 'hello')
    same(await heard, 'hello')
    await unlisten()
  })
}

checks.finish()

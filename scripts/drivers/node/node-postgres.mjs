// node-postgres (pg) with pg-cursor, pg-query-stream and pg-copy-streams.
import pg from 'pg'
import Cursor from 'pg-cursor'
import QueryStream from 'pg-query-stream'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { once } from 'node:events'
import { Checks, same, sqlState, keys, canRestart, crowd, restart, pause } from './checks.mjs'

const checks = new Checks('node-postgres', 'pg')

async function connect(options = {}) {
  const client = new pg.Client(options)
  client.on('error', () => {})
  await client.connect()
  return client
}

async function withClient(run, options) {
  const client = await connect(options)
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

const check = (feature, name, run, options) => checks.check(feature, name, () => withClient(run, options))
const insert = 'INSERT INTO kv (key, value) VALUES ($1, $2)'
const select = 'SELECT value FROM kv WHERE key = $1'

async function put(client, all) {
  for (const key of all) await client.query(insert, [key, `of ${key}`])
}

async function values(client, all) {
  const found = []
  for (const key of all) found.push((await client.query(select, [key])).rows.map((row) => row.value).join())
  return found
}

const ofAll = (all) => all.map((key) => `of ${key}`)

await withClient(async (client) => {
  for (const table of ['kv', 'typed', 'devices', 'countries', 'notes']) await client.query(`TRUNCATE ${table}`)
})

await check('simple', 'rows written by text are read back', async (client) => {
  for (const key of keys('simple', 20)) {
    same((await client.query(`INSERT INTO kv VALUES ('${key}', 'of ${key}')`)).rowCount, 1)
    same((await client.query(`SELECT value FROM kv WHERE key = '${key}'`)).rows, [{ value: `of ${key}` }])
  }
  const all = await client.query("SELECT key FROM kv WHERE key LIKE 'simple-%' ORDER BY key")
  same(all.rows.map((row) => row.key), keys('simple', 20).sort())
})

await check('simple', 'several statements in one text', async (client) => {
  const results = await client.query("SELECT 1 AS a; SELECT 'two' AS b, 2 AS c; SELECT 3 AS d WHERE false")
  same(results.map((result) => result.rows), [[{ a: 1 }], [{ b: 'two', c: 2 }], []])
})

await check('prepared', 'unnamed statements with parameters', async (client) => {
  const all = keys('unnamed', 30)
  await put(client, all)
  same(await values(client, all), ofAll(all))
  same((await client.query('SELECT key FROM kv WHERE key = ANY($1) ORDER BY key', [all])).rows.length, 30)
  same((await client.query("UPDATE kv SET value = value || '!' WHERE key LIKE $1", ['unnamed-%'])).rowCount, 30)
  same(await values(client, all), ofAll(all).map((value) => `${value}!`))
})

await check('prepared', 'named statements, many times and several names', async (client) => {
  const all = keys('named', 30)
  for (const key of all) await client.query({ name: 'put', text: insert, values: [key, `of ${key}`] })
  for (let round = 0; round < 5; round++) {
    for (const key of all) {
      const name = `get${round % 3}`
      same((await client.query({ name, text: select, values: [key] })).rows, [{ value: `of ${key}` }])
      same(
        (await client.query({ name: 'count', text: 'SELECT count(*) FROM kv WHERE key LIKE $1', values: ['named-%'] })).rows,
        [{ count: '30' }],
      )
    }
  }
})

await check('prepared', 'names live on after an error and a rollback', async (client) => {
  const get = (key) => client.query({ name: 'alive', text: select, values: [key] })
  await put(client, ['alive-1'])
  await client.query('BEGIN')
  same((await get('alive-1')).rows.length, 1)
  await sqlState('22012', client.query('SELECT 1/0'))
  await sqlState('25P02', get('alive-1'))
  await client.query('ROLLBACK')
  for (const key of ['alive-1', 'alive-2', 'alive-3']) same((await get(key)).rows.length, key === 'alive-1' ? 1 : 0)
})

// The driver reads binary values as if they were UTF-8, so only such can be asked for.
await check('binary', 'values in binary format', async (client) => {
  await client.query('INSERT INTO typed (id, small, whole, ratio, flag, word) VALUES ($1, $2, $3, $4, $5, $6)', [7, 2, 3, 2, true, 'wörd'])
  const query = { text: 'SELECT small, whole, ratio, flag, word FROM typed WHERE id = $1', values: [7], binary: true }
  for (const name of [undefined, 'typed', 'typed']) {
    same((await client.query({ ...query, name })).rows, [{ small: 2, whole: 3, ratio: 2, flag: true, word: 'wörd' }])
  }
  const every = { text: 'SELECT whole, ratio FROM typed ORDER BY whole LIMIT $1', values: [10], binary: true }
  same((await client.query(every)).rows, [{ whole: 3, ratio: 2 }])
})

await check('types', 'values of many types', async (client) => {
  const row = {
    id: '8', small: -5, whole: 123456, ratio: 0.1, amount: '12345.6789', flag: false, word: "it's \\ \"quoted\" é",
    body: Buffer.from('bytes\0'), uid: 'ffffffff-0000-1111-2222-333333333333', doc: { a: [1, { b: null }] },
    tags: ['a', 'b,c', 'd"e', ''], numbers: [1, null, -3], feeling: 'happy', place: '(1,2)', count: 5,
  }
  const names = Object.keys(row)
  await client.query(
    `INSERT INTO typed (${names}) VALUES (${names.map((_, i) => `$${i + 1}`)})`,
    names.map((name) => (name === 'doc' ? JSON.stringify(row.doc) : row[name])),
  )
  same((await client.query(`SELECT ${names} FROM typed WHERE id = $1`, [8])).rows, [row])
  same((await client.query(`SELECT ${names} FROM typed WHERE feeling = $1 ORDER BY id`, ['happy'])).rows, [row])
})

await check('pipeline', 'queries that are sent together', async (client) => {
  const all = keys('piped', 50)
  await Promise.all(all.map((key) => client.query(insert, [key, `of ${key}`])))
  const found = await Promise.all(all.map((key) => client.query({ name: 'piped', text: select, values: [key] })))
  same(found.map((result) => result.rows[0].value), ofAll(all))
}, { pipeline: true })

await check('pipeline', 'an error among them is its own', async (client) => {
  const all = keys('pipefail', 20)
  await put(client, [all[10]])
  const done = await Promise.allSettled([
    ...all.map((key) => client.query(insert, [key, `of ${key}`])),
    client.query('SELECT count(*)::int AS n FROM kv WHERE key LIKE $1', ['pipefail-%']),
  ])
  same(done.map((one) => one.status === 'fulfilled'), [...all.map((_, i) => i !== 10), true])
  same(done[10].reason.code, '23505')
  same(done[20].value.rows, [{ n: 20 }])
}, { pipeline: true })

await check('transaction', 'commit and rollback over several shards', async (client) => {
  const all = keys('tx', 10)
  await client.query('BEGIN')
  await put(client, all)
  same(await values(client, all), ofAll(all))
  await client.query('ROLLBACK')
  same((await client.query("SELECT count(*)::int AS n FROM kv WHERE key LIKE 'tx-%'")).rows, [{ n: 0 }])
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
  await put(client, all)
  await client.query('COMMIT')
  same(await values(client, all), ofAll(all))
})

await check('transaction', 'savepoints over several shards', async (client) => {
  const all = keys('save', 6)
  await client.query('BEGIN')
  await put(client, all.slice(0, 3))
  await client.query('SAVEPOINT s')
  await put(client, all.slice(3))
  await sqlState('23505', put(client, [all[0]]))
  await client.query('ROLLBACK TO SAVEPOINT s')
  same((await client.query("SELECT count(*)::int AS n FROM kv WHERE key LIKE 'save-%'")).rows, [{ n: 3 }])
  await client.query('RELEASE s')
  await client.query('COMMIT')
  same((await client.query("SELECT key FROM kv WHERE key LIKE 'save-%' ORDER BY 1")).rows.length, 3)
})

await check('error', 'fields of an error, and the session goes on', async (client) => {
  await put(client, ['error-1'])
  const error = await client.query(insert, ['error-1', 'again']).catch((e) => e)
  same(
    [error.code, error.detail, error.table, error.constraint, error.severity],
    ['23505', 'Key (key)=(error-1) already exists.', 'kv', 'kv_pkey', 'ERROR'],
  )
  await sqlState('42703', client.query('SELECT nothing FROM kv WHERE key = $1', ['error-1']))
  await sqlState('42601', client.query('SELEC 1'))
  await sqlState('22P02', client.query('SELECT note FROM notes WHERE id = $1', ['no number']))
  same(await values(client, ['error-1']), ['of error-1'])
})

await check('copy', 'rows in and out', async (client) => {
  const all = keys('copy', 1000)
  const input = client.query(copyFrom('COPY kv (key, value) FROM STDIN'))
  await pipeline(Readable.from(all.map((key) => `${key}\tof ${key}\n`)), input)
  same(input.rowCount, 1000)
  const output = client.query(copyTo("COPY (SELECT key, value FROM kv WHERE key LIKE 'copy-%') TO STDOUT (FORMAT csv)"))
  let text = ''
  output.on('data', (chunk) => (text += chunk))
  await once(output, 'end')
  same(text.trimEnd().split('\n').sort(), all.map((key) => `${key},of ${key}`).sort())
  same(await values(client, all.slice(0, 20)), ofAll(all.slice(0, 20)))
})

await check('copy', 'an input that fails leaves nothing', async (client) => {
  const input = client.query(copyFrom('COPY kv FROM STDIN'))
  await sqlState('23505', pipeline(Readable.from(['copyfail-1\ta\n', 'copyfail-2\tb\n', 'copyfail-1\tc\n']), input))
  same((await client.query("SELECT * FROM kv WHERE key LIKE 'copyfail-%'")).rows, [])
})

for (const within of ['no transaction', 'a transaction']) {
  await check('cursor', `pg-cursor in ${within}`, async (client) => {
    const all = keys(`cursor ${within}`, 40).sort()
    await put(client, all)
    if (within === 'a transaction') await client.query('BEGIN')
    for (const sql of ['SELECT key FROM kv WHERE key LIKE $1 ORDER BY key', 'SELECT DISTINCT key, row_number() OVER () AS n FROM kv WHERE key LIKE $1 ORDER BY key']) {
      const cursor = client.query(new Cursor(sql, [`cursor ${within}-%`]))
      const found = []
      for (let rows = await cursor.read(7); rows.length > 0; rows = await cursor.read(7)) found.push(...rows.map((row) => row.key))
      await cursor.close()
      same(found, all)
    }
    const one = client.query(new Cursor('SELECT n, value FROM kv, generate_series(1, 100) AS n WHERE key = $1', [all[3]]))
    same((await one.read(30)).map((row) => row.n), Array.from({ length: 30 }, (_, i) => i + 1))
    same((await one.read(30)).map((row) => row.n)[0], 31)
    await one.close()
    if (within === 'a transaction') await client.query('COMMIT')
    same(await values(client, all), ofAll(all))
  })
}

await check('cursor', 'pg-query-stream', async (client) => {
  const all = keys('stream', 200).sort()
  await put(client, all)
  const stream = client.query(new QueryStream('SELECT key, value FROM kv WHERE key LIKE $1 ORDER BY key', ['stream-%'], { batchSize: 9, highWaterMark: 5 }))
  const found = []
  for await (const row of stream) found.push(row.key)
  same(found, all)
  const half = client.query(new QueryStream('SELECT key FROM kv WHERE key LIKE $1', ['stream-%'], { batchSize: 9 }))
  for await (const row of half) {
    same(row.key.startsWith('stream-'), true)
    break
  }
  same(await values(client, all.slice(0, 5)), ofAll(all.slice(0, 5)))
})

for (const [what, sql] of [
  ['the home shard', 'SELECT pg_sleep(30)'],
  ['one shard', "SELECT pg_sleep(30) FROM kv WHERE key = 'cancel-1'"],
  ['every shard', "SELECT key, pg_sleep(30) FROM kv WHERE key LIKE 'cancel-%'"],
]) {
  await check('cancel', `a statement on ${what}`, async (client) => {
    await client.query('DELETE FROM kv WHERE key = ANY($1)', [keys('cancel', 6)])
    await put(client, keys('cancel', 6))
    const query = new pg.Query(sql)
    const ended = new Promise((resolve, reject) => {
      query.on('error', reject)
      query.on('end', resolve)
    })
    client.query(query)
    let running = true
    const result = sqlState('57014', ended).finally(() => (running = false))
    while (running) {
      await Promise.race([result, pause(500)])
      if (running) new pg.Client().cancel(client, query)
    }
    await result
    same(await values(client, ['cancel-2']), ['of cancel-2'])
  })
}

await check('cancel', 'statement_timeout from the start-up message', async (client) => {
  await sqlState('57014', client.query('SELECT pg_sleep(30)'))
  await put(client, ['timeout-1'])
  same(await values(client, ['timeout-1']), ['of timeout-1'])
}, { statement_timeout: 300 })

await check('settings', 'start-up parameters, SET and DISCARD ALL', async (client) => {
  const show = async (name) => (await client.query(`SHOW ${name}`)).rows[0][name.toLowerCase()]
  same(await show('application_name'), 'node app')
  same(await show('lock_timeout'), '12s')
  same(await show('work_mem'), '7MB')
  await client.query("SET work_mem = '9MB'; SET TIME ZONE 'Asia/Tokyo'")
  await put(client, ['settings-1'])
  const there = await client.query("SELECT current_setting('work_mem') AS w, current_setting('timezone') AS z FROM kv WHERE key = $1", ['settings-1'])
  same(there.rows, [{ w: '9MB', z: 'Asia/Tokyo' }])
  await client.query('DISCARD ALL')
  same(await show('work_mem'), '7MB')
  await client.query('SET search_path = pg_catalog')
  await sqlState('42P01', client.query('SELECT note FROM notes'))
  await client.query('RESET search_path')
  same((await client.query('SELECT note FROM notes')).rows, [])
}, { application_name: 'node app', lock_timeout: 12000, options: '-c work_mem=7MB -c idle_in_transaction_session_timeout=99s' })

await checks.check('crowd', `${crowd} clients at once`, async () => {
  const pool = new pg.Pool({ max: 50 })
  const all = keys('crowd', crowd)
  await Promise.all(all.map((key) => pool.query(insert, [key, `of ${key}`])))
  const found = await Promise.all(all.map((key) => pool.query({ name: 'crowd', text: select, values: [key] })))
  same(found.map((result) => result.rows[0].value), ofAll(all))
  await pool.end()
  const clients = await Promise.all(all.map(() => connect()))
  const each = await Promise.all(clients.map((client, i) => values(client, [all[i]])))
  same(each.flat(), ofAll(all))
  await Promise.all(clients.map((client) => client.end()))
})

if (canRestart) {
  await checks.check('reconnect', 'a pool gets over a restart of the proxy', async () => {
    const pool = new pg.Pool({ max: 5 })
    pool.on('error', () => {})
    const all = keys('restart', 10)
    await Promise.all(all.map((key) => pool.query(insert, [key, `of ${key}`])))
    restart()
    await pause(100)
    const found = await Promise.all(all.map((key) => pool.query(select, [key])))
    same(found.map((result) => result.rows[0].value), ofAll(all))
    await pool.end()
  })
} else {
  checks.skip('reconnect', 'a pool gets over a restart', 'the server is not restarted')
}

const listens = await withClient((client) => client.query('LISTEN probe').then(() => null, (error) => error))
if (listens?.code === '0A000') {
  checks.skip('listen', 'notifications', listens.message)
} else {
  await check('listen', 'notifications', async (client) => {
    const heard = once(client, 'notification')
    await client.query('LISTEN news')
    await withClient((other) => other.query("NOTIFY news, 'hello'"))
    const [{ channel, payload }] = await heard
    same([channel, payload], ['news', 'hello'])
    await client.query('UNLISTEN *')
  })
}

checks.finish()

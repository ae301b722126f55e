// What the programs of this folder share: the lines that they print, and the rows that they write.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { deepStrictEqual } from 'node:assert'

const secondsMax = 60

export class Checks {
  #failed = 0

  constructor(driver, ...packages) {
    const versions = packages.map((name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version)
    console.log(`driver ${driver} ${versions.join(', ')}`)
  }

  // Runs one check and prints how it went. What hangs has failed.
  async check(feature, name, run) {
    let timer
    const late = new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no end after ${secondsMax} s`)), secondsMax * 1000)
    })
    try {
      await Promise.race([run(), late])
      console.log(`ok ${feature}: ${name}`)
    } catch (error) {
      // What the proxy refuses in so many words is no failure, but shown.
      const refused = canRestart && error.code === '0A000'
      if (!refused) this.#failed++
      const code = error.code === undefined ? '' : ` [${error.code}]`
      console.log(`${refused ? 'refused' : 'FAIL'} ${feature}: ${name}: ${String(error.message).replaceAll('\n', ' ')}${code}`)
      if (process.env.PGRING_TRACE) console.log(error)
    } finally {
      clearTimeout(timer)
    }
  }

  skip(feature, name, reason) {
    console.log(`skip ${feature}: ${name}: ${reason}`)
  }

  finish() {
    process.exit(this.#failed === 0 ? 0 : 1)
  }
}

export const same = deepStrictEqual

// Fails unless the promise is rejected with this SQLSTATE.
export async function sqlState(expected, promise) {
  let state = 'no error'
  await promise.catch((error) => (state = error.code ?? error.message))
  same(state, expected)
}

// Keys that lie on several shards, whatever the ring.
export const keys = (prefix, count) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`)

// Whether the proxy can be started again; plain PostgreSQL is not.
export const canRestart = process.env.PGRING_RESTART !== undefined

// How many clients at once: PostgreSQL alone takes no more than 100.
export const crowd = canRestart ? 200 : 40

export function restart() {
  const result = spawnSync(process.env.PGRING_RESTART, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] })
  same(result.status, 0)
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

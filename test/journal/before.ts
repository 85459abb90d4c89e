import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** What was recorded before runs had a store: a handbook, its runs and locks, what they were exported as, and a proof. */
export const BEFORE = 'test/journal/fixtures/before'

/** The runs there. */
export const RUNS = {
  /** With an output that was kept, and evidence; its lock was released. */
  healed: '20261128-150326-wva7',
  /** Its runner was killed in the step `grow`; it holds its lock. */
  interrupted: '20261128-150329-xns4',
  /** Its runner was killed while it waited for the approval of `purge`. */
  waiting: '20261128-150330-d4hz',
}

/** The machine that recorded them. */
export const HOST = 'ops-1'

/** Puts the handbook and its records into a folder, byte by byte. */
export function placeBefore(folder: string): void {
  for (const name of ['handbook.yaml', 'runbooks', 'docs', 'witness'])
    cpSync(join(BEFORE, name), join(folder, name), { recursive: true })
  cpSync(join(BEFORE, 'store'), join(folder, '.handbook'), { recursive: true })
}

/** Makes the records in a folder those of this machine, as if it had recorded them: names it in ledgers and locks, and chains anew. */
export function adoptBefore(folder: string): void {
  const runs = join(folder, '.handbook/runs')
  for (const run of readdirSync(runs)) {
    const file = join(runs, run, 'ledger.ndjson')
    let chain = ''
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => {
        const written = adopt(line).replace(/,"chain":"[0-9a-f]{64}"\}$/, '}')
        chain = createHash('sha256').update(chain).update(written).digest('hex')
        return `${written.slice(0, -1)},"chain":"${chain}"}\n`
      })
    writeFileSync(file, lines.join(''))
  }
  const locks = join(folder, '.handbook/locks')
  for (const name of readdirSync(locks)) {
    const file = join(locks, name, '1')
    // One that was taken anew is this machine's already.
    if (!existsSync(file)) continue
    writeFileSync(file, adopt(readFileSync(file, 'utf8')))
  }
}

function adopt(text: string): string {
  return text.replaceAll(`"host":"${HOST}"`, `"host":"${hostname()}"`)
}

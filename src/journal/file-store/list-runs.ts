import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Actor } from '../event.ts'
import { foldRun } from '../fold-run.ts'
import type { RecordedRun, RunList, RunUnderWay } from '../run-store.ts'
import { readHolder } from './claim-lease.ts'
import { readStart } from './heads.ts'
import { listNames } from './list-names.ts'
import type { Places } from './places.ts'
import { readLedger, whyUnreadable } from './read-ledger.ts'

/** Every run kept in a folder, newest first, or so many of them, and the names of what is none. */
export async function listRuns(
  places: Places,
  judge: (run: string, by: Actor) => Promise<'alive' | 'gone' | 'elsewhere'>,
  { limit }: { readonly limit?: number } = {},
): Promise<RunList> {
  const unreadable: string[] = []
  const runs: RecordedRun[] = []
  const all = await listNames(places)
  const names = all.slice(0, reach(all, limit))
  // Some at a time: a process may not have ten thousand files open.
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const read = names.slice(at, at + AT_ONCE).map(name =>
      readRun(places, name, judge).catch(() => {
        unreadable.push(name)
        return undefined
      }),
    )
    runs.push(...(await Promise.all(read)).filter(run => run !== undefined))
  }
  // Names tell the second only.
  const sorted = runs.toSorted((a, b) => (a.started < b.started ? 1 : a.started > b.started ? -1 : 0))
  return { runs: sorted.slice(0, limit), unreadable, total: all.length }
}

const AT_ONCE = 64

/** How many names have to be read for the newest runs: all of the last one's second, since names do not tell more. */
function reach(names: readonly string[], limit = names.length): number {
  const second = names[limit - 1]?.replace(/-[^-]*$/, '')
  const rest = names.slice(limit).findIndex(name => !name.startsWith(`${second}-`))
  return rest < 0 ? names.length : limit + rest
}

/** So many of the newest runs are looked at for those that are under way. */
const NEWEST = 64

/** The runs under way in an environment, newest first: those whose lease is held, and then those of elsewhere that hold a lock here. */
export async function listUnderWay(places: Places, environment: string, deployment?: string): Promise<RunUnderWay[]> {
  const held = (await listNames(places)).slice(0, NEWEST).flatMap(run => {
    const found = readHolder(places.lease({ run }))
    return found ? [{ run, ...found }] : []
  })
  const found = await Promise.all(
    held.map(async ({ run, holder, sure }): Promise<RunUnderWay[]> => {
      const start = await readStart(places, run)
      if (start?.environment !== environment) return []
      if (deployment !== undefined && start.deployment !== undefined && start.deployment !== deployment) return []
      const { user, host, pid } = holder
      return [{ run, procedure: start.procedure, page: start.title, by: { user, host, pid }, since: start.time, sure }]
    }),
  )
  const own = found.flat()
  const locking = listHolders(places, environment, deployment)
  return [...own, ...locking.filter(({ run }) => own.every(other => other.run !== run))]
}

/** The runs that hold a lock of an environment. Of a run of another checkout only this is known. */
function listHolders(places: Places, environment: string, deployment: string | undefined): RunUnderWay[] {
  const any = places.lease({ procedure: '', environment, ...(deployment === undefined ? {} : { deployment }) })
  const ending = basename(any)
  const list = (folder: string) => {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  }
  return list(dirname(any)).flatMap(name => {
    const found = name.endsWith(ending) ? readHolder(join(dirname(any), name)) : undefined
    if (!found) return []
    const { run, since, user, host, pid } = found.holder
    const procedure = decodeURIComponent(name.slice(0, -ending.length))
    return [{ run, procedure, page: procedure, by: { user, host, pid }, since, sure: found.sure }]
  })
}

async function readRun(places: Places, name: string, judge: Parameters<typeof listRuns>[1]): Promise<RecordedRun> {
  const content = await readLedger(places.ledger(name))
  const why = whyUnreadable(places.ledger(name), content)
  if (why !== undefined) throw new Error(why)
  const { events, badLine, torn, newer } = content
  const { outcome, ...state } = foldRun(events)
  const told = {
    ...(badLine === undefined ? {} : { badLine }),
    ...(torn ? { torn } : {}),
    ...(newer === undefined ? {} : { newer }),
  }
  // Nobody knows how it goes on behind what cannot be read.
  if (newer !== undefined || (badLine !== undefined && !torn)) return { ...state, ...told, running: false }
  const running = outcome === undefined && state.by !== undefined && (await judge(name, state.by)) !== 'gone'
  return { ...state, ...told, ...(running ? {} : { outcome: outcome ?? ('interrupted' as const) }), running }
}

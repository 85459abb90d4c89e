import { setTimeout as sleep } from 'node:timers/promises'
import type { Alert } from '../../alerts/index.ts'
import type { Handbook } from '../../environments/index.ts'
import type { StartAlert } from '../../journal/index.ts'
import { listIncidents, readProcedures, type SeenAlerts } from '../../operate/index.ts'
import type { AlertNowFiring, Now } from '../../wire/index.ts'
import type { ServerParts } from '../server-parts.ts'
import { describeAlert, type JoinedAlert, joinAlerts, NOT_THERE } from './join-alerts.ts'
import { pollSources, type SourcePoll } from './poll-sources.ts'
import { readRunsNow } from './read-runs.ts'

/** What is known of each environment that is served. */
export interface NowBoard {
  read(environment: string): Promise<Now>
  /** What is known at each change, and at least every 5 s, until the signal aborts. */
  follow(environment: string, signal: AbortSignal): AsyncIterable<Now>
  /** Takes alerts that were handed over, and asks the sources at once. */
  push(environment: string, firing: readonly Alert[], resolved: readonly Alert[]): void
  /** What Alertmanager says or handed over, and fires; quiet ones among them. */
  alerts(environment: string): readonly Alert[]
  /** What fires, for a record: all of it when every source has just answered; what was handed over, where no Alertmanager can be asked. */
  seen(environment: string): SeenAlerts
  /** Asks the sources until the signal aborts. `heard` is called when they were asked. */
  start(signal: AbortSignal, heard: (environment: string) => void): void
}

type Needs = Pick<ServerParts, 'handbook' | 'facts' | 'store' | 'served' | 'resolve' | 'looks'>

/** Milliseconds between two looks into the record while somebody watches, and after which is told that nothing changed. */
const LOOK_EVERY = 1500
const TELL_EVERY = 4500

/** Keeps what is known of each environment. */
export function createNowBoard({ handbook, facts, store, served, resolve, looks }: Needs): NowBoard {
  const answering = mapPages({ handbook, facts })
  let tell: (environment: string) => void = () => undefined
  const boards = new Map(
    served.map(environment => {
      const { name } = environment
      const pushed = new Map<string, Alert>()
      const ended = new Map<string, Alert>()
      const waiting = new Set<() => void>()
      const wake = () => {
        for (const one of waiting) one()
      }
      const poll: SourcePoll = pollSources(
        () => resolve(name),
        () => {
          wake()
          tell(name)
        },
      )
      const readFresh = async (): Promise<Now> => {
        const { sources, blind, alerts, rules } = poll.heard()
        const there = await resolve(name).catch(() => undefined)
        const { answers, ...runs } = await readRunsNow(store, name, there)
        const incidents = await listIncidents(store, { environments: [name] })
        const pages = await answering()
        const named = joinAlerts({ alerts, rules }, [...pushed.values()], handbook.file.consequences).map(
          (alert): AlertNowFiring => {
            const page = pages.get(alert.name)
            const run = answers.find(one => isFor(one.alert, alert))?.run
            const looked = looks.find(name, alert)
            return {
              ...alert,
              ...(page ? { page } : {}),
              ...(run === undefined ? {} : { run }),
              ...(looked ? { looked } : {}),
            }
          },
        )
        return { environment, time: new Date().toISOString(), sources, blind, alerts: named, ...runs, incidents }
      }
      // Many who watch look once.
      let reading: Promise<Now> | undefined
      const read = () => {
        reading ??= readFresh().finally(() => {
          reading = undefined
        })
        return reading
      }
      return [name, { poll, pushed, ended, waiting, wake, read }] as const
    }),
  )
  const find = (name: string) => {
    const board = boards.get(name)
    if (!board) throw new Error(`${name} is not served`)
    return board
  }
  return {
    read: name => find(name).read(),
    async *follow(name, signal) {
      const { read, waiting } = find(name)
      let told = ''
      let at = Number.NEGATIVE_INFINITY
      while (!signal.aborted) {
        const woken = new AbortController()
        const wake = () => woken.abort()
        waiting.add(wake)
        const now = await read()
        const { time: _, sources, ...rest } = now
        const content = JSON.stringify([rest, sources.map(({ asked, why }) => [asked, why])])
        if (content !== told || performance.now() - at > TELL_EVERY) {
          told = content
          at = performance.now()
          yield now
        }
        await sleep(LOOK_EVERY, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => undefined)
        waiting.delete(wake)
      }
    },
    push(name, firing, resolved) {
      const { pushed, ended, wake, poll } = find(name)
      for (const alert of resolved) {
        pushed.delete(alert.fingerprint)
        ended.set(alert.fingerprint, alert)
      }
      for (const alert of firing) {
        ended.delete(alert.fingerprint)
        if (pushed.size < MOST_PUSHED) pushed.set(alert.fingerprint, alert)
      }
      // The oldest ends have been written down by now.
      for (const oldest of [...ended.keys()].slice(0, -MOST_PUSHED)) ended.delete(oldest)
      wake()
      // Alertmanager's own answer is what counts, where it is asked.
      void poll.ask().then(() => {
        const { sources } = poll.heard()
        if (sources.some(({ name, asked, why }) => name === 'Alertmanager' && asked && why === undefined))
          for (const alerts of [pushed, ended]) alerts.clear()
        wake()
      })
    },
    alerts(name) {
      const { poll, pushed } = find(name)
      const { alerts = [], blind } = poll.heard()
      const heard = blind ? [] : (alerts ?? [])
      return [...new Map([...pushed.values(), ...heard].map(alert => [alert.fingerprint, alert])).values()]
    },
    seen(name) {
      const { poll, pushed, ended } = find(name)
      const { sources, blind, alerts, rules } = poll.heard()
      const asked = sources.filter(source => source.asked)
      const all = !blind && asked.length > 0 && asked.every(({ answered, why }) => answered && why === undefined)
      const isAlone = !asked.some(source => source.name === 'Alertmanager')
      const firing = joinAlerts({ alerts, rules }, [...pushed.values()], handbook.file.consequences)
        // Where Alertmanager is asked, its own labels count: Prometheus knows the same alert with fewer.
        .filter(({ quiet, handedOver }) => quiet !== NOT_THERE && (all || (isAlone && handedOver)))
        .map(({ handedOver, ...alert }) => (isAlone && handedOver ? { ...alert, handedOver } : alert))
      return { firing, all, ended: isAlone ? [...ended.values()].map(describeAlert) : [] }
    },
    start(signal, heard) {
      tell = heard
      // Whoever comes first does not wait until all pages are read.
      void answering()
      for (const { poll } of boards.values()) void poll.start(signal)
    },
  }
}

/** The most alerts that are kept of those that were handed over. */
const MOST_PUSHED = 500

/** Milliseconds for which it is remembered which pages answer which alerts. */
const REMEMBERED = 60_000

type Page = NonNullable<AlertNowFiring['page']>

/** The page that answers an alert, by the alert's name: only pages that are published here. */
function mapPages({
  handbook,
  facts,
}: {
  handbook: Handbook
  facts: Needs['facts']
}): () => Promise<Map<string, Page>> {
  const permalinks = new Map(facts.pages.map(({ path, permalink }) => [path, permalink]))
  let pages: Promise<Map<string, Page>> = Promise.resolve(new Map())
  let at = Number.NEGATIVE_INFINITY
  const readAll = async (before: Promise<Map<string, Page>>) => {
    // What was known stays when a page cannot be read.
    const procedures = await readProcedures(handbook).catch(() => undefined)
    if (!procedures) return before
    return new Map(
      procedures.flatMap(({ id, title, path, alerts }) => {
        const permalink = permalinks.get(path)
        return permalink === undefined ? [] : alerts.map(alert => [alert, { id, title, permalink }] as const)
      }),
    )
  }
  return () => {
    if (performance.now() - at < REMEMBERED) return pages
    const isFirst = at === Number.NEGATIVE_INFINITY
    at = performance.now()
    const read = readAll(pages)
    if (isFirst) pages = read
    // What is known is told meanwhile.
    else void read.then(known => (pages = Promise.resolve(known)))
    return pages
  }
}

/** Whether a run was begun for an alert: for the one with its labels, when these are known. */
function isFor(start: StartAlert, { name, labels }: JoinedAlert): boolean {
  if (start.name !== name) return false
  return start.asked !== 'fires' || Object.entries(start.labels).every(([key, value]) => labels[key] === value)
}

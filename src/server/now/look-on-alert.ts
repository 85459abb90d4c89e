import type { Alert } from '../../alerts/index.ts'
import { foldRun, makeRunId } from '../../journal/index.ts'
import { hasCheapSteps, type LookOrder, readProcedures } from '../../operate/index.ts'
import type { AlertLook } from '../../wire/index.ts'
import { startRunner } from '../runs/start-runner.ts'
import type { ServerParts } from '../server-parts.ts'
import { describeAlert } from './join-alerts.ts'

/** Milliseconds until a look is taken to be over that is not heard of any more. */
const PATIENCE = 120_000

/**
 * Looks at alerts before anybody does, in environments that say `onAlert: diagnose`: once an alert, also when the server is started again, and one
 * after the other. To be called whenever alerts were heard of; what fires no more by its turn is not looked at.
 */
export function createLooker(parts: ServerParts, signal: AbortSignal): (environment: string) => void {
  const { handbook, say } = parts
  const busy = new Set<string>()
  return name => {
    if (handbook.file.environments[name]?.onAlert !== 'diagnose' || busy.has(name) || signal.aborted) return
    busy.add(name)
    void lookAtAll(name, parts, signal)
      .catch(error => say(`What fires in ${name} could not be looked at: ${describe(error)}`))
      .finally(() => busy.delete(name))
  }
}

async function lookAtAll(environment: string, parts: ServerParts, signal: AbortSignal): Promise<void> {
  const { now, looks, handbook, facts, say } = parts
  const list = () =>
    now
      .alerts(environment)
      .filter(({ state }) => state !== 'suppressed')
      .map(alert => ({ alert, arrived: pick(describeAlert(alert)) }))
  const isNew = ({ arrived }: ReturnType<typeof list>[number]) => !looks.find(environment, arrived)
  looks.keep(
    environment,
    list().map(({ arrived }) => arrived),
  )
  if (!list().some(isNew)) return
  const pages = (await readProcedures(handbook)).filter(hasCheapSteps)
  for (const tried = new Set<string>(); !signal.aborted; ) {
    const next = list().find(one => isNew(one) && !tried.has(one.alert.fingerprint))
    if (!next) return
    const { alert, arrived } = next
    tried.add(alert.fingerprint)
    const page = pages.find(({ alerts }) => alerts.includes(arrived.name))
    const published = facts.pages.find(({ path }) => path === page?.path)
    if (!page || !published) continue
    const order = { page: page.id, contentHash: published.contentHash, environment, alert: arrived }
    const look = await begin(order, alert, parts).catch((error): AlertLook => ({ refused: describe(error) }))
    looks.note(environment, arrived, look)
    if ('refused' in look) say(`${arrived.name} in ${environment} was not looked at: ${look.refused}`)
    else await untilOver(look.run, parts, signal)
  }
}

function pick({ name, labels, since }: ReturnType<typeof describeAlert>): LookOrder['alert'] {
  return { name, labels, since }
}

type Order = Omit<LookOrder, 'look' | 'run'>

/** The run that looks at an alert: a new one, or the one that did. */
async function begin(order: Order, { fingerprint, startsAt }: Alert, parts: ServerParts): Promise<AlertLook> {
  const { store, options, handbook } = parts
  const key = `on-alert ${JSON.stringify([order.environment, fingerprint, startsAt.getTime()])}`
  const { run } = await store.noteBeginning(key, { run: makeRunId(new Date()), order: key })
  const find = async (): Promise<AlertLook | undefined> => {
    const { started } = foldRun((await store.read(run))?.events ?? [])
    return started === '' ? undefined : { run, at: started }
  }
  const before = await find()
  if (before) return before
  const answer = await startRunner({ look: 'on-alert', run, ...order }, options.runner, handbook.root)
  if ('begun' in answer) return (await find()) ?? { refused: 'Its record cannot be read' }
  return { refused: [answer.message, answer.hint].filter(Boolean).join('. ') }
}

/** Waits until a run has ended, or nothing more comes of it. */
async function untilOver(run: string, { feeds }: ServerParts, signal: AbortSignal): Promise<void> {
  const given = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
  await feeds.use(run, async feed => {
    while (!feed.ended && !given.aborted) await feed.changed(given)
  })
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

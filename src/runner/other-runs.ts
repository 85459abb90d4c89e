import { describeChange, type RunFact, type RunUnderWay, type UnrevertedChange } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Run } from './run.ts'

/** Says at a run's start beside which runs it goes on in its environment. The lock stops only runs of the same page. */
export async function tellBeside(run: Run): Promise<void> {
  for (const other of await findBeside(run))
    void run.emit({ type: 'run.warned', message: `this run goes on beside ${describe(other)}`, beside: other })
}

/**
 * Says before a step that changes something which runs of other pages are under way in the environment, and whether there are any: then
 * a person is asked, whatever they said before.
 */
export async function isBesideOthers(run: Run, { title }: Step): Promise<boolean> {
  const others = (await findBeside(run)).filter(({ procedure }) => procedure !== run.request.procedure.id)
  for (const other of others)
    void run.emit({
      type: 'run.warned',
      message: `“${title}” would change something beside ${describe(other)}`,
      beside: other,
    })
  return others.length > 0
}

async function findBeside({ ports }: Run): Promise<readonly RunUnderWay[]> {
  if (!ports.beside) return []
  const all = await waitALittle(ports.beside(), []).catch(() => [])
  return all.filter(({ run }) => run !== ports.writer.run)
}

function describe({ run, page, by, since, sure }: RunUnderWay): string {
  const who = `${by.user}@${by.host}, process ${by.pid}, since ${since.slice(0, 16).replace('T', ' ')} UTC`
  return `run ${run} of “${page}”: ${who}${sure ? '' : '; only that machine knows whether it is still there'}`
}

/** The most changes of earlier runs that are named. */
const NAMED = 5

/** Says what earlier runs of the environment left unreverted, as soon as that is known. */
export async function warnOfEarlier(run: Run): Promise<void> {
  if (!run.ports.earlier) return
  const warned = askForEarlier(run).then(
    (changes = []) => {
      for (const change of changes.slice(0, NAMED))
        void run.emit({ type: 'run.warned', message: describeChange(change) })
      const more = changes.length - NAMED
      if (more > 0) void run.emit({ type: 'run.warned', message: `${more} more unreverted: handbook runs unreverted` })
    },
    error => {
      const why = error instanceof Error ? error.message : String(error)
      void run.emit({ type: 'run.warned', message: `it is not known what earlier runs left unreverted: ${why}` })
    },
  )
  await waitALittle(warned, undefined)
}

/** Milliseconds that a run waits to know of others: a slow record must keep nobody from a repair. */
const PATIENCE = 1000

/** Waits for something, but not for long; `otherwise` when it takes longer. */
export async function waitALittle<T, O>(work: Promise<T>, otherwise: O): Promise<T | O> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<O>(resolve => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE)
  })
  return Promise.race([work, patience]).finally(() => clearTimeout(timer))
}

/** What other runs left, but for the one that is rolled back: that is what this run is about. */
export async function askForEarlier({ request, ports }: Run): Promise<readonly UnrevertedChange[] | undefined> {
  const own = [ports.writer.run, request.rollsBack?.run]
  return (await ports.earlier?.())?.filter(({ run }) => !own.includes(run))
}

type RunFinished = Extract<RunFact, { type: 'run.finished' }>

/** The most changes of earlier runs that a run's end records. */
const RECORDED = 20

/** What a run's end records of what other runs left. */
export function recordEarlier(all: readonly UnrevertedChange[]): Pick<RunFinished, 'earlier' | 'moreEarlier'> {
  const more = all.length - RECORDED
  return { earlier: all.slice(0, RECORDED), ...(more > 0 ? { moreEarlier: more } : {}) }
}

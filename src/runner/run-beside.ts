import type { RunUnderWay } from '../journal/index.ts'
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

/** Milliseconds that a run waits to know it: a slow record must keep nobody from a repair. */
const PATIENCE = 1000

async function findBeside({ ports }: Run): Promise<readonly RunUnderWay[]> {
  if (!ports.beside) return []
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<readonly RunUnderWay[]>(resolve => {
    timer = setTimeout(() => resolve([]), PATIENCE)
  })
  const all = await Promise.race([ports.beside().catch(() => []), patience]).finally(() => clearTimeout(timer))
  return all.filter(({ run }) => run !== ports.writer.run)
}

function describe({ run, page, by, since, sure }: RunUnderWay): string {
  const who = `${by.user}@${by.host}, process ${by.pid}, since ${since.slice(0, 16).replace('T', ' ')} UTC`
  return `run ${run} of “${page}”: ${who}${sure ? '' : '; only that machine knows whether it is still there'}`
}

import { join } from 'node:path'
import { createFileStore, type RunEvent, type StepStatus } from '../../journal/index.ts'
import { type Ports, type RunWorld, runPage } from '../../operate/index.ts'
import type { Param, ParamValue, Phase, PhaseName, Procedure, Step } from '../../procedure/index.ts'
import type { StandIn } from './stand-in.ts'

/** Milliseconds that a step gets: one that takes longer waits for what cannot come. */
const PATIENCE = 20_000

/** What pages are tried in. */
export interface TryWorld {
  readonly ports: Ports
  readonly root: string
  /** Where runs are recorded. */
  readonly runs: string
  readonly executor: NonNullable<RunWorld['executor']>
}

/** How a step ended when what it asks was taken away. */
export interface TriedStep {
  readonly step: string
  readonly title: string
  readonly line: number
  readonly phase: PhaseName
  readonly status: StepStatus
  readonly reason?: string
  /** Whether it asked anything; `undefined` when that could not be seen. */
  readonly asked: boolean | undefined
}

/** Runs these steps of a page, each by itself, where what they ask is taken away; `id` names the try. The stand-in is closed afterwards. */
export async function tryPage(
  procedure: Procedure,
  steps: readonly Step[],
  standIn: StandIn,
  { id, ports, root, runs, executor }: TryWorld & { readonly id: string },
): Promise<readonly TriedStep[]> {
  try {
    const ended = new Map<string, Pick<TriedStep, 'status' | 'reason' | 'asked'>>()
    let before = 0
    const listen = (event: RunEvent) => {
      if (event.type === 'step.started') before = standIn.countAsked()
      if (event.type !== 'step.finished') return
      const { step, status, reason } = event
      const asked = standIn.countAsked() > before || (standIn.notes ? false : undefined)
      ended.set(step, { status, asked, ...(reason === undefined ? {} : { reason }) })
    }
    await runPage(
      isolate(procedure, steps),
      standIn.environment,
      {
        env: { ...ports.env, PATH: standIn.path },
        by: ports.by,
        bundles: ports.bundles,
        signal: ports.signal,
        root,
        store: createFileStore(join(runs, id, procedure.id)),
        ...(standIn.secrets === undefined ? {} : { secrets: standIn.secrets }),
        executor,
      },
      listen,
    )
    return steps.flatMap(({ id, title, line, phase }) => {
      const result = ended.get(id)
      return result ? [{ step: id, title, line, phase, ...result }] : []
    })
  } finally {
    await standIn.close()
  }
}

/** The steps that only read, but not those that run a program of their own by node: of what that asks nothing can be taken away. */
export function listReading({ phases }: Pick<Procedure, 'phases'>): readonly Step[] {
  return phases
    .flatMap(({ steps }) => steps)
    .filter(({ risk, block }) => risk === 'read' && !OWN_PROGRAM.test(block.code))
}

/** `node` where a command begins. */
const OWN_PROGRAM = /(?:^|[\n;|&(`!]|\b(?:if|then|do)\s)\s*node\s/

/** The page as one of checks: there, a step that fails does not keep the next one from running, and nothing is run for being suggested. */
function isolate(procedure: Procedure, steps: readonly Step[]): Procedure {
  const checks: Phase = {
    name: 'checks',
    title: 'Checks',
    line: 1,
    column: 1,
    // Whatever a dangerous step would touch, it is tried.
    steps: steps.map(({ touches: _, ...step }) => ({
      ...step,
      phase: 'checks',
      timeout: Math.min(step.timeout, PATIENCE),
      retries: 0,
    })),
  }
  const mitigate = procedure.phases.filter(({ name }) => name === 'mitigate')
  return {
    ...procedure,
    kind: 'assessment',
    alerts: [],
    params: procedure.params.map(param => ({ ...param, default: inventValue(param) })),
    phases: [checks, ...mitigate],
  }
}

/** A value of its own, where it has one. A step that would watch for minutes shows within a second what it makes of no answer. */
function inventValue({ type, values, min, default: own }: Param): ParamValue {
  if (type === 'duration') return min === undefined ? '1s' : (own ?? '1h')
  if (own !== undefined) return own

  switch (type) {
    case 'number':
    case 'integer':
      return min ?? 1
    case 'boolean':
      return false
    case 'bytes':
      return '1MiB'
    case 'enum':
      return values?.[0] ?? ''
    default:
      return 'stand-in'
  }
}

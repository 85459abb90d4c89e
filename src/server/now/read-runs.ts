import type { Environment } from '../../environments/index.ts'
import {
  findAwaited,
  foldRun,
  type RecordedRun,
  type RunStore,
  type StartAlert,
  type UnrevertedRun,
} from '../../journal/index.ts'
import type { AwaitedCard, Now, RunCard } from '../../wire/index.ts'
import { makeRunCard } from '../runs/make-run-card.ts'

/** What the record says of an environment now. */
export interface RunsNow extends Pick<Now, 'underWay' | 'unreverted' | 'changes' | 'approvals'> {
  /** The alerts that runs under way were begun for. */
  readonly answers: readonly { readonly run: string; readonly alert: StartAlert }[]
}

/** So many of the newest runs are looked at for changes, and so many are told. */
const NEWEST = 40
const TOLD = 3

/** Reads which runs are under way, what is unreverted, and what changed last. Only in this deployment, where several had the name. */
export async function readRunsNow(
  store: RunStore,
  name: string,
  environment: Environment | undefined,
): Promise<RunsNow> {
  const deployment = environment?.deployment
  const [underWay, unreverted, { runs }] = await Promise.all([
    store.underWay(name, deployment),
    store.unreverted(name, deployment),
    store.list({ limit: NEWEST }),
  ])
  const cards: RunCard[] = []
  const answers: { run: string; alert: StartAlert }[] = []
  const approvals: AwaitedCard[] = []
  for (const { run } of underWay) {
    const recording = await store.read(run)
    const { outcome, ...state } = foldRun(recording?.events ?? [])
    // It may have ended since.
    if (!recording || outcome !== undefined) continue
    const claim = recording.events.findLast(event => event.type === 'run.claimed')
    const claimed = claim?.type === 'run.claimed' ? { claimed: claim.person } : {}
    cards.push({ ...makeRunCard({ ...state, running: true }), ...claimed })
    // What looked before anybody did is nobody who has it.
    if (state.alert && !state.start?.unasked) answers.push({ run, alert: state.alert })
    const awaited = findAwaited(recording.events)
    if (awaited?.step !== undefined) {
      const title = state.steps.find(({ id }) => id === awaited.step)?.title ?? awaited.step
      approvals.push({
        run,
        step: awaited.step,
        title,
        by: claimed.claimed ?? state.by?.user ?? 'somebody',
        since: awaited.time,
      })
    }
  }
  const there = runs.filter(run => run.environment === name && isHere(run, deployment))
  return {
    underWay: cards,
    answers,
    approvals,
    unreverted: unreverted.map(describeLeft),
    changes: there.filter(hasChanged).slice(0, TOLD).map(makeRunCard),
  }
}

function isHere({ start }: RecordedRun, deployment: string | undefined): boolean {
  return deployment === undefined || start?.deployment === undefined || start.deployment === deployment
}

function hasChanged({ steps, start }: RecordedRun): boolean {
  const changing = new Set(start?.steps.flatMap(({ id, risk }) => (risk === 'read' ? [] : id)))
  return steps.some(({ id, begun, open }) => changing.has(id) && (begun !== undefined || open !== undefined))
}

function describeLeft({ run, procedure, standing, unknown }: UnrevertedRun): Now['unreverted'][number] {
  const titles = standing.map(({ title }) => title)
  return { run, procedure, changes: unknown === undefined ? titles : [...titles, `It is not known: ${unknown}`] }
}

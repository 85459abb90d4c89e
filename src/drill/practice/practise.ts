import { describeFailure } from '../../base/index.ts'
import type { Practice } from '../../journal/index.ts'
import { LabError, type RunningWorkload } from '../../lab-port/index.ts'
import { beOnCall, type OnCallProgress } from './be-on-call.ts'
import { countFelt, waitForMore } from './count-felt.ts'
import { openPracticeLab, type PracticeWorld, waitForQuiet } from './open-practice-lab.ts'
import type { PlannedPractice, PracticePlan } from './plan-practice.ts'
import { scorePractice } from './score-practice.ts'

/** What happens in a practice, as it happens. None of it tells which fault it is. */
export type PracticeProgress =
  | OnCallProgress
  | { readonly type: 'stage'; readonly stage: PracticeStage }
  /** What the lab says while it comes up, and what customers say. */
  | { readonly type: 'said'; readonly by: 'lab' | 'customers'; readonly line: string }

/** The stages: the lab starts, customers use it, it is broken, somebody is on call, its fault is undone, all is counted, it goes down. */
export type PracticeStage = 'lab' | 'customers' | 'break' | 'on-call' | 'undo' | 'count' | 'down'

/** Who practises, and how. */
export interface Practising {
  readonly by: string
  /** Whether nobody is told which fault it is. */
  readonly surprise: boolean
}

/** How much customers get acknowledged by the healthy lab: some alerts compare with what was usual before. */
const CALM = 100
/** Milliseconds that they get for it. */
const PATIENCE = 180_000

/**
 * Breaks a lab while customers use it, and waits until somebody has healed it: until neither the fault nor its alert is there. When the
 * signal aborts, the practice is given up. In either case the lab is as before at the end. Nothing when it was given up before the lab was
 * broken. Throws when the lab cannot be used, and when no alert fired.
 */
export async function practise(
  { environment, plans }: Pick<PlannedPractice, 'environment' | 'plans'>,
  { by, surprise }: Practising,
  world: PracticeWorld,
  listen: (progress: PracticeProgress) => void,
): Promise<Practice | undefined> {
  const { lab, directory, signal } = world
  const stage = (stage: PracticeStage) => listen({ type: 'stage', stage })
  const hear = (by: 'lab' | 'customers') => (line: string) => listen({ type: 'said', by, line })
  stage('lab')
  const { status, isOwn } = await openPracticeLab(world, hear('lab'))
  let customers: RunningWorkload | undefined
  try {
    stage('customers')
    customers = lab.workload?.practise?.(status, hear('customers'))
    if (!(await waitForMore(customers, CALM, PATIENCE, signal)) && !signal.aborted)
      throw new LabError(
        'part-failed',
        `the healthy lab did not acknowledge ${CALM} ${lab.workload?.name ?? ''} of its customers`,
      )
    await waitForQuiet(status, signal)
    stage('break')
    const date = new Date()
    const plan = await breakLab(world, plans)
    if (!plan) return undefined
    stage('on-call')
    const undo = () => lab.heal(directory, plan.fault)
    const { outcome, moments, runs } = await beOnCall(plan, { environment, status, date }, world, listen).catch(
      async error => {
        await undo().catch(() => undefined)
        throw error
      },
    )
    stage('undo')
    await undo().catch(error => hear('lab')(`– lab   its fault could not be undone: ${describeFailure(error)}`))
    stage('count')
    const felt = await countFelt(customers, lab.workload?.name, { isHealed: outcome === 'healed', ...world })
    const { profile } = status
    return {
      date: date.toISOString(),
      by,
      fault: plan.fault,
      pages: [...new Set(plan.cures.map(({ page }) => page.id))],
      alerts: [...plan.alerts],
      surprise,
      outcome,
      ...scorePractice(plan, moments, runs),
      ...felt,
      ...(profile === undefined ? {} : { profile }),
    }
  } finally {
    await customers?.stop()
    if (isOwn) {
      stage('down')
      await lab.down(directory)
    }
  }
}

/** Brings about the first of these faults that can be in this lab; nothing when it was given up before. */
async function breakLab(
  world: Pick<PracticeWorld, 'lab' | 'directory' | 'signal'>,
  [plan, ...others]: readonly PracticePlan[],
): Promise<PracticePlan | undefined> {
  const { lab, directory, signal } = world
  if (!plan || signal.aborted) return undefined
  try {
    await lab.break(directory, plan.fault)
    return plan
  } catch (error) {
    await lab.heal(directory, plan.fault)
    if (others.length === 0 || !(error instanceof LabError) || error.code !== 'cannot-break') throw error
    return breakLab(world, others)
  }
}

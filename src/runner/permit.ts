import { hostname } from 'node:os'
import { isWithin } from '../base/index.ts'
import type { Claim } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import { awaitApproval } from './approval/await-approval.ts'
import { askBeforeStep, nameWayOn } from './ask-person.ts'
import { briefStep } from './brief-step.ts'
import { isBesideOthers } from './other-runs.ts'
import { freezePlan, holdToPlan, type Plan } from './plan.ts'
import type { Run, StepPlace } from './run.ts'

/** Whether a step may run: yes, no since a person decides otherwise, or no since the environment refuses. */
export type Permission =
  | { readonly answer: 'run' | 'back' | 'stop' }
  /** `byPlan`: not a person decided it, but there is nothing that it would touch. */
  | { readonly answer: 'skip'; readonly why: string; readonly byPlan?: true }
  | { readonly answer: 'refused'; readonly why: string }

/** Asks the environment's policy, the mode and, where there is one, the person. `again`: somebody went back to this step. */
export async function permit(run: Run, step: Step, place: StepPlace, again: boolean): Promise<Permission> {
  const { mode } = run.request
  if (step.risk === 'read' && !again && !run.ports.askEach) return { answer: 'run' }
  await run.tellOthers()
  if (step.risk === 'read') return ask(run, step, place)
  const why = refuse(run, step) ?? (await leaseOrWarn(run, step))
  if (why !== undefined) return { answer: 'refused', why }
  const plan = step.risk === 'danger' ? await freezePlan(run, step) : undefined
  if (plan && 'answer' in plan) return plan
  const beside = await isBesideOthers(run, step)
  const settled = mode === 'interactive' && !(run.unasked && step.risk === 'change' && !again && !beside)
  const permission: Permission = settled ? await ask(run, step, place, plan) : { answer: 'run' }
  if (permission.answer !== 'run' || step.risk !== 'danger') return permission
  const missing = await awaitApproval(run, step, plan)
  return missing ?? (await holdToPlan(run, step)) ?? permission
}

/** Why the environment or the mode does not allow a step that changes something. */
function refuse({ request, ports }: Run, step: Step): string | undefined {
  const { environment, mode, unrecorded, handsOver } = request
  if (handsOver)
    return `“${step.title}” changes something, and ${environment.name} is changed from a person’s terminal only: ${nameWayOn({ request, ports })}`
  const { keeping } = ports.writer
  // A run goes on when its record breaks off: half a repair is worse than half a record.
  if (keeping.at === 'nowhere' && keeping.from === 1 && unrecorded === undefined && !isSafeguard(step))
    return `“${step.title}” changes something, and nothing of this run can be recorded: ${keeping.why}. To run it all the same, give --unrecorded REASON`
  if (step.risk === 'danger' && environment.hosts.length > 0 && !environment.hosts.includes(hostname()))
    return `this machine is ${hostname()}; ${environment.name} is changed from ${environment.hosts.join(', ')}`
  switch (mode) {
    case 'auto':
      return isWithin(step.risk, environment.auto)
        ? undefined
        : `in ${environment.name} --auto goes as far as ${environment.auto}, and “${step.title}” is ${step.risk}`
    case 'reading':
      return `“${step.title}” changes something: that needs a terminal to ask in, or --auto`
    case 'interactive':
      return undefined
    default:
      return mode satisfies never
  }
}

/** A step that pauses something, closes admission, or rolls back: what makes things safer is never refused for want of a lock or a record. */
function isSafeguard({ temporary, undoes, phase }: Step): boolean {
  return temporary || undoes !== undefined || phase === 'roll-back'
}

/** Takes the lock. For a safeguard, what keeps the run from it is only reported. */
async function leaseOrWarn(run: Run, step: Step): Promise<string | undefined> {
  const why = await leaseEnvironment(run)
  if (why === undefined || !isSafeguard(step)) return why
  await run.emit({ type: 'run.warned', message: `not excluded: “${step.title}” runs all the same: ${why}` })
  return undefined
}

async function ask(run: Run, step: Step, place: StepPlace, plan?: Plan): Promise<Permission> {
  const { suggestions, emit } = run
  const why = suggestions.find(suggestion => suggestion.step === step.id)?.why
  void emit({ type: 'run.waiting', for: 'confirmation', step: step.id, message: `May “${step.title}” run?` })
  const answer = await askBeforeStep(run, {
    ...place,
    step,
    ...(why === undefined ? {} : { why }),
    ...(plan ? { plan } : {}),
    ...(step.risk === 'read' ? {} : { brief: briefStep(run, step) }),
  })
  if (typeof answer === 'object') return { answer: 'skip', why: answer.skip }
  if (answer !== 'to-end') return { answer }
  run.unasked = true
  return { answer: 'run' }
}

/**
 * Makes sure that no other run changes anything by this procedure in this environment. Says who does, if somebody does or may. A lease
 * that cannot be written keeps nobody from a repair: it is warned of.
 */
async function leaseEnvironment(run: Run): Promise<string | undefined> {
  const { request, ports } = run
  const { leases, writer } = ports
  if (leases === undefined) return undefined
  if (run.lease) return (await run.lease.isHeld()) ? undefined : LOST
  const subject = { procedure: request.procedure.id, environment: request.environment.name }
  const timer = setTimeout(() => void run.emit({ type: 'run.warned', message: WATCHING }), SLOW)
  try {
    const holder = { ...request.by, run: writer.run, since: new Date().toISOString(), folder: request.cwd }
    const claim = await leases.lease(subject, holder).finally(() => clearTimeout(timer))
    if (!claim.held) return describeObstacle(claim)
    run.lease = claim.lease
    if (claim.warning !== undefined) await run.emit({ type: 'run.warned', message: claim.warning })
    if (claim.after && claim.after.run !== writer.run)
      await run.emit({
        type: 'run.warned',
        message: `took over from run ${claim.after.run}, because its runner has ended`,
      })
  } catch (error) {
    run.lease = { isHeld: async () => true, release: async () => undefined }
    const why = error instanceof Error ? error.message : String(error)
    await run.emit({ type: 'run.warned', message: `no lock stops others from changing the same: ${why}` })
  }
  return undefined
}

/** Milliseconds after which it is told what the run waits for. */
const SLOW = 2000

const WATCHING = 'another run has the lock: this run watches whether that run, on another machine, still renews it'

const LOST =
  'this run lost its lock to another run, because it did not renew it for too long. Before you change anything, see what the other run did: handbook runs list'

function describeObstacle(claim: Extract<Claim, { held: false }>): string {
  if (claim.state === 'damaged')
    return `somebody may be changing this already: the lock is damaged, ${claim.problem}. ${claim.look}`
  const { user, host, pid, run, since } = claim.holder
  const does = claim.state === 'alive' ? 'is' : 'may be'
  const who = `${user}@${host} ${does} changing this already: run ${run}, process ${pid}, since ${since.slice(0, 16)}Z`
  return `${who}. ${claim.look}`
}

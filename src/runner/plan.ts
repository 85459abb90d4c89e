import { createHash } from 'node:crypto'
import { parseDuration, toVariable } from '../base/index.ts'
import type { Json } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Permission } from './permit.ts'
import type { Run } from './run.ts'
import { runStep } from './run-step.ts'

/** How long an approval, and what was planned for it, is valid when the environment does not say it. */
export const VALID_FOR = '1h'

/** What a dangerous step is going to touch: no more than this. */
export interface Plan {
  /** The step that listed it. */
  readonly by: string
  readonly items: readonly string[]
  /** SHA-256 of the items as JSON, a line each. */
  readonly hash: string
  /** When a new one is made. */
  readonly until: Date
}

/**
 * Freezes what a dangerous step is going to touch, before anybody is asked: runs the step that lists it. What was frozen before the run
 * was resumed stays, as long as no more would be touched than that. Nothing for a step that lists nothing.
 */
export async function freezePlan(run: Run, step: Step): Promise<Plan | Permission | undefined> {
  const listed = await listTouched(run, step)
  if (listed === undefined || 'answer' in listed) return listed
  const { lister, items } = listed
  if (items.length === 0)
    return { answer: 'skip', why: `#${lister.id} lists nothing that it would touch`, byPlan: true }
  const known = run.plans.get(step.id)
  const more = known ? items.filter(item => !known.items.includes(item)) : []
  if (known && run.today() < known.until && more.length === 0) return known
  if (known && more.length > 0)
    await run.emit({
      type: 'run.warned',
      message: `“${step.title}” gets a new plan, because it would touch ${describeMore(more, known)}`,
    })
  const until = new Date(
    run.today().getTime() + (parseDuration(run.request.environment.approvalValidFor ?? VALID_FOR) ?? 0),
  )
  const plan = { by: lister.id, items, hash: hashItems(items), until }
  run.plans.set(step.id, plan)
  await run.emit({ type: 'step.planned', step: step.id, ...plan, until: until.toISOString() })
  return plan
}

/**
 * Holds a step to its plan, right before it begins: lists once more. Fewer is fine. When there are more, a block that takes the frozen
 * list leaves the others alone; one that finds them by itself does not begin.
 */
export async function holdToPlan(run: Run, step: Step): Promise<Permission | undefined> {
  const plan = run.plans.get(step.id)
  if (!plan) return undefined
  if (run.today() > plan.until)
    return {
      answer: 'refused',
      why: `the plan of “${step.title}” was valid until ${plan.until.toISOString()}: resume the run, and it makes a new one`,
    }
  const listed = await listTouched(run, step)
  if (listed === undefined) return undefined
  if ('answer' in listed) return listed
  const { lister, items } = listed
  const more = items.filter(item => !plan.items.includes(item))
  run.values[lister.id] = keepOnly(run.values[lister.id] ?? null, step, plan.items)
  if (items.length === more.length)
    return { answer: 'skip', why: 'nothing of what was planned is there any more', byPlan: true }
  if (more.length === 0) return undefined
  if (!takesList(step, lister))
    return {
      answer: 'refused',
      why: `“${step.title}” would touch ${describeMore(more, plan)}. Nothing was touched: resume the run, and it makes a new plan`,
    }
  await run.emit({
    type: 'run.warned',
    message: `“${step.title}” touches only what was planned, not ${more.length} more that came since`,
  })
  return undefined
}

/** Runs the step that lists what a dangerous one touches. */
async function listTouched(
  run: Run,
  step: Step,
): Promise<{ readonly lister: Step; readonly items: readonly string[] } | Permission | undefined> {
  const { touches } = step
  const steps = run.request.procedure.phases.flatMap(phase => phase.steps)
  const lister = steps.find(({ id, risk }) => id === touches?.step && risk === 'read')
  if (!touches || !lister) return undefined
  const result = await runStep(run, lister)
  if (result.status === 'cancelled') return { answer: 'stop' }
  const refuse = (why: string): Permission => ({
    answer: 'refused',
    why: `it is not known what “${step.title}” would touch: ${why}`,
  })
  if (result.status === 'ruled-out' || result.status === 'skipped') return { lister, items: [] }
  if (result.status !== 'passed') return refuse(`#${lister.id} ${result.status.replace('-', ' ')}`)
  const value = run.redaction.value(result.value ?? null)
  run.values[lister.id] = value
  const list = findList(value, step)
  if (list === undefined)
    return refuse(`#${lister.id} gave no list${touches.key === undefined ? '' : ` ${touches.key}`}`)
  return { lister, items: [...new Set(list.map(nameItem))] }
}

/** The list in a value: an array, or the lines of a text. Nothing when it is not clear which one is meant. */
function findList(value: Json, { touches }: Step): readonly Json[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return splitLines(value)
  if (typeof value !== 'object' || value === null) return undefined
  const inner = Object.entries(value).flatMap(([name, part]) => ((touches?.key ?? name) === name ? [part] : []))
  const [only] = inner
  if (inner.length !== 1 || only === undefined) return undefined
  return Array.isArray(only) ? only : typeof only === 'string' ? splitLines(only) : undefined
}

function splitLines(text: string): string[] {
  return text.split('\n').filter(line => line.trim() !== '')
}

function nameItem(item: Json): string {
  return typeof item === 'string' ? item : JSON.stringify(item)
}

/** The same value, with only these items in its list. */
function keepOnly(value: Json, step: Step, items: readonly string[]): Json {
  const keep = (list: Json): Json => {
    if (Array.isArray(list)) return list.filter(item => items.includes(nameItem(item)))
    if (typeof list !== 'string') return list
    return splitLines(list)
      .filter(item => items.includes(item))
      .join('\n')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return keep(value)
  const { key } = step.touches ?? {}
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, key === undefined || name === key ? keep(inner) : inner]),
  )
}

/** Whether a block takes its list from the step that made it, and so from the plan. What a comment says is not taken. */
function takesList({ touches, block }: Step, { id }: Step): boolean {
  const code = block.code.replaceAll(/(?<!\S)(?:#|\/\/).*$/gm, '')
  const key = touches?.key
  if (new RegExp(`\\bSTEP_${toVariable(id)}_${key === undefined ? '' : `${toVariable(key)}\\b`}`).test(code))
    return true
  const name = escapeName(id)
  return (
    new RegExp(`\\bsteps\\s*(?:\\??\\.\\s*${name}\\b|\\[\\s*['"\`]${name}['"\`])`).test(code) &&
    (key === undefined || new RegExp(`(?<![\\w$])${escapeName(key)}(?![\\w$])`).test(code))
  )
}

function escapeName(text: string): string {
  return text.replaceAll(/[-\\^$*+?.()|[\]{}]/g, String.raw`\$&`)
}

function hashItems(items: readonly string[]): string {
  const lines = items.map(item => JSON.stringify(item)).toSorted()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

function describeMore(more: readonly string[], plan: Plan): string {
  const named = more.slice(0, 5).join(', ')
  return `${more.length} more than the ${plan.items.length} of its plan: ${named}${more.length > 5 ? ', …' : ''}`
}
